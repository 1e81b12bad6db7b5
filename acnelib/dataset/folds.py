"""Cross-validation folds over the groups of the split, which are never divided."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

FOLDS = 5


def group_folds(
    labels: Sequence[str], groups: Sequence[str], *, seed: int = 0, folds: int = FOLDS
) -> list[npt.NDArray[np.int64]]:
    """Return the held-out rows of each fold: every row once, groups undivided, classes stratified.

    With fewer groups than folds, there are as many folds as groups.

    Args:
        labels: Label of each photo.
        groups: Group of each photo.
        seed: Random seed.
        folds: Number of folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    number = min(folds, len(set(groups)))
    if number < 2:
        return [np.arange(len(labels))]
    kinds = np.unique(np.asarray(labels), return_inverse=True)[1]
    splitter = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        try:
            found = [held_out for _, held_out in splitter.split(np.zeros(len(kinds)), kinds, np.asarray(groups))]
        except ValueError:  # every class has fewer photos than there are folds
            return group_folds(labels, groups, seed=seed, folds=number - 1)
    return [held_out for held_out in found if len(held_out)]
