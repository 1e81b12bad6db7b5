"""Repeated cross-validation by groups, and what is read off its out-of-fold logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from heads import fit
from stratified_folds import stratified_folds
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    import numpy.typing as npt
    from heads import Recipe

    Rows = npt.NDArray[np.float64]
    Columns = npt.NDArray[np.int64]


def out_of_fold(
    recipe: Recipe, vectors: Rows, truth: Columns, groups: Columns, *, number: int, folds: int = 5, seed: int = 0
) -> Rows:
    """Return logits [photos, labels] of each photo by the head that was fitted without its fold."""
    logits = np.zeros((len(truth), number))
    with threadpool_limits(1, user_api="blas"):
        for held_out in stratified_folds(truth, groups, seed=seed, folds=folds):
            rest = np.setdiff1d(np.arange(len(truth)), held_out)
            head = fit(recipe, vectors[rest], truth[rest], groups=groups[rest], number=number, seed=seed)
            logits[held_out] = head.logits(vectors[held_out])
    return logits


def balanced_loss(logits: Rows, truth: Columns) -> float:
    """Return the mean negative log-likelihood, classes weighted alike, at the temperature that makes it least."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    weights = 1 / np.bincount(truth)[truth]
    weights /= weights.sum()

    def loss(log_temperature: float) -> float:
        scores = log_softmax(logits / np.exp(log_temperature), axis=1)[np.arange(len(truth)), truth]
        return float(-(weights * scores).sum())

    return float(minimize_scalar(loss, bounds=(-4, 4), method="bounded").fun)


def gain(logits: list[Rows], base: list[Rows], truth: Columns, groups: Columns, *, draws: int = 400) -> float:
    """Return the standard error of the difference in macro-F1 between two recipes, by bootstrap over groups."""
    from acnelib.metrics import macro_f1

    random = np.random.default_rng(0)
    members = [np.flatnonzero(groups == name) for name in np.unique(groups)]
    differences = []
    for _ in range(draws):
        drawn = np.concatenate([members[place] for place in random.integers(0, len(members), len(members))])
        repeat = random.integers(0, len(logits))
        one, other = (macro_f1(truth[drawn], found[repeat][drawn].argmax(axis=1)) for found in (logits, base))
        differences.append(one - other)
    return float(np.std(differences))
