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

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from acnelib.errors import BundleInvalid
from acnelib.labels import is_label
from acnelib.storage.files import sha256_of, sha256_of_file, write_json, write_text
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

_Part = TypeVar("_Part", "Adaptation", "Background", "QuantizedModel", "UnseenSources")

SCHEMA = 1
DESCRIPTION, LABELS, LITERT, KERAS = "bundle.json", "labels.txt", "model.tflite", "model.keras"
INT8 = "model.int8.tflite"
EVALUATION, CARD, SUMS = "evaluation.json", "model_card.md", "SHA256SUMS"
LEARNT_FROM = "learnt_from.txt"
REQUIRED = (DESCRIPTION, LABELS, LITERT)

_PREFIX = 16  # hexadecimal digits of a SHA-256, enough to be unique
_PREFIX_LINE = re.compile(rf"[0-9a-f]{{{_PREFIX}}}")
_SUM_LINE = re.compile(r"^(?P<sha256>[0-9a-f]{64})  (?P<name>[A-Za-z0-9_.-]+)$")


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
    photos: dict[str, int]
    licences: dict[str, int]
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
    bytes: int
    agreement: float
    photos: int
    agreement_unseen: float
    unseen: int

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

    level: float
    accuracy: float | None
    coverage: float
    photos: int
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

    level: float
    sources: tuple[str, ...]
    accuracy: float | None
    coverage: float
    reached: bool
    unseen: UnseenSources | None = None


@dataclass(frozen=True, kw_only=True)
class Background:
    """The background photos that a model learnt from: other conditions, none of the classes.

    Attributes:
        photos: Number of photos.
        conditions: Number of conditions.
        sources: Names of their sources.
        refused: Share of photos of conditions held apart that was out of scope, 0–1.
        confident: Share of them that got a confident answer, 0–1.
    """

    photos: int
    conditions: int
    sources: tuple[str, ...]
    refused: float
    confident: float


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

    photos: int
    conditions: int
    sources: tuple[str, ...]
    networks: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True)
class TrainingHashes:
    """Hashes of a model's training photos, which identify exact files but reveal no photo.

    Attributes:
        prefixes: First 16 hexadecimal digits of the SHA-256 of each file.
    """

    prefixes: frozenset[str]

    @classmethod
    def of(cls, photos: Iterable[str]) -> TrainingHashes:
        """Return the hashes of photos from the SHA-256 of their files."""
        return cls(frozenset(sha256[:_PREFIX] for sha256 in photos))

    @classmethod
    def read(cls, directory: Path) -> TrainingHashes | None:
        """Read the hashes from a bundle; None without the file.

        Raises:
            BundleInvalid: A line of the file is malformed.
        """
        path = directory / LEARNT_FROM
        if not path.is_file():
            return None
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
        if wrong := [line for line in lines if _PREFIX_LINE.fullmatch(line) is None]:
            raise BundleInvalid(f"{path}: {wrong[0][:80]!r} is no beginning of a SHA-256: fetch the bundle again")
        return cls(frozenset(lines))

    def write(self, directory: Path) -> None:
        """Write the hashes into a candidate, one photo per line, sorted."""
        write_text(directory / LEARNT_FROM, "".join(f"{prefix}\n" for prefix in sorted(self.prefixes)))

    def __contains__(self, sha256: object) -> bool:
        return isinstance(sha256, str) and sha256[:_PREFIX] in self.prefixes

    def __len__(self) -> int:
        return len(self.prefixes)


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
    height: int
    width: int
    temperature: float
    confidence_threshold: float
    promise: Promise
    false_rejection: float
    provenance: Provenance
    background: Background | None = None
    adaptation: Adaptation | None = None
    small: QuantizedModel | None = None
    drawn: bool = False
    schema: int = SCHEMA


@dataclass(frozen=True)
class Bundle:
    """A verified bundle, or a candidate that is not sealed yet.

    Attributes:
        path: The directory.
        description: Content of its ``bundle.json``.
        sha256: SHA-256 of its SHA256SUMS, the bundle's identity; None for a candidate.
    """

    path: Path
    description: Description
    sha256: str | None


def write_description(directory: Path, description: Description) -> None:
    """Write ``bundle.json`` and ``labels.txt`` of a candidate."""
    write_text(directory / LABELS, "".join(f"{label}\n" for label in description.labels))
    write_json(directory / DESCRIPTION, asdict(description))


