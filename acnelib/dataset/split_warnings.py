"""Warnings about a split: classes too small to be learnt or measured, and what its test part cannot show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acnelib.dataset.curation import Reason
from acnelib.dataset.splitting import Subset
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from acnelib.dataset.splitting import Split

FEW_GROUPS = 5
"""Fewest groups that a class is measured on; with fewer, one group can change its recall by more than a fifth."""


def split_warnings(split: Split, *, learnt_before: int = 0) -> tuple[str, ...]:
    """Return warnings that call for action, in sentences; empty without any.

    Args:
        split: The split.
        learnt_before: Number of test photos that served for training before, themselves or by a copy.
    """
    groups = Counter((label, subset) for label, subset, _ in _groups(split))
    photos = Counter(
        (split.label(sha256), photo.subset)
        for sha256, photo in split.photos.items()
        if photo.role == PhotoRole.CLASS and not photo.reason
    )
    sentences = []
    tested = split.of(Subset.TEST)
    for label in sorted({label for label, _ in photos}):
        of = {subset: groups[label, subset] for subset in Subset}
        size = f"{_number(sum(photos[label, subset] for subset in Subset), 'photo')} in "
        size += _number(sum(of.values()), "group")
        if not of[Subset.TRAIN]:
            sentences.append(
                f"{label} ({size}): nothing to learn it from, so no model will know it, and its test photos are not "
                "scored"
            )
        elif tested and not of[Subset.TEST]:
            sentences.append(f"{label} ({size}): learnt, but no test photo shows it")
        elif of[Subset.TRAIN] == 1 and not of[Subset.TEST]:
            sentences.append(f"{label} ({size}): learnt, but never measured; add photos of other patients")
    if joined := sum(photo.reason == Reason.JOINED_TO_TEST for photo in split.photos.values()):
        sentences.append(f"{_number(joined, 'photo')} left out: they belong together with test photos")
    if learnt_before:
        sentences.append(
            f"{learnt_before} of {_number(len(tested), 'test photo')} were learnt from before, or copies of them were: "
            "the gate leaves out what the production version learnt from; if too few photos are left to compare on, "
            "read the evaluation report and decide with acne promote"
        )
    return tuple(sentences)


def small_class_warnings(split: Split) -> tuple[str, ...]:
    """Return one sentence with the classes that are measured on too few groups; empty without any."""
    measured = Subset.TEST if split.of(Subset.TEST) else Subset.TRAIN
    groups = Counter(label for label, subset, _ in _groups(split) if subset == measured)
    few = [f"{label} ({number})" for label, number in sorted(groups.items()) if number < FEW_GROUPS]
    if not few:
        return ()
    return (f"measured on fewer than {FEW_GROUPS} groups, so their own figures say little: {', '.join(few)}",)


def _groups(split: Split) -> set[tuple[str, Subset, str]]:
    return {
        (split.label(sha256), photo.subset, photo.group)
        for sha256, photo in split.photos.items()
        if photo.subset != Subset.EXCLUDED and photo.role == PhotoRole.CLASS
    }


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
