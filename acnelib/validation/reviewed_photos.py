"""Reviewed photos of a folder: the class that blind reviews give each, whatever folder it lies in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable
from acnelib.folders.photo_files import LabelledPhoto, find_photo_files
from acnelib.reviews import ReviewOutcome
from acnelib.storage.files import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from acnelib.folders.walk import LeftOut
    from acnelib.label_aliases import LabelAliases
    from acnelib.reviews import PhotoDecision

_NOT_BLIND = "reviewed with the model's answer in sight"
_NOT_REVIEWED = "not reviewed"
_COPY = "the same file again"
_UNKNOWN = "a class that the model does not know"
_REASONS = {
    ReviewOutcome.NONE: "none of the classes",
    ReviewOutcome.UNSURE: "reviewers cannot tell",
    ReviewOutcome.CONFLICT: "reviewers disagree",
}


@dataclass(frozen=True, kw_only=True)
class ReviewedPhotos:
    """The photos of a folder whose class blind reviews give.

    Attributes:
        photos: Each distinct photo once, with its class.
        left_out: Files that cannot be photos.
        notes: Numbers of photos that are not used, with the reason, in words.
    """

    photos: tuple[LabelledPhoto, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def reviewed_photos(
    folder: Path, decisions: Mapping[str, PhotoDecision], *, known: Sequence[str], aliases: LabelAliases
) -> ReviewedPhotos:
    """Return the photos below a folder that blind reviews give a class of the model.

    Args:
        folder: The folder; the names of its sub-folders do not count.
        decisions: What the reviews say about each photo, by hash.
        known: Classes of the model.
        aliases: Other names of classes.

    Raises:
        DataUnusable: The folder has no photo, or none with such a review.
    """
    found = find_photo_files([folder])
    seen: set[str] = set()
    photos: list[LabelledPhoto] = []
    unused: Counter[str] = Counter()
    for path in found.files:
        sha256 = sha256_of_file(path)
        reason = _COPY if sha256 in seen else _reason(decisions.get(sha256))
        seen.add(sha256)
        if reason is None:
            label = aliases.label_among(str(decisions[sha256].label), known)
            reason = None if label in known else _UNKNOWN
        if reason is None:
            photos.append(LabelledPhoto(path, label))
        else:
            unused[reason] += 1
    notes = tuple(f"left out, {reason}: {number}" for reason, number in sorted(unused.items()))
    if not photos:
        raise DataUnusable(
            f"{folder} has no photo with a blind review that names a class of the model "
            f"({'; '.join(notes) or 'no photo'}): review its photos in the app with the answers hidden"
        )
    return ReviewedPhotos(photos=tuple(photos), left_out=found.left_out, notes=notes)


def _reason(decision: PhotoDecision | None) -> str | None:
    """Return why a photo is not judged by; None if its class is known."""
    if decision is None:
        return _NOT_REVIEWED
    if decision.outcome is not ReviewOutcome.CLASS:
        return _REASONS[decision.outcome]
    return None if decision.blind else _NOT_BLIND
