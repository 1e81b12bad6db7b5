"""Calibrated scores of photos by heads that never saw them, with verdicts fitted inside the folds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.threshold_fit import NOTHING_CONFIDENT
from acnelib.training import calibration
from acnelib.training.cross_val import nested_logits
from acnelib.verdicts import is_confident

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.cross_val import NestedLogits


_WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class HeldOutScores:
    """Scores of photos by heads that never saw them.

    Attributes:
        scores: Calibrated, [repeats, photos, labels]; NaN where there are none.
        confident: Whether each answer is confident, [repeats, photos].
        in_scope: Whether each photo is in scope by the others, [repeats, photos].
    """

    scores: npt.NDArray[np.float64]
    confident: npt.NDArray[np.bool_]
    in_scope: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HeadCalibration:
    """Calibration of a head.

    Attributes:
        temperature: Divisor of its logits.
        confidence_threshold: Lowest confidence of a confident answer; 1 if none is.
    """

    temperature: float = 1.0
    confidence_threshold: float = NOTHING_CONFIDENT


def fit_calibration(
    logits: npt.NDArray[np.float64],
    true: npt.NDArray[np.int64],
    *,
    in_scope: npt.NDArray[np.bool_],
    repeats: int = 1,
) -> HeadCalibration:
    """Fit temperature and threshold to cross-validated logits.

    Args:
        logits: [N, labels]; NaN rows count nowhere.
        true: Column of each true label, [N].
        in_scope: Whether each photo is in scope, [N]; answers to others are never confident.
        repeats: How often each photo is among them, in different folds.
    """
    known = ~np.isnan(logits).any(axis=1)
    if not known.any():
        return HeadCalibration()
    temperature = calibration.fit_temperature(logits[known], true[known], repeats=repeats)
    counted = known & in_scope
    if not counted.any():
        return HeadCalibration(temperature=temperature)
    scores = calibration.scores_at(logits[counted], temperature)
    return HeadCalibration(temperature, calibration.fit_threshold(scores, true[counted], repeats=repeats))


def nested_repeats(
    embeddings: npt.NDArray[np.float32],
    truth: Sequence[str],
    *,
    labels: Sequence[str],
    numbers: npt.NDArray[np.int64],
) -> list[NestedLogits]:
    """Return nested logits for each repeat of the folds.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo.
        labels: Labels in the order of the columns.
        numbers: Fold of each photo in each repeat, [repeats, photos].
    """
    # Heads of few photos are many small products: two threads take little more than half the time, where BLAS has one.
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(lambda one: nested_logits(embeddings, truth, labels=labels, numbers=one), numbers))


def calibrated_scores(
    repeats: Sequence[NestedLogits], true: npt.NDArray[np.int64], *, in_scope: npt.NDArray[np.bool_]
) -> HeldOutScores:
    """Return calibrated scores of each photo, with a temperature and a threshold that never saw its fold.

    Args:
        repeats: Nested logits of each repeat.
        true: Column of each true label, [photos].
        in_scope: Whether each photo is in scope by the others, [repeats, photos].
    """
    scores = np.stack([np.full_like(one.logits, np.nan) for one in repeats])
    confident = np.zeros(scores.shape[:2], dtype=bool)
    for repeat, one in enumerate(repeats):
        for held_out, inner in zip(one.folds, one.inner, strict=True):
            fitted = fit_calibration(inner, true, in_scope=in_scope[repeat])
            scores[repeat, held_out] = calibration.scores_at(one.logits[held_out], fitted.temperature)
            reached = scores[repeat, held_out].max(axis=1) >= fitted.confidence_threshold
            confident[repeat, held_out] = is_confident(reached, in_scope=in_scope[repeat, held_out])
    return HeldOutScores(scores=scores, confident=confident, in_scope=in_scope)
