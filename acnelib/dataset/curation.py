"""Curation: the photos fit for training, their groups, and a reason for each photo left out."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.dataset.duplicates.detection import GROUPED_BY, connected
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.overrides import FILE_NAME, Overrides
from acnelib.imaging.quality import Unfitness, unfitness
from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from acnelib.dataset.appearance.facts import PhotoFacts
    from acnelib.dataset.duplicates.pairs import Pair
    from acnelib.storage.manifest import ImageRecord

__all__ = ["GROUPED_BY", "CuratedPhoto", "Reason", "curate", "read_curated", "write_curated"]


class Reason(StrEnum):
    """Reason for leaving out a photo."""

    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    TOO_SMALL = Unfitness.TOO_SMALL.value
    TOO_DARK = Unfitness.TOO_DARK.value
    TOO_BRIGHT = Unfitness.TOO_BRIGHT.value
    NOT_A_PHOTO = Unfitness.NOT_A_PHOTO.value
    BLURRED = Unfitness.BLURRED.value
    TWO_LABELS = "two-labels"
    OVERRULED = "overruled"
    JOINED_TO_TEST = "joined-to-test"
    JOINED_TO_VALIDATION = "joined-to-validation"


@dataclass(frozen=True, kw_only=True)
class CuratedPhoto:
    """One distinct photo after curation.

    Attributes:
        sha256: SHA-256 of the photo.
        labels: All its labels; more than one is a conflict.
        paths: All its paths in the source.
        group: Name of its group of related photos, which is never divided.
        reason: Reason for leaving it out; None if it is used.
        detail: Evidence for the reason, in words and numbers.
    """

    sha256: str
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    group: str
    reason: Reason | None
    detail: str = ""


def curate(
    records: Iterable[ImageRecord],
    facts: Mapping[str, PhotoFacts],
    pairs: Iterable[Pair],
    *,
    overrule: Overrides | None = None,
) -> tuple[CuratedPhoto, ...]:
    """Decide on each distinct photo, and group related photos.

    Args:
        records: The manifest.
        facts: Facts of every photo in it.
        pairs: Related photos, with overrides applied.
        overrule: Photos to keep or exclude regardless of their quality.

    Returns:
        Photos ordered by hash, independent of file names and order.
    """
    overrule = overrule or Overrides()
    labels: defaultdict[str, set[str]] = defaultdict(set)
    paths: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        labels[record.sha256].add(record.label)
        paths[record.sha256].add(record.path)
    pairs = list(pairs)
    groups = connected(labels, ((pair.one, pair.other) for pair in pairs))
    conflicts = _conflicts(labels, pairs)

    def judged(sha256: str) -> tuple[Reason | None, str]:
        reason, detail = _fitness(facts[sha256])
        if reason in {Reason.UNREADABLE, Reason.TRUNCATED}:
            return reason, detail
        if sha256 in overrule.exclude:
            return Reason.OVERRULED, overrule.exclude[sha256]
        if sha256 in overrule.keep and len(labels[sha256]) == 1:
            return None, f"kept by {FILE_NAME}" if reason or sha256 in conflicts else ""
        if reason is None and sha256 in conflicts:
            return Reason.TWO_LABELS, conflicts[sha256]
        return reason, detail

    photos = []
    for sha256 in sorted(labels):
        reason, detail = judged(sha256)
        photos.append(
            CuratedPhoto(
                sha256=sha256,
                labels=tuple(sorted(labels[sha256])),
                paths=tuple(sorted(paths[sha256])),
                group=groups[sha256][:16],
                reason=reason,
                detail=detail,
            )
        )
    return tuple(photos)


def write_curated(path: Path, photos: Iterable[CuratedPhoto]) -> None:
    """Write curated photos as JSON lines."""
    write_text(path, "".join(json.dumps(asdict(photo), ensure_ascii=False) + "\n" for photo in photos))


def read_curated(path: Path) -> tuple[CuratedPhoto, ...]:
    """Read curated photos."""
    with path.open(encoding="utf-8") as stream:
        return tuple(_photo(line) for line in stream)


def forget_curated(path: Path, photos: Collection[str]) -> bool:
    """Remove some photos from the file of curated photos; return False if it contains none of them."""
    before = read_curated(path)
    kept = [photo for photo in before if photo.sha256 not in photos]
    if len(kept) < len(before):
        write_curated(path, kept)
    return len(kept) < len(before)


def _photo(line: str) -> CuratedPhoto:
    values = json.loads(line)
    lists = {name: tuple(values[name]) for name in ("labels", "paths")}
    return CuratedPhoto(**values | lists | {"reason": Reason(values["reason"]) if values["reason"] else None})


def _fitness(fact: PhotoFacts) -> tuple[Reason | None, str]:
    """Return the reason why a photo is unfit by itself, or None."""
    if fact.error is not None:
        return Reason.TRUNCATED if fact.is_truncated else Reason.UNREADABLE, fact.error
    unfit = unfitness(fact.measures)
    return (None, "") if unfit is None else (Reason(unfit[0].value), unfit[1])


def _conflicts(labels: Mapping[str, set[str]], pairs: Iterable[Pair]) -> dict[str, str]:
    """Return the photos with two labels, themselves or through copies, with a description."""
    copies = [pair for pair in pairs if pair.kind in {PairKind.EQUAL, PairKind.NEAR_EQUAL}]
    pictures = connected(labels, ((pair.one, pair.other) for pair in copies))
    labels_of_picture: defaultdict[str, set[str]] = defaultdict(set)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for sha256, picture in pictures.items():
        labels_of_picture[picture] |= labels[sha256]
        members[picture].append(sha256)
    conflicts = {}
    for sha256, picture in pictures.items():
        if len(labels_of_picture[picture]) > 1:
            also = "" if len(members[picture]) == 1 else f", in {len(members[picture])} copies"
            conflicts[sha256] = f"labelled {' and '.join(sorted(labels_of_picture[picture]))}{also}"
    return conflicts
