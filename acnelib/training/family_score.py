"""Family score: how far a photo resembles its most similar class more than other conditions, the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

FAMILY_FALSE_REJECTION = 0.04
"""Share of photos of the classes that may score below the limit."""

FAMILY_SHARE = 0.85
"""Share of the family in the common covariance: what varies among photos of the family must not count."""

SHRINKAGE = 0.4
"""Share of the covariance that is replaced by its mean variance."""

_ROUNDING = 1e-6
"""Spread of a feature, as a share of its mean, up to which it is the rounding of float32."""


@dataclass(frozen=True)
class BackgroundEmbeddings:
    """Embeddings of photos that show none of the classes.

    Attributes:
        embeddings: [M, D], float32.
        conditions: Condition of each photo; each condition has the same weight.
        groups: Group of each: copies and photos of one scene; None where no two photos belong together.
    """

    embeddings: npt.NDArray[np.float32]
    conditions: Sequence[str]
    groups: Sequence[str] | None = None

    def __len__(self) -> int:
        """Return the number of photos."""
        return len(self.embeddings)

    def only(self, rows: npt.NDArray[np.int64]) -> BackgroundEmbeddings:
        """Return some of the photos."""
        groups = None if self.groups is None else [self.groups[row] for row in rows]
        return BackgroundEmbeddings(self.embeddings[rows], [self.conditions[row] for row in rows], groups)

    @cached_property
    def moments(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean [D] and covariance [D, D] of the photos; all folds of the family share them."""
        mean, rows = _weighted_deviations(self.embeddings, self.conditions)
        return mean, rows.T @ rows


@dataclass(frozen=True)
class FamilyScore:
    """A linear map from embeddings to one score for each class; the highest one counts.

    Attributes:
        kernel: [D, classes], float64.
        bias: Added to the products of embedding and kernel, [classes], float64.
        limit: Score below which a photo is out of scope.
        typical: Median score of photos of the classes.
    """

    kernel: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    limit: float = -np.inf
    typical: float = 0.0

    def scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the scores [N] of embeddings [N, D], higher for photos like those of a class."""
        scores: npt.NDArray[np.float64] = (embeddings.astype(np.float64) @ self.kernel + self.bias).max(axis=1)
        return scores

    @property
    def width(self) -> float:
        """Difference between a typical score and the limit."""
        return self.typical - self.limit or 1.0  # photos that are all alike

    def excess(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return scores in units of the limit: 0 for a typical photo, 1 at the limit, above 1 out of scope."""
        return (self.typical - scores) / self.width

    def limited(self, scores: npt.NDArray[np.float64]) -> FamilyScore:
        """Return the score with the limit that rejects 4 % of photos of the classes, from out-of-fold scores.

        Args:
            scores: Out-of-fold scores of any shape; NaN is ignored.
        """
        known = scores[~np.isnan(scores)]
        if not len(known):
            return self
        limit = float(np.quantile(known, FAMILY_FALSE_REJECTION, method="lower"))
        return replace(self, limit=limit, typical=float(np.median(known)))


def fit_family_score(
    family: npt.NDArray[np.float32], labels: Sequence[str], background: BackgroundEmbeddings
) -> FamilyScore | None:
    """Fit linear discriminants of each class and the background (Fisher 1936), with one covariance (Friedman 1989).

    A photo of a class need not be like the mean of all classes. Each class weighs the same among the photos of the
    family, each condition the same among those of the background. The covariance is mostly that of the family as a
    whole; it is shrunk towards its mean variance in standardised features.

    Args:
        family: Embeddings of photos of the classes, [N, D]; rows with NaN are ignored.
        labels: Class of each.
        background: Photos of other conditions; rows with NaN are ignored.

    Returns:
        The score without a limit; None where one of the two groups is empty.
    """
    if not (_measured(family).any() and _measured(background.embeddings).any()):
        return None
    mean, rows = _weighted_deviations(family, labels)
    means = _means(family, labels)
    other, other_covariance = background.moments
    scale = np.sqrt(((rows**2).sum(axis=0) + np.diag(other_covariance)) / 2)
    scale[scale <= _ROUNDING * np.maximum(np.abs(mean), np.abs(other))] = 1.0  # a feature that never changes
    rows *= np.sqrt(FAMILY_SHARE) / scale
    covariance = rows.T @ rows
    covariance += other_covariance * (1 - FAMILY_SHARE) / scale / scale[:, None]
    level = SHRINKAGE * float(np.trace(covariance)) / len(covariance) or 1.0  # photos that are all alike
    covariance *= 1 - SHRINKAGE
    covariance[np.diag_indices_from(covariance)] += level
    kernel = _solution(covariance, ((means - other) / scale).T) / scale[:, None]
    return FamilyScore(kernel, -((means + other).T * kernel).sum(axis=0) / 2)


def _means(embeddings: npt.NDArray[np.float32], labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the mean of each class [classes, D], ordered by name; rows with NaN are ignored."""
    measured = _measured(embeddings)
    known, rows = np.asarray(labels)[measured], embeddings[measured].astype(np.float64)
    return np.stack([rows[known == label].mean(axis=0) for label in np.unique(known)])


def _weighted_deviations(
    embeddings: npt.NDArray[np.float32], units: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the mean [D], and deviations from it [N, D] whose products add up to the covariance.

    Each class or condition has the same weight.

    Args:
        embeddings: [N, D]; rows with NaN are ignored, one at least has none.
        units: Class or condition of each.
    """
    measured = _measured(embeddings)
    rows = embeddings[measured].astype(np.float64)
    _, unit, counts = np.unique(np.asarray(units)[measured], return_inverse=True, return_counts=True)
    weights = 1 / (counts[unit] * len(counts))
    mean = weights @ rows
    rows -= mean
    rows *= np.sqrt(weights)[:, None]
    return mean, rows


def _measured(embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    return ~np.asarray(np.isnan(embeddings).any(axis=1))


def _solution(matrix: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the solution of a symmetric positive definite system; the matrix is overwritten."""
    from scipy.linalg import cho_factor, cho_solve

    # The transpose of a symmetric matrix is the same, in the order that LAPACK factorises without a copy.
    factor = cho_factor(matrix.T, overwrite_a=True, check_finite=False)
    solution: npt.NDArray[np.float64] = cho_solve(factor, target, check_finite=False)
    return solution
