"""Photos of sources and of conditions that were held apart, predicted by what the others teach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.training.calibrated_head import columns_of, fit_calibrated_head
from acnelib.training.calibration import scores_at
from acnelib.training.scope_checks import unseen_conditions
from acnelib.verdicts import is_confident

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from acnelib.training.calibrated_head import TrainingSet
    from acnelib.training.head import Head
    from acnelib.training.scope import Scope

UNSEEN_LEVEL = 0.8
"""Share of confident answers about photos of an unseen source that should be right."""

FEWEST_CONFIDENT = 10
"""Fewest confident answers about such photos for a claim."""


@dataclass(frozen=True, kw_only=True)
class UnseenPhotos:
    """Scores of the photos of one source by what the other sources teach.

    Attributes:
        rows: The photos whose class the others teach, [M].
        true: Column of the true label of each, [M].
        scores: Calibrated, [M, labels]; 0 for labels that the others do not teach.
        in_scope: Whether each is in scope by the others, [M].
        confident: Whether each answer is confident, [M].
        untaught: Number of photos of the source whose class the others do not teach.
    """

    rows: npt.NDArray[np.int64]
    true: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]
    in_scope: npt.NDArray[np.bool_]
    confident: npt.NDArray[np.bool_]
    untaught: int

    def at(self, threshold: float) -> UnseenPhotos:
        """Return the same with the confident answers at a threshold."""
        reached = self.scores.max(axis=1, initial=0.0) >= threshold
        return replace(self, confident=is_confident(reached, in_scope=self.in_scope))


@dataclass(frozen=True, kw_only=True)
class UnseenConditions:
    """Background photos by a scope that never saw their condition.

    Attributes:
        scores: Calibrated, [M, labels].
        refused: Whether each is out of scope, [M].
        confident: Whether each gets a confident answer, [M].
    """

    scores: npt.NDArray[np.float64]
    refused: npt.NDArray[np.bool_]
    confident: npt.NDArray[np.bool_]


def predict_unseen_sources(photos: TrainingSet, *, labels: Sequence[str]) -> dict[str, UnseenPhotos]:
    """Return the scores of each source's photos by a head, a calibration and a scope of the other sources.

    A series that reaches into the source is held apart as a whole. Sources without which fewer than two classes are
    left are missing, and so are sources whose classes the others do not teach.

    Args:
        photos: The photos.
        labels: Labels in the order of the columns.
    """
    names = sorted({name for sources in photos.sources for name in sources})
    return {name: one for name in names if (one := _unseen(name, photos, labels)) is not None}


def unseen_threshold(sources: Collection[UnseenPhotos], *, level: float = UNSEEN_LEVEL) -> float | None:
    """Return the lowest confidence from which answers about every source held apart reach a level.

    Each source counts by itself: one that is like the others must not hide one that is not. None if a source has no
    such confidence with enough confident answers, or if there is no source.
    """
    found = [_lowest(one, level) for one in sources]
    reached = [one for one in found if one is not None]
    return max(reached) if reached and len(reached) == len(found) else None


def _lowest(photos: UnseenPhotos, level: float) -> float | None:
    scores, true = photos.scores[photos.in_scope], photos.true[photos.in_scope]
    confidence = scores.max(axis=1, initial=0.0)
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], (scores.argmax(axis=1) == true)[order]
    number = np.arange(1, len(right) + 1)
    last_of_equals = np.append(confidence[1:] < confidence[:-1], True)[: len(right)]
    reached = np.flatnonzero((np.cumsum(right) / number >= level) & (number >= FEWEST_CONFIDENT) & last_of_equals)
    return float(confidence[reached[-1]]) if len(reached) else None


def predict_unseen_conditions(
    photos: TrainingSet, *, head: Head, scope: Scope, threshold: float
) -> UnseenConditions | None:
    """Return what becomes of the background photos, each by a scope that never saw its condition.

    Args:
        photos: Photos of the classes and background.
        head: The calibrated head, which learns from no background.
        scope: The scope, whose limits count.
        threshold: Lowest confidence of a confident answer.
    """
    if photos.background is None:
        return None
    refused = unseen_conditions(photos.embeddings, photos.labels, photos.background, scope=scope)
    scores = scores_at(head.logits(photos.background.embeddings), 1.0)
    confident = is_confident(scores.max(axis=1) >= threshold, in_scope=~refused)
    return UnseenConditions(scores=scores, refused=refused, confident=confident)


def _unseen(name: str, photos: TrainingSet, labels: Sequence[str]) -> UnseenPhotos | None:
    own = np.array([name in sources for sources in photos.sources])
    series = np.asarray(photos.series)  # never smaller than groups
    rest = np.flatnonzero(~np.isin(series, series[own]))
    taught = {photos.labels[row] for row in rest.tolist()}
    if len(taught) < 2:
        return None
    held = np.flatnonzero(own)
    rows = np.array([row for row in held.tolist() if photos.labels[row] in taught], dtype=np.int64)
    if not len(rows):
        return None
    fitted = fit_calibrated_head(photos.rows(rest), scope_repeats=1)
    embeddings = photos.embeddings[rows]
    scores = np.zeros((len(rows), len(labels)))
    scores[:, columns_of(fitted.head.labels, labels)] = scores_at(fitted.head.logits(embeddings), 1.0)
    return UnseenPhotos(
        rows=rows,
        true=columns_of([photos.labels[row] for row in rows.tolist()], labels),
        scores=scores,
        in_scope=fitted.scope.contains(embeddings),
        confident=np.zeros(len(rows), dtype=bool),
        untaught=len(held) - len(rows),
    )
