"""The promise about confident answers, from what was measured on photos held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.bundle import Promise, UnseenSources
from acnelib.threshold_fit import NOTHING_CONFIDENT
from acnelib.training.calibration import TARGET_SELECTIVE_ACCURACY
from acnelib.training.unseen import FEWEST_CONFIDENT, UNSEEN_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.fitting import FittedCandidate


def promise_of(fitted: FittedCandidate, *, sources: Sequence[str]) -> Promise:
    """Return how often confident answers of a candidate are right, on photos of other patients and of other sources.

    Args:
        fitted: The candidate.
        sources: Names of the sources that it learnt from.
    """
    measured = fitted.series
    true = np.broadcast_to(fitted.true, measured.confident.shape)
    known = ~np.isnan(measured.scores).any(axis=2)
    return Promise(
        level=TARGET_SELECTIVE_ACCURACY,
        sources=tuple(sources),
        accuracy=_accuracy(measured.scores, true, measured.confident),
        coverage=float(measured.confident[known].mean()) if known.any() else 0.0,
        reached=fitted.confidence_threshold < NOTHING_CONFIDENT,
        unseen=_unseen(fitted),
    )


def _unseen(fitted: FittedCandidate) -> UnseenSources | None:
    sources = list(fitted.unseen_sources.values())
    if not sources:
        return None
    confident = np.concatenate([one.confident for one in sources])
    accuracy = _accuracy(
        np.concatenate([one.scores for one in sources]), np.concatenate([one.true for one in sources]), confident
    )
    return UnseenSources(
        level=UNSEEN_LEVEL,
        accuracy=accuracy,
        coverage=float(confident.mean()),
        photos=len(confident),
        reached=accuracy is not None and accuracy >= UNSEEN_LEVEL and int(confident.sum()) >= FEWEST_CONFIDENT,
    )


def _accuracy(
    scores: npt.NDArray[np.float64], true: npt.NDArray[np.int64], confident: npt.NDArray[np.bool_]
) -> float | None:
    if not confident.any():
        return None
    return float((scores[confident].argmax(axis=1) == true[confident]).mean())
