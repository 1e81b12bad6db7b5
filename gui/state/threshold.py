"""The effect of a threshold on the test photos; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_GROUPS = 10
"""Groups of photos below which a share says little: as many as the reports ask for."""


@dataclass(frozen=True, kw_only=True)
class ThresholdPoint:
    """The test photos whose answers are confident at some threshold.

    Attributes:
        confidence: The lowest confidence among them, 0–1.
        photos: How many they are, at least one.
        groups: How many groups of photos that belong together they make.
        accuracy: Share of them that is right, 0–1.
        interval: Its 95 % Wilson interval, over groups.
    """

    confidence: float
    photos: int
    groups: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class ThresholdCurve:
    """Accuracy by threshold, exact at every whole percent and at the model's own threshold.

    Attributes:
        photos: All test photos, those out of scope included.
        points: From the highest confidence to the lowest; none where no test photo was in scope.
    """

    photos: int
    points: tuple[ThresholdPoint, ...]

    @classmethod
    def of_evaluation(cls, test: Mapping[str, Any]) -> ThresholdCurve:
        """Return the curve of a bundle's metrics on test photos.

        Raises:
            KeyError, TypeError, ValueError: The metrics have none, or in another form.
        """
        curve = test["selective"]
        columns = (curve[name] for name in ("confidence", "photos", "groups", "accuracy", "low", "high"))
        points = tuple(
            ThresholdPoint(
                confidence=float(confidence),
                photos=int(photos),
                groups=int(groups),
                accuracy=float(accuracy),
                interval=(float(low), float(high)),
            )
            for confidence, photos, groups, accuracy, low, high in zip(*columns, strict=True)
        )
        return cls(photos=int(test["n"]), points=points)

    def at(self, threshold: float) -> ThresholdEffect:
        """Return the effect of a threshold (0–1)."""
        reached = [point for point in self.points if point.confidence >= threshold]
        return ThresholdEffect(all_photos=self.photos, confident=reached[-1] if reached else None)


@dataclass(frozen=True, kw_only=True)
class ThresholdEffect:
    """The effect of a threshold on the test photos.

    Attributes:
        all_photos: How many there were.
        confident: Those with a confident answer; None where there are none.
    """

    all_photos: int
    confident: ThresholdPoint | None

    @property
    def coverage(self) -> float:
        """Share of the test photos with a confident answer, 0–1."""
        return self.confident.photos / self.all_photos if self.confident and self.all_photos else 0.0

    @property
    def is_small(self) -> bool:
        """Whether these are too few independent photos for the shares to say much."""
        return self.confident is None or self.confident.groups < MIN_GROUPS
