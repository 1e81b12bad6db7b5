"""Fit of a head to embeddings and labels, with its calibration and its limit of scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from acnelib.training import calibration
from acnelib.training.cross_val import cross_val_distances, cross_val_logits
from acnelib.training.head import Head, fit_head
from acnelib.training.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NEVER_CONFIDENT = 1.0


@dataclass(frozen=True, kw_only=True)
class FittedHead:
    """The fitted head and its calibration.

    Attributes:
        head: The head, fitted on all photos, its logits divided by the temperature.
        temperature: What they were divided by.
        confidence_threshold: Confidence from which answers are surely right as often as the target.
        scope: What the photos are like.
        scores: Calibrated out-of-fold scores [photos, labels]; NaN where there are none.
        in_scope: Whether each photo is in scope by the others, [photos].
    """

    head: Head
    temperature: float
    confidence_threshold: float
    scope: Scope
    scores: npt.NDArray[np.float64]
    in_scope: npt.NDArray[np.bool_]


def fit_calibrated_head(
    embeddings: npt.NDArray[np.float32], truth: Sequence[str], *, folds: Sequence[npt.NDArray[np.int64]]
) -> FittedHead:
    """Fit a head on all photos, and calibrate it by what heads say of photos that they never saw.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo; two labels at least.
        folds: The rows that each fold holds out; what belongs together is in one.
    """
    # Threads cost more than they save with such small matrices, and far more where others use the processor as well.
    with threadpool_limits(1, user_api="blas"):
        return _learn(embeddings, truth, folds)


def _learn(
    embeddings: npt.NDArray[np.float32], truth: Sequence[str], folds: Sequence[npt.NDArray[np.int64]]
) -> FittedHead:
    head = fit_head(embeddings, truth)
    logits = cross_val_logits(embeddings, truth, labels=head.labels, folds=folds)
    known = ~np.isnan(logits).any(axis=1)
    true = np.array([head.labels.index(label) for label in truth])
    temperature, confidence_threshold = 1.0, NEVER_CONFIDENT
    if known.any():
        temperature = calibration.fit_temperature(logits[known], true[known])
        scores = calibration.scores_at(logits[known], temperature)
        confidence_threshold = calibration.fit_threshold(scores, true[known])
    distances = cross_val_distances(embeddings, folds)
    scope = Scope.of(embeddings).limited(distances)
    return FittedHead(
        head=head.cooled(temperature),
        temperature=temperature,
        confidence_threshold=confidence_threshold,
        scope=scope,
        scores=calibration.scores_at(logits, temperature),
        in_scope=~(distances > scope.limit),
    )
