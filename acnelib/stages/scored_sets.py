"""Sets of scores that training leaves: by heads that never saw the photo, and by the final head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.stages.artifacts import CONDITIONS, FINAL, OUT_OF_FOLD, SERIES, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.dataset.splitting import Split
    from acnelib.training.fitting import FittedCandidate
    from acnelib.training.held_out import HeldOutScores
    from acnelib.training.unseen import UnseenConditions, UnseenPhotos


def scored_sets(
    split: Split, photos: list[str], fitted: FittedCandidate, series: Sequence[str]
) -> dict[str, ScoredPhotos]:
    """Return the scores of the photos by name of the set: by heads that never saw them, and by the final head.

    Photos of one series probably show one patient, so series are the units of intervals wherever they are held out.

    Args:
        split: The split.
        photos: Photos of the classes that the candidate was fitted to, in the order of its scores.
        fitted: The candidate.
        series: Series of each photo.
    """
    sets = {
        OUT_OF_FOLD: _repeats(split, photos, fitted.groups, units=[split.photos[sha256].group for sha256 in photos]),
        SERIES: _repeats(split, photos, fitted.series, units=series),
        FINAL: [
            ScoredPhoto(sha256=sha256, true_label=split.label(sha256), group=split.photos[sha256].group, scores=scores)
            for sha256, scores in zip(photos, map(tuple, fitted.direct_scores.tolist()), strict=True)
        ],
        **{f"{UNSEEN}{name}": _unseen(split, photos, one, series) for name, one in fitted.unseen_sources.items()},
    }
    if fitted.unseen_conditions is not None:
        sets[CONDITIONS] = _conditions(split, fitted.unseen_conditions)
    return {
        name: ScoredPhotos(
            labels=fitted.head.labels, confidence_threshold=fitted.confidence_threshold, photos=tuple(some)
        )
        for name, some in sets.items()
    }


def _conditions(split: Split, unseen: UnseenConditions) -> list[ScoredPhoto]:
    return [
        ScoredPhoto(
            sha256=sha256,
            true_label=split.label(sha256),
            group=split.label(sha256),
            scores=tuple(scores),
            in_scope=not refused,
            confident=confident,
        )
        for sha256, scores, refused, confident in zip(
            split.background,
            unseen.scores.tolist(),
            unseen.refused.tolist(),
            unseen.confident.tolist(),
            strict=True,
        )
    ]


def _unseen(split: Split, photos: list[str], unseen: UnseenPhotos, series: Sequence[str]) -> list[ScoredPhoto]:
    return [
        ScoredPhoto(
            sha256=photos[row],
            true_label=split.label(photos[row]),
            group=series[row],
            scores=tuple(scores),
            in_scope=in_scope,
            confident=confident,
        )
        for row, scores, in_scope, confident in zip(
            unseen.rows.tolist(),
            unseen.scores.tolist(),
            unseen.in_scope.tolist(),
            unseen.confident.tolist(),
            strict=True,
        )
    ]


def _repeats(split: Split, photos: list[str], held_out: HeldOutScores, *, units: Sequence[str]) -> list[ScoredPhoto]:
    """Return one score for each photo and set of folds that has some."""
    return [
        ScoredPhoto(
            sha256=sha256,
            true_label=split.label(sha256),
            group=unit,
            scores=tuple(scores),
            in_scope=in_scope,
            confident=confident,
            repeat=repeat,
        )
        for repeat in range(len(held_out.scores))
        for sha256, unit, scores, in_scope, confident in zip(
            photos,
            units,
            held_out.scores[repeat].tolist(),
            held_out.in_scope[repeat].tolist(),
            held_out.confident[repeat].tolist(),
            strict=True,
        )
        if not np.isnan(scores).any()
    ]
