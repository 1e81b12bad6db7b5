"""Cross-validated logits and distances, by heads that were fitted without the group of a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.training.head import fit_head
from acnelib.training.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NEVER_SEEN = -1e4
"""Logit of a label that the photos of a fold do not show: a score of 0, however low the logits of the others are."""


def cross_val_logits(
    embeddings: npt.NDArray[np.float32],
    truth: Sequence[str],
    *,
    labels: Sequence[str],
    folds: Sequence[npt.NDArray[np.int64]],
) -> npt.NDArray[np.float64]:
    """Return logits [photos, labels] of each photo by the head that was fitted without its fold.

    Rows are NaN where the rest of the photos shows fewer than two labels, so that nothing can be fitted.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo.
        labels: Labels in the order of the columns.
        folds: The rows that each fold holds out.
    """
    known = np.asarray(truth)
    logits = np.full((len(truth), len(labels)), np.nan)
    for held_out in folds:
        rest = np.setdiff1d(np.arange(len(truth)), held_out)
        if len(set(known[rest])) < 2:
            continue
        head = fit_head(embeddings[rest], known[rest].tolist())
        columns = np.array([list(labels).index(label) for label in head.labels], dtype=np.int64)
        logits[held_out] = NEVER_SEEN
        logits[held_out[:, None], columns] = head.logits(embeddings[held_out])
    return logits


def cross_val_distances(
    embeddings: npt.NDArray[np.float32], folds: Sequence[npt.NDArray[np.int64]]
) -> npt.NDArray[np.float64]:
    """Return the distance of each photo from those of other groups: [photos]."""
    distances = np.full(len(embeddings), np.nan)
    for held_out in folds:
        rest = np.setdiff1d(np.arange(len(embeddings)), held_out)
        if len(rest) > 1:
            distances[held_out] = Scope.of(embeddings[rest]).distances(embeddings[held_out])
    return distances
