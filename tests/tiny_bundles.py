"""Sealed bundles for tests: described as training describes them, around a model that tells three colours apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from acnelib.bundle import LITERT, Description, Promise, Provenance, seal, write_description
from acnelib.evaluation_record import ClassMetrics, EvaluationRecord, Metrics, SubsetEvaluation, ThresholdShare

if TYPE_CHECKING:
    from collections.abc import Mapping

TINY = Path(__file__).parent / "data" / "tiny.tflite"
PROVENANCE = Provenance(
    candidate="c" * 64,
    backbone="mean_colour",
    weights="none",
    weights_sha256="0" * 64,
    source="painted",
    data="d" * 64,
    photos={"train": 25, "test": 4},
    licences={"CC BY-SA 4.0": 12, "not stated": 17},
    split="5" * 64,
    test_sha256="7" * 64,
    run_id=None,
    code="0.1.0",
    created_at="2026-11-24T12:00:00+00:00",
)
DESCRIPTION = Description(
    labels=("blue", "green", "red"),
    height=8,
    width=8,
    temperature=1.0,
    confidence_threshold=0.8,
    promise=Promise(level=0.9, sources=("sample",), accuracy=0.95, coverage=0.6, reached=True),
    false_rejection=0.02,
    provenance=PROVENANCE,
)


def evaluation(
    *, photos: int = 4, macro_f1: float = 0.75, thresholds: tuple[ThresholdShare, ...] | None = None
) -> EvaluationRecord:
    """Return the evaluation of a model on a few photos that it never saw."""
    metrics = Metrics(
        n=photos,
        unreadable=0,
        accuracy=0.8,
        balanced_accuracy=0.8,
        macro_f1=macro_f1,
        macro_f1_interval=(0.5, 0.9),
        ece=0.05,
        nll=0.4,
        brier=0.2,
        coverage=0.5,
        selective_accuracy=None,
        per_class={"red": ClassMetrics(precision=1.0, recall=0.5, f1=0.66, support=2)},
    )
    subset = SubsetEvaluation(metrics=metrics, out_of_scope=0, thresholds=thresholds)
    return EvaluationRecord(out_of_fold=subset, series=subset, majority_label="red", majority_macro_f1=0.1)


def sealed(
    folder: Path,
    *,
    description: Description = DESCRIPTION,
    model: Path = TINY,
    files: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Make a bundle in a new folder; ``files`` are further ones by name."""
    folder.mkdir()
    shutil.copyfile(model, folder / LITERT)
    write_description(folder, description)
    for name, content in files.items():
        (folder / name).write_text(content)
    return seal(folder).path
