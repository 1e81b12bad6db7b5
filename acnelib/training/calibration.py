"""Confidence that means something: a temperature, and the threshold for "uncertain"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

WANTED_SELECTIVE_ACCURACY = 0.9
"""Share of confident answers that should be right."""

_TEMPERATURES = (0.05, 20.0)


def fit_temperature(logits: npt.NDArray[np.float64], true: npt.NDArray[np.int64]) -> float:
    """Return the temperature that makes the true labels likeliest (Guo et al. 2017).

    Args:
        logits: [N, labels].
        true: Column of each true label.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    rows = np.arange(len(true))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(logits / np.exp(log_temperature), axis=1)[rows, true].mean())

    low, high = np.log(_TEMPERATURES)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def scores_at(logits: npt.NDArray[np.float64], temperature: float) -> npt.NDArray[np.float64]:
    """Return calibrated scores [N, labels]."""
    from scipy.special import softmax

    scores: npt.NDArray[np.float64] = softmax(logits / temperature, axis=1)
    return scores


def fit_threshold(
    scores: npt.NDArray[np.float64],
    true: npt.NDArray[np.int64],
    *,
    wanted: float = WANTED_SELECTIVE_ACCURACY,
) -> float:
    """Return the lowest confidence from which answers are right as often as wanted.

    When no threshold reaches it, the highest confidence seen is returned: then nearly everything is uncertain.
    """
    confidence = scores.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], (scores.argmax(axis=1) == true)[order]
    accuracy = np.cumsum(right) / np.arange(1, len(right) + 1)
    # Equal confidences stand or fall together.
    last_of_equals = np.append(confidence[1:] < confidence[:-1], True)
    reached = np.flatnonzero((accuracy >= wanted) & last_of_equals)
    return float(confidence[reached[-1] if len(reached) else 0])
