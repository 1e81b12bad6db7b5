"""Linear heads on vectors of views."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.float64]
    Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a head is fitted.

    Attributes:
        layers: Each "<network>/<layer>@<set of views>" whose vectors are put side by side.
        rows: What is a training row: "photos" (the mean vector of a photo's views) or "views" (each of them, for layers
            with the same views).
        kind: "lda", "pooled-lda", "logistic" or "cosine"; see the functions below.
        strengths: Shrinkages, or inverse strengths of the L2 penalty (scikit-learn's C, if each photo were one row);
            the heads of several are averaged.
        weights: Power of the inverse class frequency that logistic regression weights a class by: 1 is balanced.
        adjusted: How much of the log prior is taken off the logits (Menon et al. 2021).
        kept: Share of the variance that whitened principal components keep; None: only standardised.
        bags: Heads fitted on bootstraps of the groups and averaged; 0: one head on everything.
    """

    layers: tuple[str, ...]
    rows: str = "photos"
    kind: str = "lda"
    strengths: tuple[float, ...] = (0.4,)
    weights: float = 1.0
    adjusted: float = 0.0
    kept: float | None = None
    bags: int = 0


@dataclass(frozen=True)
class Linear:
    """Logits = vectors @ kernel + bias."""

    kernel: Rows
    bias: Rows

    def logits(self, vectors: Rows) -> Rows:
        """Return the mean logits [photos, labels] over the views of vectors [photos, views, D]."""
        logits: Rows = vectors.mean(axis=1) @ self.kernel + self.bias
        return logits


def fit(recipe: Recipe, vectors: Rows, truth: Columns, *, groups: Columns, number: int, seed: int = 0) -> Linear:
    """Fit a head to vectors [photos, views, D].

    Args:
        recipe: How.
        vectors: Of the photos to learn from.
        truth: Column of each photo's label.
        groups: Group of each photo, for bootstraps.
        number: How many labels.
        seed: Of the bootstraps.
    """
    if not recipe.bags:
        return _fit_once(recipe, vectors, truth, number)
    random = np.random.default_rng(seed)
    heads = []
    while len(heads) < recipe.bags:
        names = np.unique(groups)
        drawn = random.choice(names, size=len(names))
        places = np.concatenate([np.flatnonzero(groups == name) for name in drawn])
        if len(np.unique(truth[places])) == number:
            heads.append(_fit_once(recipe, vectors[places], truth[places], number))
    return _mean(heads)


def _mean(heads: list[Linear]) -> Linear:
    return Linear(np.mean([head.kernel for head in heads], axis=0), np.mean([head.bias for head in heads], axis=0))


def _fit_once(recipe: Recipe, vectors: Rows, truth: Columns, number: int) -> Linear:
    if recipe.rows == "photos":
        vectors = vectors.mean(axis=1, keepdims=True)
    views = vectors.shape[1]
    rows, known = vectors.reshape(-1, vectors.shape[-1]), np.repeat(truth, views)
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale == 0] = 1.0  # a channel that is always off
    rotation, rows = _rotated((rows - mean) / scale, recipe.kept)
    counts = np.bincount(truth, minlength=number) / len(truth)
    weights = counts**-recipe.weights
    weights /= (weights * counts).sum()
    heads = []
    for strength in recipe.strengths:
        kernel, bias = _SOLVERS[recipe.kind](rows, known, weights[known] / views, strength, number)
        kernel = (rotation @ kernel) / scale[:, None]
        heads.append(Linear(kernel, bias - mean @ kernel - recipe.adjusted * np.log(counts)))
    return _mean(heads)


def _rotated(rows: Rows, kept: float | None) -> tuple[Rows, Rows]:
    """Return rows in the space they span, where an L2 penalty means the same; whitened components if so asked."""
    if kept is None and len(rows) >= rows.shape[1]:
        return np.eye(rows.shape[1]), rows
    _, singular, directions = np.linalg.svd(rows, full_matrices=False)
    if kept is None:
        number = int((singular > singular[0] * 1e-6).sum())
        rotation = directions[:number].T
    else:
        share = np.cumsum(singular**2) / (singular**2).sum()
        number = int(np.searchsorted(share, kept)) + 1
        rotation = directions[:number].T / (singular[:number] / np.sqrt(len(rows)))
    return rotation, rows @ rotation


def _logistic(rows: Rows, known: Columns, weights: Rows, strength: float, number: int) -> tuple[Rows, Rows]:
    """Return multinomial logistic regression with an L2 penalty."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=500, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(rows, known, sample_weight=weights)
    kernel, bias = np.zeros((rows.shape[1], number)), np.full(number, -30.0)
    kernel[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return kernel, bias


def _discriminant(rows: Rows, known: Columns, _weights: Rows, shrinkage: float, number: int) -> tuple[Rows, Rows]:
    """Return the discriminant whose covariance gives each class the same say."""
    return _gaussian(rows, known, np.full(number, 1 / number), shrinkage)


def _pooled(rows: Rows, known: Columns, _weights: Rows, shrinkage: float, number: int) -> tuple[Rows, Rows]:
    """Return the discriminant whose covariance gives each photo the same say."""
    return _gaussian(rows, known, np.bincount(known, minlength=number) / len(known), shrinkage)


def _gaussian(rows: Rows, known: Columns, shares: Rows, shrinkage: float) -> tuple[Rows, Rows]:
    """Return the linear discriminant of classes with equal priors and one covariance.

    The covariance is the mean of the classes' own, weighted by shares, and shrunk towards the identity times its mean
    variance along the directions that the rows span. It is a multiple of the identity plus one direction for each row,
    so that no [D, D] matrix is needed.
    """
    counts = np.bincount(known, minlength=len(shares))
    means = np.stack([rows[known == column].mean(axis=0) for column in range(len(shares))])
    apart = (rows - means[known]) * np.sqrt(shares[known] / counts[known])[:, None]
    level = shrinkage * (apart**2).sum() / min(rows.shape[1], len(rows) - 1)
    apart *= np.sqrt(1 - shrinkage)
    inner = level * np.eye(len(rows)) + apart @ apart.T
    kernel = (means.T - apart.T @ np.linalg.solve(inner, apart @ means.T)) / level
    return kernel, -0.5 * (means.T * kernel).sum(axis=0)


def _cosine(rows: Rows, known: Columns, _weights: Rows, _strength: float, number: int) -> tuple[Rows, Rows]:
    """Return the directions of the class means."""
    means = np.stack([rows[known == column].mean(axis=0) for column in range(number)])
    means -= means.mean(axis=0)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return means.T, np.zeros(number)


_SOLVERS = {"logistic": _logistic, "lda": _discriminant, "pooled-lda": _pooled, "cosine": _cosine}
