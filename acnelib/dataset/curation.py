"""Which photos are fit for learning, and which belong together; nothing is dropped without a reason."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.dataset.duplicates import SAME_GROUP_BITS, SAME_PICTURE_BITS, connected, similar_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acnelib.dataset.facts import PhotoFacts
    from acnelib.manifest import ImageRecord

SMALLEST_SIDE = 64
"""Photos with a side below this many pixels show no lesion."""

GROUPED_BY = f"look-hash-256 ≤ {SAME_GROUP_BITS}"
"""How groups are found; written into the split."""


class Reason(StrEnum):
    """Why a photo is not used."""

    UNREADABLE = "unreadable"
    TOO_SMALL = "too-small"
    TWO_LABELS = "two-labels"
    JOINED_TO_TEST = "joined-to-test"
    JOINED_TO_VALIDATION = "joined-to-validation"


@dataclass(frozen=True, kw_only=True)
class CuratedPhoto:
    """One distinct photo after curation.

    Attributes:
        sha256: Which photo.
        labels: Every label it stands under; more than one is a conflict.
        paths: Every place where the source has it.
        group: Name of the group of photos that must not be parted.
        reason: Why it is not used; None when it is.
    """

    sha256: str
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    group: str
    reason: Reason | None


def curate(records: Iterable[ImageRecord], facts: Mapping[str, PhotoFacts]) -> tuple[CuratedPhoto, ...]:
    """Judge each distinct photo and tie equal and near-equal ones together.

    Args:
        records: The manifest.
        facts: Facts of every photo in it.

    Returns:
        Photos ordered by hash, so that neither names nor order of files matter.
    """
    labels: defaultdict[str, set[str]] = defaultdict(set)
    paths: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        labels[record.sha256].add(record.label)
        paths[record.sha256].add(record.path)
    readable = [facts[sha256] for sha256 in sorted(labels) if facts[sha256].error is None]
    pairs = list(similar_pairs(readable))
    groups = connected(sorted(labels), [(one, other) for one, other, _ in pairs])
    same = connected(sorted(labels), [(one, other) for one, other, bits in pairs if bits <= SAME_PICTURE_BITS])
    labels_of_picture: defaultdict[str, set[str]] = defaultdict(set)
    for sha256, picture in same.items():
        labels_of_picture[picture] |= labels[sha256]

    def reason(sha256: str) -> Reason | None:
        fact = facts[sha256]
        if fact.error is not None:
            return Reason.UNREADABLE
        if min(fact.width, fact.height) < SMALLEST_SIDE:
            return Reason.TOO_SMALL
        if len(labels_of_picture[same[sha256]]) > 1:
            return Reason.TWO_LABELS
        return None

    return tuple(
        CuratedPhoto(
            sha256=sha256,
            labels=tuple(sorted(labels[sha256])),
            paths=tuple(sorted(paths[sha256])),
            group=groups[sha256][:16],
            reason=reason(sha256),
        )
        for sha256 in sorted(labels)
    )
