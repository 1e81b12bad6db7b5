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
from acnelib.storage.manifest import PhotoRole, RecordReview

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
    COPY_OF_CLASS = "copy-of-class-photo"
    CANNOT_TELL = "reviewers-cannot-tell"
    REVIEWERS_DISAGREE = "reviewers-disagree"
    SHOWS_NONE = "shows-none-of-the-classes"


_BY_REVIEW: dict[RecordReview | None, Reason] = {
    RecordReview.UNSURE: Reason.CANNOT_TELL,
    RecordReview.CONFLICT: Reason.REVIEWERS_DISAGREE,
    RecordReview.NONE: Reason.SHOWS_NONE,
}


@dataclass(frozen=True, kw_only=True)
class CuratedPhoto:
    """One distinct photo after curation.

    Attributes:
        sha256: SHA-256 of the photo.
        labels: All its labels; more than one is a conflict. Those of a background photo are the conditions it shows.
        paths: All its paths in the source.
        group: Name of its group of related photos, which is never divided.
        reason: Reason for leaving it out; None if it is used.
        detail: Evidence for the reason, in words and numbers.
        role: Whether it shows a class or is background.
        sources: Names of all sources that it is in.
        held_out: Whether it is from a test folder.
        is_truth: Whether a model can be judged by its label: not if reviewers gave it with a model's answer in sight.
    """

    sha256: str
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    group: str
    reason: Reason | None
    detail: str = ""
    role: PhotoRole = PhotoRole.CLASS
    sources: tuple[str, ...] = ()
    held_out: bool = False
    is_truth: bool = True


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
    found = _by_photo(records)
    pairs = list(pairs)
    groups = connected(found, ((pair.one, pair.other) for pair in pairs))
    conflicts = _conflicts({sha256: places for sha256, places in found.items() if not places.background}, pairs)
    class_groups = {groups[sha256] for sha256, places in found.items() if not places.background}

    def judged(sha256: str) -> tuple[Reason | None, str]:
        places = found[sha256]
        reason, detail = _fitness(facts[sha256])
        if reason in {Reason.UNREADABLE, Reason.TRUNCATED}:
            return reason, detail
        if sha256 in overrule.exclude or places.reviewed in _BY_REVIEW:
            return _left_out_by_people(sha256, places, overrule)
        if places.background and groups[sha256] in class_groups:
            return Reason.COPY_OF_CLASS, "it belongs together with a photo of a class"
        if sha256 in overrule.keep and (places.background or len(places.labels) == 1):
            return None, f"kept by {FILE_NAME}" if reason or sha256 in conflicts else ""
        if reason is None and sha256 in conflicts:
            return Reason.TWO_LABELS, conflicts[sha256]
        return reason, detail

    photos = []
    for sha256, places in sorted(found.items()):
        reason, detail = judged(sha256)
        photos.append(
            CuratedPhoto(
                sha256=sha256,
                labels=tuple(sorted(places.labels)),
                paths=tuple(sorted(places.paths)),
                group=groups[sha256][:16],
                reason=reason,
                detail=detail,
                role=PhotoRole.BACKGROUND if places.background else PhotoRole.CLASS,
                sources=tuple(sorted(places.sources)),
                held_out=places.held_out,
                is_truth=places.reviewed is not RecordReview.NOT_BLIND,
            )
        )
    return tuple(photos)


@dataclass(frozen=True, kw_only=True)
class _Places:
    labels: set[str]
    paths: set[str]
    sources: set[str]
    background: bool
    held_out: bool
    reviewed: RecordReview | None
    opinions: str


def _by_photo(records: Iterable[ImageRecord]) -> dict[str, _Places]:
    """Return what the records say about each photo; a photo of a class is no background, whatever else names it."""
    by_photo: defaultdict[str, list[ImageRecord]] = defaultdict(list)
    for record in records:
        by_photo[record.sha256].append(record)
    found = {}
    for sha256, places in by_photo.items():
        of_class = [record for record in places if record.role == PhotoRole.CLASS]
        found[sha256] = _Places(
            labels={record.label for record in of_class or places},
            paths={record.path for record in places},
            sources={record.source for record in places},
            background=not of_class,
            held_out=any(record.held_out for record in places),
            reviewed=next((record.reviewed for record in places if record.reviewed), None),
            opinions=next((record.opinions for record in places if record.opinions), ""),
        )
    return found


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
    lists = {name: tuple(values[name]) for name in ("labels", "paths", "sources")}
    reason = Reason(values["reason"]) if values["reason"] else None
    return CuratedPhoto(**values | lists | {"reason": reason, "role": PhotoRole(values["role"])})


def _left_out_by_people(sha256: str, places: _Places, overrule: Overrides) -> tuple[Reason, str]:
    if sha256 in overrule.exclude:
        return Reason.OVERRULED, overrule.exclude[sha256]
    return _BY_REVIEW[places.reviewed], places.opinions


def _fitness(fact: PhotoFacts) -> tuple[Reason | None, str]:
    """Return the reason why a photo is unfit by itself, or None."""
    if fact.error is not None:
        return Reason.TRUNCATED if fact.is_truncated else Reason.UNREADABLE, fact.error
    unfit = unfitness(fact.measures)
    return (None, "") if unfit is None else (Reason(unfit[0].value), unfit[1])


def _conflicts(places: Mapping[str, _Places], pairs: Iterable[Pair]) -> dict[str, str]:
    """Return the photos with two labels, themselves or through copies, with a description.

    Where reviewers said what one of the copies shows, only copies with another label are in conflict.
    """
    labels = {sha256: one.labels for sha256, one in places.items()}
    copies = [
        pair
        for pair in pairs
        if pair.kind in {PairKind.EQUAL, PairKind.NEAR_EQUAL} and pair.one in labels and pair.other in labels
    ]
    pictures = connected(labels, ((pair.one, pair.other) for pair in copies))
    labels_of_picture: defaultdict[str, set[str]] = defaultdict(set)
    members: defaultdict[str, list[str]] = defaultdict(list)
    reviewed: defaultdict[str, set[str]] = defaultdict(set)
    for sha256, picture in pictures.items():
        labels_of_picture[picture] |= labels[sha256]
        members[picture].append(sha256)
        if places[sha256].reviewed in {RecordReview.BLIND, RecordReview.NOT_BLIND}:
            reviewed[picture] |= labels[sha256]
    conflicts = {}
    for sha256, picture in pictures.items():
        is_settled = len(reviewed[picture]) == 1 and labels[sha256] == reviewed[picture]
        if len(labels_of_picture[picture]) > 1 and not is_settled:
            also = "" if len(members[picture]) == 1 else f", in {len(members[picture])} copies"
            conflicts[sha256] = f"labelled {' and '.join(sorted(labels_of_picture[picture]))}{also}"
    return conflicts
