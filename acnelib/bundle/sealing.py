"""Bundles on disk: candidates, sealing, and verification of every byte."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from acnelib.bundle.description import Description, read_description
from acnelib.errors import BundleInvalid
from acnelib.storage.files import sha256_of, sha256_of_file, write_json, write_text

DESCRIPTION, LABELS, LITERT, KERAS = "bundle.json", "labels.txt", "model.tflite", "model.keras"
INT8 = "model.int8.tflite"
EVALUATION, CARD, SUMS = "evaluation.json", "model_card.md", "SHA256SUMS"
REQUIRED = (DESCRIPTION, LABELS, LITERT)

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
    return Bundle(path=directory, description=read_description(directory / DESCRIPTION), sha256=None)


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
