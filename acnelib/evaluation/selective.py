"""How right a model is where it is sure: accuracy among the surest share of the photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.evaluation.scored_photos import ScoredPhotos

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of the photos that tables tell of."""

STEPS = 100
"""Thresholds that :func:`confident_curve` tells of: as many as there are whole percents."""


@dataclass(frozen=True, kw_only=True)
class SelectivePoint:
    """The surest photos.

    Attributes:
        coverage: Their share of all photos, 0–1.
        photos: How many they are.
        groups: Their groups.
        confidence: The lowest confidence among them.
        accuracy: Share of them that is right.
        interval: 95 % Wilson interval of it, over groups.
    """

    coverage: float
    photos: int
    groups: int
    confidence: float
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Selective:
    """Accuracy by coverage.

    Attributes:
        curve: From the surest photos to all; photos of equal confidence stand or fall together.
        aurc: Area under the risk–coverage curve (Geifman and El-Yaniv 2017): mean share of wrong answers over all
            coverages, less is better.
        error: Share of wrong answers among all photos: the area that a model has whose confidence says nothing.
        confidence_threshold: The model's threshold.
        confident: The photos with a confident answer; None when there are none.
    """

    curve: tuple[SelectivePoint, ...]
    aurc: float
    error: float
    confidence_threshold: float
    confident: SelectivePoint | None

    def at(self, coverages: Sequence[float] = COVERAGES) -> tuple[SelectivePoint, ...]:
        """Return the points that cover at least so much, each as little more as equal confidences allow."""
        photos = self.curve[-1].photos
        wanted = [max(1, int(np.ceil(coverage * photos - 1e-9))) for coverage in coverages]
        reached = np.searchsorted([point.photos for point in self.curve], wanted)
        return tuple(self.curve[place] for place in reached.tolist())


def selective_of(answers: ScoredPhotos) -> Selective:
    """Order photos by confidence and count the right ones.

    Args:
        answers: Photos, at least one.
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
    """Return how many answers each threshold would call confident, and how many of these are right.

    Unlike in :func:`selective_of`, photos out of scope are never among them and count as not covered.

    Args:
        answers: Photos; there may be none in scope.

    Returns:
        From the highest confidence to the lowest: for each whole percent and for the model's own threshold, the point
        with the lowest confidence that reaches it, each point once. Thresholds above the first are reached by none.
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
    """Return a point for each confidence that occurs, from the highest to the lowest; coverage is of so many photos."""
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
            photos=end + 1,
            groups=int(groups[end]),
            confidence=float(confidence[end]),
            accuracy=float(hits[end]) / (end + 1),
            interval=wilson(float(hits[end]) / (end + 1), int(groups[end])),
        )
        for end in ends
    )
