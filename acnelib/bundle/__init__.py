"""The model bundle: a sealed directory that holds everything a prediction needs and where it came from.

::

    bundle.json       description: labels, input contract, temperature, threshold, provenance
    labels.txt        one label a line, in the order of the scores
    model.tflite      float32 RGB 0–255 [N, H, W, 3] → "scores" [N, labels], calibrated, preprocessing inside;
                      "distance" [N, 1], above 1 out of scope; "activation" [N, grid, grid, labels]
    model.int8.tflite "scores" alone, in 8-bit integers; only if they agree with those of model.tflite
    model.keras       the same scores for Keras
    learnt_from.txt   prefixes of the SHA-256 of the training photos, those of adapted weights included
    evaluation.json   metrics on test photos
    model_card.md     intended use, performance and limits
    SHA256SUMS        written last: a bundle without it is a candidate

A sealed bundle never changes; loading verifies every byte. It holds data only: no pickle, no code, no photo.
"""

from acnelib.bundle.description import (
    Adaptation,
    Description,
    LearntBackground,
    Promise,
    Provenance,
    QuantizedModel,
    UnseenSources,
)
from acnelib.bundle.sealing import (
    CARD,
    DESCRIPTION,
    EVALUATION,
    INT8,
    KERAS,
    LABELS,
    LITERT,
    REQUIRED,
    SUMS,
    Bundle,
    largest,
    open_bundle,
    parse_sums,
    read_candidate,
    seal,
    write_description,
)
from acnelib.bundle.training_hashes import LEARNT_FROM, TrainingHashes

__all__ = [
    "CARD",
    "DESCRIPTION",
    "EVALUATION",
    "INT8",
    "KERAS",
    "LABELS",
    "LEARNT_FROM",
    "LITERT",
    "REQUIRED",
    "SUMS",
    "Adaptation",
    "Bundle",
    "Description",
    "LearntBackground",
    "Promise",
    "Provenance",
    "QuantizedModel",
    "TrainingHashes",
    "UnseenSources",
    "largest",
    "open_bundle",
    "parse_sums",
    "read_candidate",
    "seal",
    "write_description",
]
