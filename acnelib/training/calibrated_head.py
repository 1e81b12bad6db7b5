"""A head with its calibration and scope, fitted to embeddings of photos."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.folds import REPEATS, fold_numbers, held_out_rows
from acnelib.training.cross_val import cross_val_logits
from acnelib.training.head import Head, fit_head
from acnelib.training.held_out import HeadCalibration, fit_calibration
from acnelib.training.scope import Scope, fit_scope, out_of_fold_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.family_score import BackgroundEmbeddings

SCOPE_REPEATS = 2
"""Sets of folds for the limits of the scope, whose fit takes the longest."""


@dataclass(frozen=True, kw_only=True)
class TrainingSet:
    """What a candidate is fitted to.

    Attributes:
        embeddings: Of the photos of the classes, [N, D].
        labels: Class of each.
        groups: Group of each.
        group_folds: Fold of each photo's group in each repeat, [repeats, N].
        series: Series of each, never smaller than its group.
        sources: Names of the sources of each.
        background: Photos of other conditions; None without any.
    """

    embeddings: npt.NDArray[np.float32]
    labels: Sequence[str]
    groups: Sequence[str]
    group_folds: npt.NDArray[np.int64]
    series: Sequence[str]
    sources: Sequence[tuple[str, ...]]
    background: BackgroundEmbeddings | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def series_folds(self) -> npt.NDArray[np.int64]:
        """Fold of each photo's series in each repeat, [repeats, N]."""
        return fold_numbers(self.series, repeats=REPEATS)

    def rows(self, chosen: npt.NDArray[np.int64]) -> TrainingSet:
        """Return some of the photos of the classes, with the whole background."""
        rows = chosen.tolist()
        return replace(
            self,
            embeddings=self.embeddings[chosen],
            group_folds=self.group_folds[:, chosen],
            labels=[self.labels[row] for row in rows],
            groups=[self.groups[row] for row in rows],
            series=[self.series[row] for row in rows],
            sources=[self.sources[row] for row in rows],
        )


@dataclass(frozen=True, kw_only=True)
class CalibratedHead:
    """A head with its calibration and scope, fitted to all photos that it was given.

    Attributes:
        head: The head, its logits divided by the temperature.
        calibration: Temperature and threshold, fitted to photos of series held out.
        scope: The scope, with its limits.
        in_scope: Whether each photo is in scope by those of other series, [repeats, N].
    """

    head: Head
    calibration: HeadCalibration
    scope: Scope
    in_scope: npt.NDArray[np.bool_]


def fit_calibrated_head(
    photos: TrainingSet, *, series_logits: npt.NDArray[np.float64] | None = None, scope_repeats: int = SCOPE_REPEATS
) -> CalibratedHead:
    """Fit a head and a scope on all photos, calibrated by what others fitted without a photo's series say of it.

    Args:
        photos: Photos of two classes at least.
        series_logits: Logits of each photo by heads that were fitted without its series, [repeats, N, labels], if they
            are known.
        scope_repeats: Sets of folds for the limits of the scope.
    """
    head = fit_head(photos.embeddings, photos.labels)
    if series_logits is None:
        series_logits = np.stack(
            [
                cross_val_logits(photos.embeddings, photos.labels, labels=head.labels, folds=held_out_rows(one))
                for one in photos.series_folds
            ]
        )
    scope, in_scope = fit_limited_scope(photos, [held_out_rows(one) for one in photos.series_folds[:scope_repeats]])
    repeats = len(series_logits)
    in_scope = in_scope[np.arange(repeats) % len(in_scope)]
    fitted = fit_calibration(
        series_logits.reshape(-1, len(head.labels)),
        np.tile(columns_of(photos.labels, head.labels), repeats),
        in_scope=in_scope.ravel(),
        repeats=repeats,
    )
    return CalibratedHead(head=head.cooled(fitted.temperature), calibration=fitted, scope=scope, in_scope=in_scope)


def columns_of(truth: Sequence[str], labels: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the column of each true label."""
    column = {label: place for place, label in enumerate(labels)}
    return np.array([column[label] for label in truth], dtype=np.int64)


def fit_limited_scope(
    photos: TrainingSet, repeats: Sequence[Sequence[npt.NDArray[np.int64]]]
) -> tuple[Scope, npt.NDArray[np.bool_]]:
    """Return the scope with its limits, and whether each photo is in that of the photos outside its fold.

    Args:
        photos: The photos.
        repeats: For each repeat, the rows that each fold holds out.

    Returns:
        The scope, and [repeats, N].
    """
    distances, scores = out_of_fold_scope(photos.embeddings, photos.labels, repeats, photos.background)
    scope = fit_scope(photos.embeddings, photos.labels, background=photos.background)
    scope = scope.limited(distances, family_scores=scores)
    outside: npt.NDArray[np.bool_] = scope.excess_of(distances=distances, family_scores=scores) > 1
    return scope, ~outside
