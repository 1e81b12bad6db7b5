"""Everything that is learnt from vectors and labels: the head, its calibration, and what is out of scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from acnelib.training import calibration
from acnelib.training.fitting import Head, fit_head
from acnelib.training.out_of_fold import out_of_fold_distances, out_of_fold_logits
from acnelib.training.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NEVER_CONFIDENT = 1.0


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What was learnt.

    Attributes:
        head: The head, fitted on all photos, its logits divided by the temperature.
        temperature: What they were divided by.
        confident_at: Confidence from which answers are surely right as often as wanted.
        scope: What the photos are like.
        scores: Calibrated out-of-fold scores [photos, labels]; NaN where there are none.
        in_scope: Whether each photo is in scope by the others, [photos].
    """

    head: Head
    temperature: float
    confident_at: float
    scope: Scope
    scores: npt.NDArray[np.float64]
    in_scope: npt.NDArray[np.bool_]


def learn(vectors: npt.NDArray[np.float32], truth: Sequence[str], *, folds: Sequence[npt.NDArray[np.int64]]) -> Learnt:
    """Fit a head on all photos, and calibrate it by what heads say of photos that they never saw.

    Args:
        vectors: [photos, D].
        truth: Label of each photo; two labels at least.
        folds: The rows that each fold holds out; what belongs together is in one.
    """
    # Threads cost more than they save with such small matrices, and far more where others use the processor as well.
    with threadpool_limits(1, user_api="blas"):
        return _learn(vectors, truth, folds)


def _learn(vectors: npt.NDArray[np.float32], truth: Sequence[str], folds: Sequence[npt.NDArray[np.int64]]) -> Learnt:
    head = fit_head(vectors, truth)
    logits = out_of_fold_logits(vectors, truth, labels=head.labels, folds=folds)
    known = ~np.isnan(logits).any(axis=1)
    true = np.array([head.labels.index(label) for label in truth])
    temperature, confident_at = 1.0, NEVER_CONFIDENT
    if known.any():
        temperature = calibration.fit_temperature(logits[known], true[known])
        scores = calibration.scores_at(logits[known], temperature)
        confident_at = calibration.fit_threshold(scores, true[known])
    distances = out_of_fold_distances(vectors, folds)
    scope = Scope.of(vectors).limited(distances)
    return Learnt(
        head=head.cooled(temperature),
        temperature=temperature,
        confident_at=confident_at,
        scope=scope,
        scores=calibration.scores_at(logits, temperature),
        in_scope=~(distances > scope.limit),
    )
