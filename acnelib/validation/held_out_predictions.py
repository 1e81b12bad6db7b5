"""Predictions of held-out photos, each by a model trained on the remaining photos, and their metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.evaluation.calibration import calibration_of
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.metrics import evaluate_scores, macro_f1
from acnelib.training.calibrated_head import columns_of, fit_limited_scope
from acnelib.training.cross_val import nested_logits
from acnelib.training.held_out import calibrated_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.calibrated_head import TrainingSet

_PERMUTATIONS = 20  # of the true_labels, for what the same answers reach by chance


@dataclass(frozen=True, kw_only=True)
class HeldOutPredictions:
    """Predictions of photos by models trained without them.

    Attributes:
        rows: The photos, ascending: rows of the photos that the folds divide.
        labels: All labels, in the order of the scores.
        true_labels: Label of each photo, as used in training.
        scores: Calibrated, [photos, labels].
        confident: Whether each answer is confident and in scope, [photos].
        in_scope: Whether each photo is like the training photos, [photos].
        true_classes_only: Whether macro-F1 is the mean over the classes of these photos only.
    """

    rows: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    true_labels: Sequence[str]
    scores: npt.NDArray[np.float64]
    confident: npt.NDArray[np.bool_]
    in_scope: npt.NDArray[np.bool_]
    true_classes_only: bool = False

    @property
    def true(self) -> npt.NDArray[np.int64]:
        """Column of each true label."""
        return np.array([self.labels.index(label) for label in self.true_labels])

    @property
    def predicted(self) -> npt.NDArray[np.int64]:
        """Column of the highest score of each photo."""
        predicted: npt.NDArray[np.int64] = self.scores.argmax(axis=1)
        return predicted

    def figures(self, groups: Sequence[str]) -> dict[str, float | None]:
        """Return metrics by name; None for an undefined metric.

        Args:
            groups: Group of every photo that the folds divide, the unit of a calibrated model's errors.
        """
        groups = [groups[row] for row in self.rows.tolist()]
        metrics = evaluate_scores(
            self.scores,
            self.true_labels,
            labels=self.labels,
            confident=self.confident,
            groups=groups,
            true_classes_only=self.true_classes_only,
        )
        chance = np.random.default_rng(0)
        by_chance = [macro_f1(chance.permutation(self.true), self.predicted) for _ in range(_PERMUTATIONS)]
        return {
            "macro_f1": metrics.macro_f1,
            "macro_f1_by_chance": float(np.mean(by_chance)),
            "balanced_accuracy": metrics.balanced_accuracy,
            "accuracy": metrics.accuracy,
            "ece": metrics.ece,
            "ece_limit": calibration_of(self._answers(groups)).ece.band[1],
            "nll": metrics.nll,
            "brier": metrics.brier,
            "coverage": metrics.coverage,
            "selective_accuracy": metrics.selective_accuracy,
            "out_of_scope": float((~self.in_scope).mean()),
        }

    def _answers(self, groups: Sequence[str]) -> ScoredPhotos:
        rows = enumerate(zip(self.true_labels, groups, self.scores.tolist(), strict=True))
        photos = (
            ScoredPhoto(sha256=str(place), true_label=true_label, group=group, scores=tuple(scores))
            for place, (true_label, group, scores) in rows
        )
        return ScoredPhotos(labels=self.labels, confidence_threshold=1.0, photos=tuple(photos))


def predict_held_out(
    photos: TrainingSet, true_labels: Sequence[str], *, numbers: npt.NDArray[np.int64]
) -> HeldOutPredictions:
    """Predict each fold with a model trained on the remaining photos, with further folds inside.

    A label that is absent from the remaining photos gets score 0.

    Args:
        photos: The photos.
        true_labels: Label of each photo, those that are learnt.
        numbers: Fold of each photo.

    Raises:
        DataUnusable: No fold leaves two classes to train on.
    """
    labels = tuple(sorted(set(true_labels)))
    nested = nested_logits(photos.embeddings, true_labels, labels=labels, numbers=numbers)
    _, in_scope = fit_limited_scope(photos, [nested.folds])
    held_out = calibrated_scores([nested], columns_of(true_labels, labels), in_scope=in_scope)
    rows = np.flatnonzero(~np.isnan(held_out.scores[0]).any(axis=1))
    if not len(rows):
        raise DataUnusable(
            f"the {len(true_labels)} photos of {', '.join(labels)} cannot be held apart so that two classes are "
            "left to train on: add photos of other patients"
        )
    return HeldOutPredictions(
        rows=rows,
        labels=labels,
        true_labels=[true_labels[row] for row in rows.tolist()],
        scores=held_out.scores[0, rows],
        confident=held_out.confident[0, rows],
        in_scope=held_out.in_scope[0, rows],
    )


def joined(parts: Sequence[HeldOutPredictions]) -> HeldOutPredictions:
    """Return the predictions of several sets of photos together; a photo of two sets keeps its first prediction."""
    rows, first = np.unique(np.concatenate([one.rows for one in parts]), return_index=True)
    true_labels = [label for one in parts for label in one.true_labels]
    return HeldOutPredictions(
        rows=rows,
        labels=parts[0].labels,
        true_labels=[true_labels[place] for place in first.tolist()],
        scores=np.concatenate([one.scores for one in parts])[first],
        confident=np.concatenate([one.confident for one in parts])[first],
        in_scope=np.concatenate([one.in_scope for one in parts])[first],
        true_classes_only=parts[0].true_classes_only,
    )
