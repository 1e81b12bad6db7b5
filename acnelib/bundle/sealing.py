"""Bundles on disk: candidates, sealing, and verification of every byte."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from acnelib.bundle.description import LARGEST as LARGEST_DESCRIPTION
from acnelib.bundle.description import Description, read_description
from acnelib.bundle.training_hashes import LEARNT_FROM, TrainingHashes
from acnelib.errors import BundleInvalid
from acnelib.storage.files import sha256_of, sha256_of_file, write_json, write_text
from acnelib.storage.strict_json import read_json
from acnelib.text.plain_reasons import plain_reason

DESCRIPTION, LABELS, LITERT, KERAS = "bundle.json", "labels.txt", "model.tflite", "model.keras"
INT8 = "model.int8.tflite"
EVALUATION, CARD, SUMS = "evaluation.json", "model_card.md", "SHA256SUMS"
REQUIRED = (DESCRIPTION, LABELS, LITERT)
MOST_FILES = 32
LARGEST_FILE = 1_000_000_000
"""Most bytes of a file of a bundle; texts have limits of their own."""
LARGEST_SUMS = 64_000

_LARGEST_TEXTS = {
    DESCRIPTION: LARGEST_DESCRIPTION,
    LABELS: 1_000_000,
    EVALUATION: 20_000_000,
    CARD: 1_000_000,
    LEARNT_FROM: 100_000_000,
    SUMS: LARGEST_SUMS,
}

_SUM_LINE = re.compile(r"^(?P<sha256>[0-9a-f]{64})  (?P<name>[A-Za-z0-9_.-]+)$")


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


def largest(name: str) -> int:
    """Return how many bytes a file of a bundle may have at most."""
    return _LARGEST_TEXTS.get(name, LARGEST_FILE)


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
    """Read a bundle's description and check its texts, without verifying its files.

    Raises:
        BundleInvalid: Files are missing, damaged or newer than this program.
    """
    if missing := [name for name in REQUIRED if not (directory / name).is_file()]:
        raise BundleInvalid(f"{directory} is no model bundle ({', '.join(missing)} missing): name a bundle's folder")
    candidate = Bundle(path=directory, description=read_description(directory / DESCRIPTION), sha256=None)
    _check_texts(candidate)
    return candidate


def _check_texts(bundle: Bundle) -> None:
    """Check that the texts beside the description can be read, and that both lists of labels are the same."""
    if tuple(_text(bundle.path / LABELS).splitlines()) != bundle.description.labels:
        raise BundleInvalid(f"{bundle.path}: {LABELS} lists other labels than {DESCRIPTION}: fetch the bundle again")
    if (bundle.path / CARD).is_file():
        _text(bundle.path / CARD)
    evaluation = bundle.path / EVALUATION
    try:
        read = read_json(evaluation, largest=largest(EVALUATION), constant=lambda _: None)
        if not isinstance(read, dict):
            raise TypeError("it holds no object")
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError) as error:
        raise BundleInvalid(
            f"{evaluation} cannot be understood ({plain_reason(error)}): fetch the bundle again"
        ) from error
    TrainingHashes.read(bundle.path)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(largest(path.name) + 1)
        if len(content) > largest(path.name):
            raise ValueError(f"it has more than the {largest(path.name)} bytes that are accepted")
        return content.decode("utf-8")
    except (OSError, ValueError) as error:
        raise BundleInvalid(f"{path} cannot be understood ({plain_reason(error)}): fetch the bundle again") from error


def open_bundle(directory: Path) -> Bundle:
    """Open a sealed bundle and verify all its files.

    Raises:
        BundleInvalid: It is not sealed, or a file is missing, altered, added or newer than this program.
    """
    if not directory.is_dir():
        raise BundleInvalid(f"{directory} is no folder: name a model bundle's folder")
    try:
        with (directory / SUMS).open("rb") as stream:
            sums = stream.read(LARGEST_SUMS + 1)
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
        if (directory / name).stat().st_size > largest(name):
            raise BundleInvalid(f"{directory}: {name} has more than the {largest(name)} bytes that are accepted")
        if sha256_of_file(directory / name) != expected[name]:
            raise BundleInvalid(f"{directory}: {name} was altered after sealing: fetch the bundle again")
    candidate = read_candidate(directory)
    return Bundle(path=directory, description=candidate.description, sha256=sha256_of(sums))


def parse_sums(content: bytes, *, where: str) -> dict[str, str]:
    """Return the names and SHA-256 of a SHA256SUMS file; names are plain file names, never paths.

    Raises:
        BundleInvalid: A line is malformed.
    """
    sums: dict[str, str] = {}
    if len(content) > LARGEST_SUMS:
        raise BundleInvalid(f"{where} has more than the {LARGEST_SUMS} bytes that are accepted")
    for line in content.decode(errors="replace").splitlines():
        match = _SUM_LINE.match(line)
        if match is None or PurePosixPath(match["name"]).name != match["name"] or match["name"] in {".", ".."}:
            raise BundleInvalid(f"{where}: {line[:80]!r} is no line of checksums: fetch the bundle again")
        if match["name"] in {*sums, SUMS}:
            raise BundleInvalid(f"{where} lists {match['name']} twice, or itself: fetch the bundle again")
        sums[match["name"]] = match["sha256"]
    if len(sums) > MOST_FILES:
        raise BundleInvalid(f"{where} lists {len(sums)} files, more than the {MOST_FILES} that are accepted")
    return sums
