"""Estimates from right and wrong answers, on NumPy alone: intervals and bounds of shares, and the calibration error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

CALIBRATION_BINS = 10

_NORMAL = 1.959963984540054  # the standard normal's 97.5 % quantile
_MOST_STEPS, _PRECISION, _TINY = 10_000, 1e-14, 1e-300


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share in n independent cases (Wilson 1927).

    Photos of a group are not independent, so callers pass the number of groups as n. The interval is exact for groups
    of one photo and conservative for larger groups.

    Args:
        share: 0–1.
        n: At least 1.
    """
    shrunk = 1 + _NORMAL**2 / n
    middle = (share + _NORMAL**2 / (2 * n)) / shrunk
    half = _NORMAL / shrunk * np.sqrt(share * (1 - share) / n + _NORMAL**2 / (4 * n**2))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def expected_calibration_error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Return the mean gap between confidence and accuracy over ten equal-width bins, weighted by size (0–1)."""
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gap = np.bincount(bins, weights=right - confidence, minlength=CALIBRATION_BINS)
    return float(np.abs(gap).sum() / len(confidence))


def surely_reaches(
    hits: npt.NDArray[np.float64], cases: npt.NDArray[np.float64], share: float, *, confidence: float
) -> npt.NDArray[np.bool_]:
    """Return whether the one-sided lower bound of a share of hits (Clopper and Pearson 1934) reaches a share.

    The bound is the quantile of a beta distribution. It reaches the share where the distribution up to there holds no
    more than what the confidence leaves, so no quantile has to be found.

    Args:
        hits: Hits among the cases; a fraction for a group of photos of which a part is right, which the bound covers
            too, because no share of a group varies more than right or wrong.
        cases: Independent cases, at least 1 each.
        share: 0–1.
        confidence: Confidence level of the bound, 0–1.
    """
    if not 0 < share < 1:
        return np.full(hits.shape, share <= 0)
    reached: npt.NDArray[np.bool_] = hits > 0
    a, b = hits[reached], (cases - hits + 1)[reached]
    reached[reached] = _beta_distribution(share, a, b) <= 1 - confidence
    return reached


def _beta_distribution(x: float, a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the regularised incomplete beta function at x, 0 < x < 1 (DLMF 8.17)."""
    swapped = x > (a + 1) / (a + b + 2)  # where the continued fraction of the other tail converges sooner
    at = np.where(swapped, 1 - x, x)
    first, second = np.where(swapped, b, a), np.where(swapped, a, b)
    log_gamma = np.frompyfunc(math.lgamma, 1, 1)
    log_beta = (log_gamma(first) + log_gamma(second) - log_gamma(first + second)).astype(np.float64)
    front = np.exp(first * np.log(at) + second * np.log1p(-at) - log_beta) / first
    tail: npt.NDArray[np.float64] = front / _continued_fraction(at, first, second)
    return np.where(swapped, 1 - tail, tail)


def _continued_fraction(
    x: npt.NDArray[np.float64], a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the continued fraction of DLMF 8.17.22, evaluated by the method of Lentz (1976)."""
    value, c = np.ones(x.shape), np.ones(x.shape)
    d = np.zeros(x.shape)
    for step in range(1, _MOST_STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _not_zero(1 + term * d)
        c = _not_zero(1 + term / c)
        value *= c * d
        if np.all(np.abs(c * d - 1) < _PRECISION):
            break
    return value


def _not_zero(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(np.abs(values) < _TINY, _TINY, values)
