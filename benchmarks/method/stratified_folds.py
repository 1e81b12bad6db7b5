"""Stratified folds by groups, for tables that compare recipes: classes are spread, whereas the product's are not."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def stratified_folds(
    truth: npt.NDArray[np.int64], groups: npt.NDArray[np.int64], *, seed: int = 0, folds: int = 5
) -> list[npt.NDArray[np.int64]]:
    """Return the rows that each fold holds out; groups stay whole, and fewer groups give fewer folds.

    Args:
        truth: Column of each label.
        groups: Group of each photo.
        seed: Of the folds.
        folds: Most folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    number = min(folds, len(np.unique(groups)), int(np.bincount(truth).max()))
    splitter = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        found = [held_out for _, held_out in splitter.split(np.zeros(len(truth)), truth, groups)]
    return [held_out for held_out in found if len(held_out)]
