"""Image records with the labels that reviews give: reviews overrule the names of folders and topics."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from acnelib.labels import normalised_label
from acnelib.reviews import ReviewOutcome
from acnelib.storage.manifest import PhotoRole, RecordReview

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acnelib.reviews import PhotoDecision
    from acnelib.storage.manifest import ImageRecord

NONE_OF_THE_CLASSES = "none-of-the-classes"
"""Condition of a background photo that reviewers found among the photos of the classes."""


@dataclass(frozen=True, kw_only=True)
class ReviewCounts:
    """What reviews change in the photos of a run, as numbers of distinct photos.

    Attributes:
        reviewed: Photos of the sources that were reviewed.
        unknown: Reviewed photos that no source has.
        confirmed: Photos whose label of the source was confirmed.
        relabelled: Photos that got another class.
        background: Photos of the classes that became background.
        unsure: Photos left out because no reviewer can tell what they show.
        conflicts: Photos left out because reviewers disagree.
        not_blind: Photos that were relabelled or became background by reviewers who saw a model's answer; they teach,
            and no model is judged by them.
        test: Photos of the test folder that are left out since they show none of the classes.
    """

    reviewed: int = 0
    unknown: int = 0
    confirmed: int = 0
    relabelled: int = 0
    background: int = 0
    unsure: int = 0
    conflicts: int = 0
    not_blind: int = 0
    test: int = 0

    def sentences(self) -> list[str]:
        """Return the numbers above 0, in words."""
        words = {
            "confirmed": "confirmed",
            "relabelled": "relabelled",
            "background": "moved to the background",
            "unsure": "left out because no reviewer can tell what they show",
            "conflicts": "left out because reviewers disagree",
            "not_blind": "changed by reviewers who saw a model's answer, so that no model is judged by them",
            "test": "left out of the test because they show none of the classes",
            "unknown": "in none of the sources",
        }
        return [f"{number} {text}" for name, text in words.items() if (number := getattr(self, name))]


def with_reviews(
    records: Iterable[ImageRecord], decisions: Mapping[str, PhotoDecision]
) -> tuple[tuple[ImageRecord, ...], ReviewCounts]:
    """Return records as reviewers see them, and what has changed.

    A class that reviewers name replaces the label of every place of the photo, and makes a photo of the class of a
    background photo. A photo that shows none of the classes becomes background; in a test folder it is left out. Photos
    of a test folder change by blind reviews only.

    Args:
        records: The records as the sources have them.
        decisions: What the reviews say about each photo, by hash.
    """
    records = tuple(records)
    changed = tuple(
        record if (decision := decisions.get(record.sha256)) is None else _reviewed(record, decision)
        for record in records
    )
    return changed, _counts(records, changed, decisions)


_LEFT_OUT = {ReviewOutcome.UNSURE: RecordReview.UNSURE, ReviewOutcome.CONFLICT: RecordReview.CONFLICT}


def _reviewed(record: ImageRecord, decision: PhotoDecision) -> ImageRecord:
    opinions = ", ".join(f"{reviewer or 'a reviewer'}: {opinion}" for reviewer, opinion in decision.opinions)
    if decision.outcome in _LEFT_OUT:
        return replace(record, reviewed=_LEFT_OUT[decision.outcome], opinions=opinions)
    if record.held_out and not decision.blind:
        return record
    changed = _of_no_class(record) if decision.outcome is ReviewOutcome.NONE else _of_class(record, decision)
    is_changed = (changed.label, changed.role) != (record.label, record.role)
    if changed.reviewed is not None or not (is_changed or decision.blind):
        # Where the source says the same, a reviewer who saw the model's answer does not spoil it.
        return replace(changed, opinions=opinions)
    how = RecordReview.BLIND if decision.blind else RecordReview.NOT_BLIND
    filed_as = record.label if is_changed else ""
    return replace(changed, filed_as=filed_as, reviewed=how, opinions=opinions)


def _of_no_class(record: ImageRecord) -> ImageRecord:
    if record.role == PhotoRole.BACKGROUND:
        return record
    if record.held_out:  # background photos are not tested on
        return replace(record, reviewed=RecordReview.NONE)
    return replace(record, label=NONE_OF_THE_CLASSES, role=PhotoRole.BACKGROUND)


def _of_class(record: ImageRecord, decision: PhotoDecision) -> ImageRecord:
    return replace(record, label=normalised_label(str(decision.label)), role=PhotoRole.CLASS)


def _counts(
    before: tuple[ImageRecord, ...], after: tuple[ImageRecord, ...], decisions: Mapping[str, PhotoDecision]
) -> ReviewCounts:
    kinds: dict[str, set[str]] = {field.name: set() for field in fields(ReviewCounts)}
    for old, new in zip(before, after, strict=True):
        if new.sha256 not in decisions:
            continue
        kinds["reviewed"].add(new.sha256)
        for name in _kinds(old, new):
            kinds[name].add(new.sha256)
    kinds["confirmed"] -= kinds["relabelled"]  # the photo is in several places
    numbers = {name: len(photos) for name, photos in kinds.items()}
    return ReviewCounts(**numbers | {"unknown": len(decisions) - numbers["reviewed"]})


def _kinds(old: ImageRecord, new: ImageRecord) -> list[str]:
    """Return the names of the counts of one record."""
    left_out = {RecordReview.UNSURE: "unsure", RecordReview.CONFLICT: "conflicts", RecordReview.NONE: "test"}
    if new.reviewed in left_out:
        return [left_out[new.reviewed]]
    if (old.label, old.role) == (new.label, new.role):
        return ["confirmed"]
    changed = "background" if new.role == PhotoRole.BACKGROUND else "relabelled"
    return [changed, *(["not_blind"] if new.reviewed is RecordReview.NOT_BLIND else [])]
