"""How much is refused by the product's scope when photos are held apart, whatever layers it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from stratified_folds import stratified_folds

from acnelib.training.scope import Scope, out_of_fold_scope

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.float64]
    Columns = npt.NDArray[np.int64]


DRAWS = 10


def refusals_by_number(
    vectors: Rows, truth: Columns, groups: Columns, no_skin: Rows, *, number: int
) -> tuple[float, float, float]:
    """Return what a scope of so many photos refuses: of no skin the mean and the least over draws, of other photos.

    Args:
        vectors: Mean vectors [photos, D].
        truth: Columns of the labels.
        groups: Groups of the folds.
        no_skin: Mean vectors of pictures that show none.
        number: Photos that are drawn to learn from, fewer than there are.
    """
    random = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        learnt = np.sort(random.choice(len(vectors), number, replace=False))
        scope = _limited(vectors[learnt], truth[learnt], groups[learnt])
        others = np.delete(vectors, learnt, axis=0)
        found.append([(~scope.contains(asked)).mean() for asked in (no_skin, others)])
    refused = np.array(found)
    return float(refused[:, 0].mean()), float(refused[:, 0].min()), float(refused[:, 1].mean())


def refusals(vectors: Rows, truth: Columns, groups: Columns, others: dict[str, Rows]) -> dict[str, float]:
    """Return the share refused of photos held apart ("photos"), and of each set of other pictures.

    Args:
        vectors: Mean vectors [photos, D].
        truth: Columns of the labels.
        groups: Groups of the folds.
        others: Mean vectors of other pictures by name; where there are as many as photos, each is a changed photo and
            is judged by the scope that its photo was kept from.
    """
    refused: dict[str, list[npt.NDArray[np.bool_]]] = {name: [] for name in ("photos", *others)}
    for held_out in stratified_folds(truth, groups):
        rest = np.setdiff1d(np.arange(len(vectors)), held_out)
        scope = _limited(vectors[rest], truth[rest], groups[rest])
        refused["photos"].append(~scope.contains(vectors[held_out]))
        for name, other in others.items():
            judged = other[held_out] if len(other) == len(vectors) else other
            refused[name].append(~scope.contains(judged))
    return {name: float(np.concatenate(rows).mean()) for name, rows in refused.items()}


def _limited(vectors: Rows, truth: Columns, groups: Columns) -> Scope:
    distances, _ = out_of_fold_scope(vectors, truth.tolist(), [stratified_folds(truth, groups)], None)
    return Scope.of(vectors).limited(distances)
