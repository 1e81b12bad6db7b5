"""Selective classification: accuracy of the most confident share of the photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation_record import ThresholdShare
from acnelib.share_estimates import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.evaluation.scored_photos import ScoredPhotos

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Coverages in tables."""

STEPS = 100
"""Threshold steps of :func:`confident_curve`, one per percent."""

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class SelectivePoint(ThresholdShare):
    """The most confident photos down to one confidence.

    Attributes:
        coverage: Their share of all photos, 0–1.
    """

    coverage: float


@dataclass(frozen=True, kw_only=True)
class Selective:
    """Accuracy by coverage.

    Attributes:
        curve: Points from the most confident photos to all; photos of equal confidence share a point.
        aurc: Area under the risk–coverage curve (Geifman and El-Yaniv 2017): mean error over all
            coverages; lower is better.
        error: Error over all photos, which is the area for a random confidence.
        confidence_threshold: The model's threshold.
        confident: The answers in scope that reach it; None without any.
    """

    curve: tuple[SelectivePoint, ...]
    aurc: float
    error: float
    confidence_threshold: float
    confident: SelectivePoint | None

    def at(self, coverages: Sequence[float] = COVERAGES) -> tuple[SelectivePoint, ...]:
        """Return, for each coverage, the point with the least coverage that reaches it."""
        reached = np.searchsorted([point.coverage + _ROUNDING for point in self.curve], coverages)
        return tuple(self.curve[place] for place in reached.tolist())


def selective_of(answers: ScoredPhotos) -> Selective:
    """Order photos by confidence and compute the accuracy at each coverage.

    Args:
        answers: Scored photos, at least one.
    """
    curve = _curve(answers, among=len(answers.photos))
    widths = np.diff([0.0, *(point.coverage for point in curve)])
    risks = 1 - np.array([point.accuracy for point in curve])
    sure = [point for point in confident_curve(answers) if point.confidence >= answers.confidence_threshold]
    return Selective(
        curve=curve,
        aurc=float(widths @ risks),
        error=float(risks[-1]),
        confidence_threshold=answers.confidence_threshold,
        confident=sure[-1] if sure else None,
    )


def confident_curve(answers: ScoredPhotos) -> tuple[SelectivePoint, ...]:
    """Return the confident answers at each threshold, with their accuracy.

    Unlike in the curve of :func:`selective_of`, photos out of scope count as not covered. Answers from several sets of
    folds all count, and each photo once.

    Args:
        answers: Scored photos; possibly none in scope.

    Returns:
        In descending order of confidence: for each whole percent and for the model's threshold, the point with the
        lowest confidence that reaches it, without repetition. No answer reaches a threshold above the first point.
    """
    in_scope = answers.subset({photo.sha256 for photo in answers.photos if photo.in_scope})
    if not in_scope.photos:
        return ()
    curve = _curve(in_scope, among=len(answers.photos))
    confidences = np.array([point.confidence for point in curve])
    thresholds = [*(step / STEPS for step in range(STEPS + 1)), answers.confidence_threshold]
    reached = {int((confidences >= threshold).sum()) for threshold in thresholds}
    return tuple(curve[number - 1] for number in sorted(reached - {0}))


def _curve(answers: ScoredPhotos, *, among: int) -> tuple[SelectivePoint, ...]:
    """Return a point for each distinct confidence, in descending order; coverage is relative to ``among`` photos."""
    confidence = answers.scores.max(axis=1)
    right = np.array(answers.predicted_labels) == np.array(answers.true_labels)
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], right[order]
    _, group_of = np.unique([photo.group for photo in answers.photos], return_inverse=True)
    new = np.zeros(len(order), dtype=int)
    new[np.unique(group_of[order], return_index=True)[1]] = 1
    groups, hits = np.cumsum(new), np.cumsum(right)
    ends = np.flatnonzero(np.append(confidence[1:] < confidence[:-1], True)).tolist()
    return tuple(
        SelectivePoint(
            coverage=(end + 1) / among,
            photos=max(1, round((end + 1) / answers.repeats)),
            groups=int(groups[end]),
            confidence=float(confidence[end]),
            accuracy=float(hits[end]) / (end + 1),
            interval=wilson(float(hits[end]) / (end + 1), int(groups[end])),
        )
        for end in ends
    )