def seal(directory: Path) -> Bundle:
    """Seal a candidate by writing SHA256SUMS over all its files; afterwards it never changes.

    Raises:
        BundleInvalid: A required file is missing.
    """
    candidate = read_candidate(directory)
    names = sorted(path.name for path in directory.iterdir() if path.name != SUMS and not path.name.startswith("."))
    sums = "".join(f"{sha256_of_file(directory / name)}  {name}\n" for name in names)
    write_text(directory / SUMS, sums)
    return Bundle(path=directory, description=candidate.description, sha256=sha256_of(sums.encode()))


def read_candidate(directory: Path) -> Bundle:
    """Read a bundle's description without verifying its files.

    Raises:
        BundleInvalid: Files are missing, damaged or newer than this program.
    """
    if missing := [name for name in REQUIRED if not (directory / name).is_file()]:
        raise BundleInvalid(f"{directory} is no model bundle ({', '.join(missing)} missing): name a bundle's folder")
    return Bundle(path=directory, description=_read_description(directory / DESCRIPTION), sha256=None)


def open_bundle(directory: Path) -> Bundle:
    """Open a sealed bundle and verify all its files.

    Raises:
        BundleInvalid: It is not sealed, or a file is missing, altered, added or newer than this program.
    """
    if not directory.is_dir():
        raise BundleInvalid(f"{directory} is no folder: name a model bundle's folder")
    try:
        sums = (directory / SUMS).read_bytes()
    except FileNotFoundError as error:
        raise BundleInvalid(
            f"{directory} is no sealed model bundle ({SUMS} missing): name a bundle's folder, or train again"
        ) from error
    expected = parse_sums(sums, where=str(directory / SUMS))
    present = {path.name for path in directory.iterdir()} - {SUMS}
    for name in sorted(expected.keys() | present):
        if name in expected and not (directory / name).is_file():
            raise BundleInvalid(f"{directory}: {name} is missing: fetch the bundle again")
        if name not in expected:
            raise BundleInvalid(f"{directory}: {name} was added after sealing: remove it, or fetch the bundle again")
        if sha256_of_file(directory / name) != expected[name]:
            raise BundleInvalid(f"{directory}: {name} was altered after sealing: fetch the bundle again")
    candidate = read_candidate(directory)
    return Bundle(path=directory, description=candidate.description, sha256=sha256_of(sums))


def parse_sums(content: bytes, *, where: str) -> dict[str, str]:
    """Return the names and SHA-256 of a SHA256SUMS file; names are plain file names, never paths.

    Raises:
        BundleInvalid: A line is malformed.
    """
    sums = {}
    for line in content.decode(errors="replace").splitlines():
        match = _SUM_LINE.match(line)
        if match is None or PurePosixPath(match["name"]).name != match["name"] or match["name"] in {".", ".."}:
            raise BundleInvalid(f"{where}: {line[:80]!r} is no line of checksums: fetch the bundle again")
        sums[match["name"]] = match["sha256"]
    return sums


def _read_description(path: Path) -> Description:
    try:
        values = json.loads(path.read_text())
        schema = values["schema"]
        if schema > SCHEMA:
            raise BundleInvalid(f"{path} has schema {schema}, this program knows up to {SCHEMA}: upgrade acnelib")
        read = {
            "labels": tuple(values["labels"]),
            "promise": _promise(values["promise"]),
            "provenance": Provenance(**_known(Provenance, values["provenance"])),
            "background": _optional(Background, values["background"]),
            "adaptation": _optional(Adaptation, values["adaptation"]),
            "small": _optional(QuantizedModel, values["small"]),
        }
        description = Description(**_known(Description, values) | read)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BundleInvalid(f"{path} cannot be understood ({plain_reason(error)}): fetch the bundle again") from error
    if len(description.labels) < 2 or len(set(description.labels)) != len(description.labels):
        raise BundleInvalid(f"{path}: labels {description.labels} are not two or more different ones")
    if odd := [label for label in description.labels if not is_label(label)]:
        raise BundleInvalid(f"{path}: {odd[0]!r} is no label, a line of text: fetch the bundle again")
    return description


def _promise(values: dict[str, Any]) -> Promise:
    unseen = _optional(UnseenSources, values["unseen"])
    return Promise(**_known(Promise, values) | {"sources": tuple(values["sources"]), "unseen": unseen})


def _optional(kind: type[_Part], values: dict[str, Any] | None) -> _Part | None:
    if values is None:
        return None
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in _known(kind, values).items()
    }
    return kind(**known)


def _known(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    return {field.name: values[field.name] for field in fields(kind)}
