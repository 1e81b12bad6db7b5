"""Refusals of photos of the classes by skin tone: shares by thirds of the typology angle, and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.metrics import BOOTSTRAP_ROUNDS, INTERVAL, bootstrapped_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LARGEST_GAP = 0.05
"""Largest difference between two thirds that needs no mention."""

_THIRDS = 3


@dataclass(frozen=True, kw_only=True)
class Third:
    """One third of the photos by their estimated skin tone.

    Attributes:
        photos: Number of photos.
        refused: Share of them that is refused.
        angles: Lowest and highest typology angle, in degrees.
    """

    photos: int
    refused: float
    angles: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class ToneGap:
    """Refusals by estimated skin tone.

    Attributes:
        thirds: Darkest, middle and lightest third.
        gap: Share refused of the darkest third minus that of the lightest.
        interval: 95 % bootstrap interval of the gap over groups.
        unestimated: Photos without an estimate, which are in no third.
    """

    thirds: tuple[Third, ...]
    gap: float
    interval: tuple[float, float]
    unestimated: int

    @property
    def largest_difference(self) -> float:
        """Largest difference between the shares refused of any two thirds."""
        shares = [third.refused for third in self.thirds]
        return max(shares) - min(shares)

    @property
    def is_small(self) -> bool:
        """Whether no two thirds differ by more than 0.05."""
        return self.largest_difference <= LARGEST_GAP


def tone_gap(
    refused: npt.NDArray[np.bool_] | npt.NDArray[np.float64],
    angles: npt.NDArray[np.float64],
    *,
    groups: Sequence[str] | None = None,
    seed: int = 0,
    rounds: int = BOOTSTRAP_ROUNDS,
) -> ToneGap | None:
    """Compare refusals of the darkest and the lightest third of photos.

    The interval is a percentile bootstrap over groups (Efron 1979); the limits of the thirds are not drawn again.
    Photos with the same angle may fall into neighbouring thirds, in their order.

    Args:
        refused: Whether each photo is refused, or in which share of its answers, [N].
        angles: Typology angle of each in degrees, [N]; NaN without an estimate.
        groups: Group of each; default: each photo by itself.
        seed: Seed of the bootstrap.
        rounds: Number of bootstrap samples.

    Returns:
        The comparison; None with fewer than three photos that have an estimate.
    """
    known = np.flatnonzero(~np.isnan(angles))
    if len(known) < _THIRDS:
        return None
    parts = np.array_split(known[np.argsort(angles[known], kind="stable")], _THIRDS)
    counts = np.zeros((len(refused), _THIRDS, 2))
    for place, rows in enumerate(parts):
        counts[rows, place, 0], counts[rows, place, 1] = refused[rows], 1
    units = [str(row) for row in known] if groups is None else [groups[int(row)] for row in known]
    drawn = bootstrapped_sums(counts[known], groups=units, seed=seed, rounds=rounds)
    # A sample may hold no photo of a third.
    shares = np.divide(drawn[..., 0], drawn[..., 1], out=np.full(drawn.shape[:2], np.nan), where=drawn[..., 1] > 0)
    gaps = shares[:, 0] - shares[:, -1]
    tail = (1 - INTERVAL) / 2
    gap = float(refused[parts[0]].mean() - refused[parts[-1]].mean())
    gaps = gaps[~np.isnan(gaps)] if not np.isnan(gaps).all() else np.array([gap])
    low, high = np.quantile(gaps, [tail, 1 - tail])
    return ToneGap(
        thirds=tuple(
            Third(
                photos=len(rows),
                refused=float(refused[rows].mean()),
                angles=(float(angles[rows].min()), float(angles[rows].max())),
            )
            for rows in parts
        ),
        gap=gap,
        interval=(float(low), float(high)),
        unestimated=len(angles) - len(known),
    )
