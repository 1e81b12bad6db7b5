"""Calibration of confidence: a temperature, and the threshold for "uncertain"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.threshold_fit import lowest_threshold

if TYPE_CHECKING:
    import numpy.typing as npt

TARGET_SELECTIVE_ACCURACY = 0.9
"""Share of confident answers that should be right."""

_TEMPERATURES = (0.05, 100.0)
_LARGEST_GAP = 60.0  # between logits: a label that was never seen must not decide the temperature alone


def fit_temperature(logits: npt.NDArray[np.float64], true: npt.NDArray[np.int64], *, repeats: int = 1) -> float:
    """Return the temperature that makes the true labels likeliest (Guo et al. 2017).

    The true labels are taken for as likely as that many photos can prove, not for certain (Platt 1999): where all
    answers are right, scores of 1 would claim that none will ever be wrong.

    Args:
        logits: [N, labels]; -1e4 and less stands for a label that was never seen.
        true: Column of each true label.
        repeats: How often each photo is among them, in different folds; it counts once.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    labels = logits.shape[1]
    number = len(logits) / repeats
    logits = np.maximum(logits, logits.max(axis=1, keepdims=True) - _LARGEST_GAP)
    targets = np.full_like(logits, 1 / ((number + 2) * max(1, labels - 1)))
    targets[np.arange(len(logits)), true] = (number + 1) / (number + 2)

    def loss(log_temperature: float) -> float:
        return float(-(targets * log_softmax(logits / np.exp(log_temperature), axis=1)).sum(axis=1).mean())

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
    target: float = TARGET_SELECTIVE_ACCURACY,
    repeats: int = 1,
) -> float:
    """Return the lowest confidence from which answers are surely right as often as the target.

    See :func:`acnelib.threshold_fit.lowest_threshold`; 1 where no confidence is high enough: everything is uncertain.

    Args:
        scores: Out-of-fold scores [N, labels].
        true: Column of each true label.
        target: Accuracy of confident answers, 0–1.
        repeats: How often each photo is among them, in different folds; it counts once.
    """
    return lowest_threshold(scores.max(axis=1), scores.argmax(axis=1) == true, target=target, repeats=repeats)
