"""The head: a balanced linear classifier on vectors, with the standardisation folded into it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

REGULARISATION = 0.01
"""Inverse strength of the L2 penalty: few photos and many features want a strong one."""


@dataclass(frozen=True)
class Head:
    """A linear map from raw vectors to logits.

    Attributes:
        kernel: [D, labels], float64.
        bias: [labels], float64.
        labels: Labels in the order of the columns.
    """

    kernel: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    labels: tuple[str, ...]

    def logits(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return logits [N, labels] of vectors [N, D]."""
        logits: npt.NDArray[np.float64] = vectors.astype(np.float64) @ self.kernel + self.bias
        return logits

    def cooled(self, temperature: float) -> Head:
        """Return the head whose logits are divided by a temperature."""
        return Head(self.kernel / temperature, self.bias / temperature, self.labels)


def fit_head(vectors: npt.NDArray[np.float32], truth: Sequence[str], *, regularisation: float = REGULARISATION) -> Head:
    """Fit multinomial logistic regression, classes weighted alike, on vectors of all views.

    Args:
        vectors: [photos, views, D]; every view is a training row.
        truth: Label of each photo.
        regularisation: Inverse strength of the L2 penalty (scikit-learn's C).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    photos, views, width = vectors.shape
    rows = vectors.reshape(photos * views, width).astype(np.float64)
    scaler = StandardScaler().fit(rows)
    # Each view counts a share of a photo, so that more views do not weaken the penalty.
    model = LogisticRegression(C=regularisation / views, class_weight="balanced", max_iter=2000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(scaler.transform(rows), np.repeat(np.asarray(truth), views))
    coefficients, intercept = model.coef_, model.intercept_
    if len(coefficients) == 1:  # scikit-learn gives two classes one row: the second against the first
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.array([-1, 1]) * intercept / 2
    kernel = (coefficients / scaler.scale_).T
    return Head(kernel, intercept - scaler.mean_ @ kernel, tuple(str(label) for label in model.classes_))
