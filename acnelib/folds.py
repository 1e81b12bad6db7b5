"""Cross-validation folds by a stable function of a group: they stay as they are when data grow."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

FOLDS = 5
REPEATS = 5
"""Sets of folds: the estimate by a single set depends on how its folds happen to fall."""


def stable_number(name: str) -> int:
    """Return a number of 64 bits by the digest of a name: the same in every process and on every machine."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])


def folds_of(unit: str, *, repeats: int = REPEATS) -> tuple[int, ...]:
    """Return the fold of a group, a series or a condition in each repeat, by the digest of its name: [repeats].

    No other unit has an influence, so a photo keeps its folds when others come or go.
    """
    return tuple(stable_number(f"{repeat}:{unit}") % FOLDS for repeat in range(repeats))


def fold_numbers(units: Sequence[str], *, repeats: int = REPEATS) -> npt.NDArray[np.int64]:
    """Return the folds of photos by their units: [repeats, photos]."""
    known = {unit: folds_of(unit, repeats=repeats) for unit in set(units)}
    return np.array([known[unit] for unit in units], dtype=np.int64).reshape(-1, repeats).T


def held_out_rows(numbers: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return the rows that each fold of one repeat holds out: every row once, empty folds left out."""
    return [rows for fold in range(FOLDS) if len(rows := np.flatnonzero(numbers == fold))]
