"""Photos that may stand under the wrong label: label_errors for a person to look at; they exclude nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class SuspectedLabelError:
    """A photo whose label looks wrong to models that never saw it.

    Attributes:
        sha256: Which photo.
        label: The label it stands under.
        suggested: The label that fits better.
        score: Score of its own label, 0–1.
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
    """Return the photos that are confidently seen as another class, the plainest first.

    Confident learning (Northcutt, Jiang and Chuang 2021): a photo counts as a class when its score for it is at least
    the mean score that photos labelled so have for it; those that count as another class, and not as their own, are
    suspected. The mean makes up for a model that is surer of some classes than of others.

    Args:
        scores: Out-of-fold scores [photos, labels]; rows of NaN are passed over.
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
