"""Scope of a model: the distribution of its training photos, and the distance of other photos from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

FALSE_REJECTION = 0.02
"""Share of photos like the training photos that may count as out of scope."""

_LEAST_SPREAD = 0.3  # of the median one: what hardly ever shows in few photos would else decide alone


@dataclass(frozen=True)
class Scope:
    """Mean and variance of each feature over all photos: no single photo can be derived from them.

    Attributes:
        mean: [D], float64.
        precision: One over the variance, [D], float64, divided by D: distances of usual photos are about 1.
        limit: Distance beyond which a photo is out of scope.
    """

    mean: npt.NDArray[np.float64]
    precision: npt.NDArray[np.float64]
    limit: float = np.inf

    @classmethod
    def of(cls, embeddings: npt.NDArray[np.float32]) -> Scope:
        """Return the scope of embeddings [photos, D]."""
        rows = embeddings.astype(np.float64)
        spread = rows.std(axis=0)
        spread = np.maximum(spread, _LEAST_SPREAD * np.median(spread))
        spread[spread == 0] = 1.0  # photos that are all alike
        return cls(rows.mean(axis=0), 1 / (spread**2 * rows.shape[1]))

    def distances(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the mean squared distance of embeddings [N, D] from the mean, each feature in its own spread: [N]."""
        distances: npt.NDArray[np.float64] = ((embeddings - self.mean) ** 2) @ self.precision
        return distances

    def limited(self, distances: npt.NDArray[np.float64]) -> Scope:
        """Return the scope with the limit that rejects a few of some photos, of which it knew none.

        Args:
            distances: Out-of-fold distances; NaN counts nowhere.
        """
        known = distances[~np.isnan(distances)]
        if not len(known):
            return self
        return replace(self, limit=float(np.quantile(known, 1 - FALSE_REJECTION, method="higher")))
