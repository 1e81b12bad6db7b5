"""Warnings about a split: classes too small for training, testing or calibration."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acnelib.dataset.curation import Reason
from acnelib.dataset.splitting import Subset

if TYPE_CHECKING:
    from acnelib.dataset.splitting import Split

FEW_TEST_GROUPS = 5
"""Fewest test groups of a class; with fewer, one group can change its recall by more than a fifth."""


def split_warnings(split: Split) -> tuple[str, ...]:
    """Return warnings that call for action, in sentences; empty without any."""
    groups = Counter((label, subset) for label, subset, _ in _groups(split))
    photos = Counter((split.label(sha256), photo.subset) for sha256, photo in split.photos.items() if not photo.reason)
    sentences = []
    for label in sorted({label for label, _ in photos}):
        of = {subset: groups[label, subset] for subset in Subset}
        size = f"{_number(sum(photos[label, subset] for subset in Subset), 'photo')} in "
        size += _number(sum(of.values()), "group")
        if not of[Subset.TRAIN]:
            sentences.append(f"{label} ({size}): nothing to learn it from, so no model will know it")
        elif not of[Subset.TEST]:
            sentences.append(f"{label} ({size}): learnt, but never tested; add photos of other patients")
        elif not of[Subset.VALIDATION]:
            sentences.append(f"{label} ({size}): tested, but not part of calibration; add photos of other patients")
    joined = Counter(photo.reason for photo in split.photos.values())
    for reason, subset in ((Reason.JOINED_TO_TEST, Subset.TEST), (Reason.JOINED_TO_VALIDATION, Subset.VALIDATION)):
        if joined[reason]:
            sentences.append(
                f"{_number(joined[reason], 'photo')} once learnt from belong together with {subset} photos, as newer "
                f"photos show: left out, for {subset} keeps what it had"
            )
    return tuple(sentences)


def small_test_warnings(split: Split) -> tuple[str, ...]:
    """Return one sentence with the classes that have too few test groups; empty without any."""
    groups = Counter(label for label, subset, _ in _groups(split) if subset == Subset.TEST)
    few = [f"{label} ({number})" for label, number in sorted(groups.items()) if number < FEW_TEST_GROUPS]
    if not few:
        return ()
    return (f"with fewer than {FEW_TEST_GROUPS} test groups, their own figures say little: {', '.join(few)}",)


def _groups(split: Split) -> set[tuple[str, Subset, str]]:
    return {
        (split.label(sha256), photo.subset, photo.group)
        for sha256, photo in split.photos.items()
        if photo.subset != Subset.EXCLUDED
    }


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
