"""The description of a model in ``bundle.json``: labels, input, calibration, promise and origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from acnelib.bundle.schema import Count, Pixels, Range, Share, read_record
from acnelib.errors import BundleInvalid
from acnelib.labels import is_label
from acnelib.storage.strict_json import read_json
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
LARGEST = 1_000_000
"""Most bytes of ``bundle.json``; those of real models have less than 10 kB."""

_LONGEST_LABEL = 200


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Origin of a model, which makes every prediction traceable.

    Attributes:
        candidate: Digest of all inputs of the candidate.
        backbone: Name of the network, such as ``mobilenet_v2_0.35_224``, or of several, joined by ``+``.
        weights: Names of the pretrained weights, joined by ``+``.
        weights_sha256: SHA-256 of each file of weights, joined by ``+``.
        source: Name of the source of photos.
        data: Digest of the photos with their paths and labels.
        photos: Photos per subset.
        licences: Used photos per licence, as stated by the source.
        split: Digest of the subset of each photo.
        test_sha256: Digest of the test photos; None if no photo was kept out for a test.
        run_id: MLflow run; None if trained without tracking.
        code: Version of acnelib that trained it.
        created_at: ISO 8601, UTC.
    """

    candidate: str
    backbone: str
    weights: str
    weights_sha256: str
    source: str
    data: str
    photos: dict[str, Count]
    licences: dict[str, Count]
    split: str
    test_sha256: str | None
    run_id: str | None
    code: str
    created_at: str


@dataclass(frozen=True, kw_only=True)
class QuantizedModel:
    """The result of quantisation: ``model.int8.tflite`` is kept only if it agrees with ``model.tflite``.

    Attributes:
        kind: Description of the variant; None if no variant agreed well enough.
        bytes: File size; 0 without a file.
        agreement: Share of photos with the same top label, 0–1; that of the closest variant without a file.
        photos: Number of training photos for this comparison.
        agreement_unseen: The same share over the photos that were not used to calibrate the quantisation.
        unseen: Number of these photos.
    """

    kind: str | None
    bytes: Count
    agreement: Share
    photos: Count
    agreement_unseen: Share
    unseen: Count

    def dropped(self) -> QuantizedModel:
        """Return the description of a variant that is not kept."""
        return replace(self, kind=None, bytes=0)


@dataclass(frozen=True, kw_only=True)
class UnseenSources:
    """Confident answers on photos of sources that were held apart, each predicted by what the others teach.

    Attributes:
        level: Share of them that should be right, 0–1.
        accuracy: Share that was right; None if none was confident.
        coverage: Share of the photos with a confident answer.
        photos: Photos whose class the other sources teach.
        reached: Whether the level was shown.
    """

    level: Share
    accuracy: Share | None
    coverage: Share
    photos: Count
    reached: bool


@dataclass(frozen=True, kw_only=True)
class Promise:
    """How often confident answers are right, and on photos of which origin that was measured.

    Attributes:
        level: Share of confident answers that should be right on photos of these sources, 0–1.
        sources: Names of the sources on whose photos of other patients it was measured.
        accuracy: Share that was right there; None if none was confident.
        coverage: Share of these photos with a confident answer, 0–1.
        reached: Whether the level was shown; otherwise no answer is confident.
        unseen: The same on photos of sources that were held apart; None with one source only.
    """

    level: Share
    sources: tuple[str, ...]
    accuracy: Share | None
    coverage: Share
    reached: bool
    unseen: UnseenSources | None = None


@dataclass(frozen=True, kw_only=True)
class LearntBackground:
    """The background photos that a model learnt from: other conditions, none of the classes.

    Attributes:
        photos: Number of photos.
        conditions: Number of conditions.
        sources: Names of their sources.
        refused: Share of photos of conditions held apart that was out of scope, 0–1.
        confident: Share of them that got a confident answer, 0–1.
        refused_interval: 95 % bootstrap interval of the first share, over conditions.
        confident_interval: The same of the second.
        unlike: Sources of the classes whose photos differ from all background photos: other conditions were never seen
            in photos like theirs.
        warnings: What else limits the refusals, in sentences.
    """

    photos: Count
    conditions: Count
    sources: tuple[str, ...]
    refused: Share
    confident: Share
    refused_interval: tuple[Share, Share] | None = None
    confident_interval: tuple[Share, Share] | None = None
    unlike: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """The fine-tuning of a model's networks on photos of other conditions.

    Attributes:
        photos: Number of photos.
        conditions: Number of conditions.
        sources: Names of their sources.
        networks: Names of the networks.
        digests: Digest of all inputs of each adaptation.
    """

    photos: Count
    conditions: Count
    sources: tuple[str, ...]
    networks: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Description:
    """The content of ``bundle.json``.

    Attributes:
        labels: Class labels in the order of the scores.
        height: Input height in pixels.
        width: Input width in pixels.
        temperature: Divisor of the logits, already applied in the graph.
        confidence_threshold: Lowest confidence (0–1) of a "confident" answer; below, it is "uncertain".
        promise: How often confident answers are right, and on photos of which origin that was measured.
        false_rejection: Share of photos like the training photos that are called out of scope, 0–1.
        provenance: Origin of the model.
        background: Background photos that it learnt from; None without any: other skin conditions were never seen.
        adaptation: Fine-tuning of its networks; None if their weights were not adapted.
        small: Result of quantisation; None if not attempted.
        drawn: Whether it was trained on drawn pictures only; it then calls no answer confident.
        schema: Version of this format.
    """

    labels: tuple[str, ...]
    height: Pixels
    width: Pixels
    temperature: Annotated[float, Range(1e-3, 1e6)]
    confidence_threshold: Share
    promise: Promise
    false_rejection: Share
    provenance: Provenance
    background: LearntBackground | None = None
    adaptation: Adaptation | None = None
    small: QuantizedModel | None = None
    drawn: bool = False
    schema: Annotated[int, Range(1, SCHEMA)] = SCHEMA


def read_description(path: Path) -> Description:
    """Read ``bundle.json``.

    Raises:
        BundleInvalid: It is damaged, or newer than this program.
    """
    try:
        values = read_json(path, largest=LARGEST)
        schema = values.get("schema") if isinstance(values, dict) else None
        if type(schema) is int and schema > SCHEMA:
            raise BundleInvalid(f"{path} has schema {schema}, this program knows up to {SCHEMA}: upgrade acnelib")
        description = read_record(Description, values)
    except (OSError, ValueError) as error:
        raise BundleInvalid(f"{path} cannot be understood ({plain_reason(error)}): fetch the bundle again") from error
    _check_labels(description.labels, path)
    return description


def _check_labels(labels: tuple[str, ...], path: Path) -> None:
    if len(labels) < 2 or len(set(labels)) != len(labels):
        shown = ", ".join(map(repr, labels[:5])) + (", …" if len(labels) > 5 else "")
        raise BundleInvalid(f"{path}: labels ({shown}) are not two or more different ones")
    if odd := [label for label in labels if not is_label(label) or len(label) > _LONGEST_LABEL]:
        raise BundleInvalid(f"{path}: {odd[0][:_LONGEST_LABEL]!r} is no label, a line of text: fetch the bundle again")
