"""The effect of a threshold on photos that the model never saw; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acnelib.evaluation_record import ThresholdShare

MIN_GROUPS = 10
"""Groups of photos below which a share says little: as many as the reports ask for."""


@dataclass(frozen=True, kw_only=True)
class ThresholdCurve:
    """Accuracy by threshold, exact at every whole percent and at the model's own threshold.

    Attributes:
        photos: All these photos, those out of scope included.
        points: From the highest confidence to the lowest; none where none of them was in scope.
    """

    photos: int
    points: tuple[ThresholdShare, ...]

    def at(self, threshold: float) -> ThresholdEffect:
        """Return the effect of a threshold (0–1)."""
        reached = [point for point in self.points if point.confidence >= threshold]
        return ThresholdEffect(all_photos=self.photos, confident=reached[-1] if reached else None)


@dataclass(frozen=True, kw_only=True)
class ThresholdEffect:
    """The effect of a threshold on photos that the model never saw.

    Attributes:
        all_photos: How many there were.
        confident: Those with a confident answer; None where there are none.
    """

    all_photos: int
    confident: ThresholdShare | None

    @property
    def coverage(self) -> float:
        """Share of the photos with a confident answer, 0–1."""
        return self.confident.photos / self.all_photos if self.confident and self.all_photos else 0.0

    @property
    def is_small(self) -> bool:
        """Whether these are too few independent photos for the shares to say much."""
        return self.confident is None or self.confident.groups < MIN_GROUPS
