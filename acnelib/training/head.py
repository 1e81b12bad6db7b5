"""The head: a linear discriminant on embeddings, in which every class has the same say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

SHRINKAGE = 0.4
"""Share of the covariance that is given up for its mean variance: few photos and many features want much."""


@dataclass(frozen=True)
class Head:
    """A linear map from embeddings to logits.

    Attributes:
        kernel: [D, labels], float64.
        bias: [labels], float64.
        labels: Labels in the order of the columns.
    """

    kernel: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    labels: tuple[str, ...]

    def logits(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return logits [N, labels] of embeddings [N, D]."""
        logits: npt.NDArray[np.float64] = embeddings.astype(np.float64) @ self.kernel + self.bias
        return logits

    def cooled(self, temperature: float) -> Head:
        """Return the head whose logits are divided by a temperature."""
        return Head(self.kernel / temperature, self.bias / temperature, self.labels)


def fit_head(embeddings: npt.NDArray[np.float32], truth: Sequence[str], *, shrinkage: float = SHRINKAGE) -> Head:
    """Fit a linear discriminant of classes with equal priors and one covariance (Fisher 1936; Friedman 1989).

    The covariance is the mean of the classes' own, each with the same weight, so that a common class does not decide
    alone what varies; it is shrunk towards the identity times its mean variance along the directions that the photos
    span.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo.
        shrinkage: Share of the covariance that is given up, above 0 and below 1.
    """
    labels, known = np.unique(np.asarray(truth), return_inverse=True)
    raw = embeddings.astype(np.float64)
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale == 0] = 1.0  # a channel that is always off
    rows = (raw - mean) / scale
    means = np.stack([rows[known == column].mean(axis=0) for column in range(len(labels))])
    apart = (rows - means[known]) / np.sqrt(len(labels) * np.bincount(known)[known])[:, None]
    spread = float((apart**2).sum()) / min(rows.shape[1], max(1, len(rows) - 1))
    level = shrinkage * spread or 1.0  # photos that are all alike within their class: the nearest mean wins
    apart *= np.sqrt(1 - shrinkage)
    # The covariance is level · I plus a direction for each photo: its inverse takes a matrix of photos, not features.
    inner = level * np.eye(len(rows)) + apart @ apart.T
    directions = (means.T - apart.T @ np.linalg.solve(inner, apart @ means.T)) / level
    kernel = directions / scale[:, None]
    bias = -0.5 * (means.T * directions).sum(axis=0) - mean @ kernel
    return Head(kernel, bias, tuple(str(label) for label in labels))
