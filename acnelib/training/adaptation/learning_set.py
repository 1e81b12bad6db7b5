"""The photos that an adaptation learns from: their conditions, and those kept out by group for early stopping."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.folds import stable_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

HELD_OUT = 10
"""One group in so many is kept out."""

NO_PHOTOS = "no photos of other conditions to learn from: name some with --background"


@dataclass(frozen=True, kw_only=True)
class LearningSet:
    """Photos with their conditions.

    Attributes:
        photos: SHA-256 of each photo, in order.
        conditions: Names of the conditions, in order.
        targets: Index of the condition of each photo, [N].
        held_out: Whether each photo is kept out, with its whole group, [N].
    """

    photos: tuple[str, ...]
    conditions: tuple[str, ...]
    targets: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.bool_]

    @property
    def training_rows(self) -> npt.NDArray[np.int64]:
        """Rows of the photos that are learnt from."""
        return np.flatnonzero(~self.held_out)

    @property
    def held_out_rows(self) -> npt.NDArray[np.int64]:
        """Rows of the photos that are kept out."""
        return np.flatnonzero(self.held_out)

    @property
    def guessing_loss(self) -> float | None:
        """Loss in nats, on the photos kept out, of guessing conditions by their frequency; None if none is kept out."""
        kept = self.targets[self.held_out]
        if not len(kept):
            return None
        frequency = np.bincount(self.targets[~self.held_out], minlength=len(self.conditions))
        return float(-np.log(frequency[kept] / frequency.sum()).mean())

    @property
    def content(self) -> list[tuple[str, str, bool]]:
        """Plain values that identify the photos, their conditions and those kept out."""
        return [
            (photo, self.conditions[target], bool(kept))
            for photo, target, kept in zip(self.photos, self.targets, self.held_out, strict=True)
        ]


def choose_photos(
    photos: Sequence[str], *, conditions: Sequence[str], groups: Sequence[str], least_groups: int
) -> LearningSet:
    """Choose the conditions with enough groups; a tenth of the groups is kept out, by a stable function of the name.

    Args:
        photos: SHA-256 of photos.
        conditions: Condition of each.
        groups: Group of each: copies and photos of one scene.
        least_groups: Fewest groups of a condition.

    Raises:
        DataUnusable: There are no photos, or fewer than two conditions with enough groups.
    """
    if not photos:
        raise DataUnusable(NO_PHOTOS)
    kept_out = {group: is_held_out(group) for group in set(groups)}
    of_condition: defaultdict[str, set[str]] = defaultdict(set)
    for condition, group in zip(conditions, groups, strict=True):
        of_condition[condition].add(group)
    learnt = sorted(
        condition
        for condition, found in of_condition.items()
        if len(found) >= least_groups and not all(kept_out[group] for group in found)
    )
    if len(learnt) < 2:
        raise DataUnusable(
            f"{len(photos)} photos of {len(of_condition)} other conditions, {len(learnt)} of them with {least_groups} "
            "or more groups of photos: learning needs two such conditions, so add photos to the --background"
        )
    chosen = sorted(row for row in zip(photos, conditions, groups, strict=True) if row[1] in set(learnt))
    number = {condition: index for index, condition in enumerate(learnt)}
    return LearningSet(
        photos=tuple(photo for photo, _, _ in chosen),
        conditions=tuple(learnt),
        targets=np.array([number[condition] for _, condition, _ in chosen], dtype=np.int64),
        held_out=np.array([kept_out[group] for _, _, group in chosen], dtype=np.bool_),
    )


def is_held_out(group: str) -> bool:
    """Return whether a group is kept out: by the digest of its name, so that no other group has an influence."""
    return stable_number(f"{group} in fine-tuning") % HELD_OUT == 0


def balanced_order(
    targets: npt.NDArray[np.int64], *, number: int, balance: float, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return rows in random order, drawn so that a condition counts by a power of its frequency.

    Systematic sampling: a row that is due 1.4 times is drawn once or twice, never more or less.

    Args:
        targets: Condition of each row, [N].
        number: How many rows to draw.
        balance: The power: 1 draws rows alike, 0 conditions alike.
        rng: Source of random numbers.
    """
    _, inverse, frequency = np.unique(targets, return_inverse=True, return_counts=True)
    weights = frequency[inverse].astype(np.float64) ** (balance - 1)
    shuffled = rng.permutation(len(targets))
    due = np.cumsum(weights[shuffled]) * number / weights.sum()
    points = np.minimum(np.arange(number) + rng.random(), due[-1])
    drawn = shuffled[np.minimum(np.searchsorted(due, points), len(due) - 1)]
    order: npt.NDArray[np.int64] = rng.permutation(drawn)
    return order
