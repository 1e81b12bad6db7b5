"""Paired comparison of two models by their refusals of the same photos of other skin conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.paired_comparison import ROUNDS, share_above
from acnelib.metrics import bootstrapped_sums

if TYPE_CHECKING:
    from acnelib.evaluation.scored_photos import ScoredPhotos

FEWEST_CONDITIONS = 10
"""Fewest conditions for a claim."""

_SEED = 0


@dataclass(frozen=True, kw_only=True)
class RefusalComparison:
    """Refusals of the same photos by candidate and production, neither of which knows their conditions.

    Attributes:
        photos: Number of photos.
        conditions: Number of their conditions, the unit of the bootstrap.
        candidate: Share of them that the candidate refuses, 0–1.
        production: Share of them that production refuses, 0–1.
        better: Probability (0–1) that the candidate refuses more, by the paired bootstrap over conditions; ties count
            half.
    """

    photos: int
    conditions: int
    candidate: float
    production: float
    better: float


def compare_refusals(candidate: ScoredPhotos, production: ScoredPhotos) -> RefusalComparison | None:
    """Compare two models by the same photos in the same order; the group of a photo is its condition.

    Returns:
        None if there are too few conditions for a claim.
    """
    conditions = [photo.group for photo in candidate.photos]
    if len(set(conditions)) < FEWEST_CONDITIONS:
        return None
    ours, theirs = (
        np.array([not photo.in_scope for photo in answers.photos], dtype=np.float64)
        for answers in (candidate, production)
    )
    more = bootstrapped_sums(ours - theirs, groups=conditions, seed=_SEED, rounds=ROUNDS)
    return RefusalComparison(
        photos=len(conditions),
        conditions=len(set(conditions)),
        candidate=float(ours.mean()),
        production=float(theirs.mean()),
        better=share_above(more),
    )
