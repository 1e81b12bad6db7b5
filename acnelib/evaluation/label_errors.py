"""Suspected label errors, for a person to check; they exclude no photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class SuspectedLabelError:
    """A photo whose label seems wrong to models trained without it.

    Attributes:
        sha256: SHA-256 of the photo.
        label: Its label.
        suggested: The label that fits better.
        score: Score of its label, 0–1.
        suggested_score: Score of the suggested one.
    """

    sha256: str
    label: str
    suggested: str
    score: float
    suggested_score: float


def find_label_errors(
    scores: npt.NDArray[np.float64], photos: Sequence[str], true_labels: Sequence[str], *, labels: Sequence[str]
) -> tuple[SuspectedLabelError, ...]:
    """Return the photos that are confidently predicted as another class, the most obvious first.

    Confident learning (Northcutt, Jiang and Chuang 2021): a photo counts as a class if its score for the class is at
    least the mean score of the photos with that label. A photo that counts as another class, and not as its own, is
    suspected. The mean compensates for a model that is more confident in some classes than in others.

    Args:
        scores: Out-of-fold scores [photos, labels]; rows of NaN are skipped.
        photos: SHA-256 of each photo.
        true_labels: Label of each.
        labels: Labels in the order of the columns.
    """
    own = np.array([list(labels).index(label) for label in true_labels], dtype=np.int64)
    judged = ~np.isnan(scores).any(axis=1)
    usual = np.array(
        [
            scores[judged & (own == column), column].mean() if (judged & (own == column)).any() else np.inf
            for column in range(len(labels))
        ]
    )
    label_errors = []
    for row in np.flatnonzero(judged).tolist():
        counted = np.where(scores[row] >= usual, scores[row], -1.0)
        best = int(counted.argmax())
        if counted[best] >= 0 and counted[own[row]] < 0 and scores[row, best] > scores[row, own[row]]:
            label_errors.append(
                SuspectedLabelError(
                    sha256=photos[row],
                    label=true_labels[row],
                    suggested=labels[best],
                    score=round(float(scores[row, own[row]]), 4),
                    suggested_score=round(float(scores[row, best]), 4),
                )
            )
    return tuple(sorted(label_errors, key=lambda one: (one.score - one.suggested_score, one.sha256)))
