"""Cross-validated logits by heads that were fitted without a photo's fold, with further folds inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.folds import held_out_rows
from acnelib.training.head import fit_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NEVER_SEEN = -1e4
"""Logit of a label that the photos of a fold do not show: a score of 0, however low the logits of the others are."""


@dataclass(frozen=True, kw_only=True)
class NestedLogits:
    """Logits of one repeat of cross-validation; NaN where fewer than two labels were left to learn.

    Attributes:
        folds: The rows that each fold holds out.
        logits: [photos, labels]; each photo by a head that was fitted without its fold.
        inner: For each fold, [photos, labels]: each photo outside the fold, by a head that was fitted without that fold
            and without the photo's own. What is fitted to them has not seen the fold. NaN for the fold itself.
    """

    folds: list[npt.NDArray[np.int64]]
    logits: npt.NDArray[np.float64]
    inner: list[npt.NDArray[np.float64]]


def cross_val_logits(
    embeddings: npt.NDArray[np.float32],
    truth: Sequence[str],
    *,
    labels: Sequence[str],
    folds: Sequence[npt.NDArray[np.int64]],
) -> npt.NDArray[np.float64]:
    """Return logits [photos, labels] of each photo by a head that was fitted without its fold.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo.
        labels: Labels in the order of the columns.
        folds: The rows that each fold holds out.
    """
    logits = np.full((len(truth), len(labels)), np.nan)
    for held_out in folds:
        logits[held_out] = _logits_without(held_out, embeddings, truth, labels=labels)
    return logits


def nested_logits(
    embeddings: npt.NDArray[np.float32],
    truth: Sequence[str],
    *,
    labels: Sequence[str],
    numbers: npt.NDArray[np.int64],
) -> NestedLogits:
    """Return the logits of one repeat of nested cross-validation.

    A head that was fitted without two folds serves both: for either it is an inner one of the other. Five folds so need
    five heads and ten inner ones.

    Args:
        embeddings: [photos, D].
        truth: Label of each photo.
        labels: Labels in the order of the columns.
        numbers: Fold of each photo, [photos].
    """
    folds = held_out_rows(numbers)
    inner = [np.full((len(truth), len(labels)), np.nan) for _ in folds]
    for one in range(len(folds)):
        for other in range(one + 1, len(folds)):
            both = np.concatenate([folds[one], folds[other]])
            logits = _logits_without(both, embeddings, truth, labels=labels)
            inner[other][folds[one]] = logits[: len(folds[one])]
            inner[one][folds[other]] = logits[len(folds[one]) :]
    return NestedLogits(
        folds=folds, logits=cross_val_logits(embeddings, truth, labels=labels, folds=folds), inner=inner
    )


def _logits_without(
    held_out: npt.NDArray[np.int64],
    embeddings: npt.NDArray[np.float32],
    truth: Sequence[str],
    *,
    labels: Sequence[str],
) -> npt.NDArray[np.float64]:
    """Return the logits of photos by a head that is fitted on all others: [held_out, labels].

    Labels that the others do not show get :data:`NEVER_SEEN`; all are NaN if the others show fewer than two labels.
    """
    rest = np.setdiff1d(np.arange(len(truth)), held_out)
    known = np.asarray(truth)[rest].tolist()
    if len(set(known)) < 2:
        return np.full((len(held_out), len(labels)), np.nan)
    head = fit_head(embeddings[rest], known)
    columns = np.array([list(labels).index(label) for label in head.labels], dtype=np.int64)
    logits = np.full((len(held_out), len(labels)), NEVER_SEEN)
    logits[:, columns] = head.logits(embeddings[held_out])
    return logits
