"""Fit of a candidate to embeddings: head, calibration and scope, with its answers on photos that it never saw.

Everything that a user may rely on is measured on photos held out: by group (copies and scenes), by series (probably one
patient), by source and, for background photos, by condition.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from acnelib.folds import held_out_rows
from acnelib.labels import ordered_labels
from acnelib.training.calibrated_head import columns_of, fit_calibrated_head
from acnelib.training.calibration import scores_at
from acnelib.training.held_out import calibrated_scores, nested_repeats
from acnelib.training.scope_checks import check_sources
from acnelib.training.unseen import predict_unseen_conditions, predict_unseen_sources, unseen_threshold

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.training.calibrated_head import TrainingSet
    from acnelib.training.head import Head
    from acnelib.training.held_out import HeldOutScores
    from acnelib.training.scope import Scope
    from acnelib.training.scope_checks import SourceChecks
    from acnelib.training.unseen import UnseenConditions, UnseenPhotos

_MANY = 1000  # photos from which on more threads gain more than they cost


@dataclass(frozen=True, kw_only=True)
class FittedCandidate:
    """A calibrated head with its answers on photos that it never saw.

    Attributes:
        head: The head, its logits divided by the temperature.
        temperature: What they were divided by.
        confidence_threshold: Lowest confidence of a confident answer.
        scope: The scope.
        true: Column of the true label of each photo, [N].
        direct_scores: Scores of the photos by the head itself, which learnt from them, [N, labels].
        groups: Scores of the photos, held out by group.
        series: Scores of the photos, held out by series.
        unseen_sources: Scores of the photos of each source by what the other sources teach; empty with one source.
        unseen_conditions: What became of background photos held out by condition; None without any.
        source_checks: Whether refusals rest on the source of a photo; None without background photos.
    """

    head: Head
    temperature: float
    confidence_threshold: float
    scope: Scope
    true: npt.NDArray[np.int64]
    direct_scores: npt.NDArray[np.float64]
    groups: HeldOutScores
    series: HeldOutScores
    unseen_sources: dict[str, UnseenPhotos] = field(default_factory=dict)
    unseen_conditions: UnseenConditions | None = None
    source_checks: SourceChecks | None = None


def fit_candidate(photos: TrainingSet) -> FittedCandidate:
    """Fit a candidate, and measure it on photos that it never saw.

    The confidence threshold is the lowest from which answers about series held out are right as often as promised, and
    a higher one where photos of sources held apart need it for their own, lower level.

    Args:
        photos: Photos of two classes at least.
    """
    # Threads cost more than they save with small matrices, and far more where others use the processor as well.
    with threadpool_limits(1 if len(photos) < _MANY else None, user_api="blas"):
        return _fit(photos)


def _fit(photos: TrainingSet) -> FittedCandidate:
    labels = ordered_labels(set(photos.labels))
    true = columns_of(photos.labels, labels)
    series = nested_repeats(photos.embeddings, photos.labels, labels=labels, numbers=photos.series_folds)
    groups = nested_repeats(photos.embeddings, photos.labels, labels=labels, numbers=photos.group_folds)
    fitted = fit_calibrated_head(photos, series_logits=np.stack([one.logits for one in series]))
    unseen = predict_unseen_sources(photos, labels=labels)
    raised = unseen_threshold(unseen.values()) or 0.0
    threshold = max(fitted.calibration.confidence_threshold, raised)
    conditions = checks = None
    if photos.background is not None:
        conditions = predict_unseen_conditions(photos, head=fitted.head, scope=fitted.scope, threshold=threshold)
        checks = check_sources(
            photos.embeddings,
            photos.labels,
            [sources[0] for sources in photos.sources],
            photos.background,
            folds=held_out_rows(photos.series_folds[0]),
        )
    return FittedCandidate(
        head=fitted.head,
        temperature=fitted.calibration.temperature,
        confidence_threshold=threshold,
        scope=fitted.scope,
        true=true,
        direct_scores=scores_at(fitted.head.logits(photos.embeddings), 1.0),
        groups=_at_least(calibrated_scores(groups, true, in_scope=fitted.in_scope), raised),
        series=_at_least(calibrated_scores(series, true, in_scope=fitted.in_scope), raised),
        unseen_sources={name: one.at(threshold) for name, one in unseen.items()},
        unseen_conditions=conditions,
        source_checks=checks,
    )


def _at_least(held_out: HeldOutScores, threshold: float) -> HeldOutScores:
    """Return the scores with only those confident answers that reach a threshold, too."""
    reached = np.nan_to_num(held_out.scores.max(axis=2)) >= threshold
    return replace(held_out, confident=held_out.confident & reached)
