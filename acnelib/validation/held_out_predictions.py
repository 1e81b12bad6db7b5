"""Predictions of held-out photos, each by a model trained on the remaining photos, and their metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.folds import group_folds
from acnelib.errors import DataUnusable
from acnelib.evaluation.calibration import calibration_of
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.metrics import evaluate_scores, macro_f1
from acnelib.training.calibration import scores_at
from acnelib.training.fitting import fit_calibrated_head
from acnelib.verdicts import is_confident

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_PERMUTATIONS = 20  # of the true_labels, for what the same answers reach by chance


@dataclass(frozen=True, kw_only=True)
class HeldOutPredictions:
    """Predictions of photos by models trained without them.

    Attributes:
        labels: All labels, in the order of the scores.
        true_labels: Label of each photo, as used in training.
        scores: Calibrated, [photos, labels].
        confident: Whether each answer is confident and in scope, [photos].
        in_scope: Whether each photo is like the training photos, [photos].
    """

    labels: tuple[str, ...]
    true_labels: Sequence[str]
    scores: npt.NDArray[np.float64]
    confident: npt.NDArray[np.bool_]
    in_scope: npt.NDArray[np.bool_]

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
            groups: Group of each photo, the unit of a calibrated model's errors.
        """
        metrics = evaluate_scores(
            self.scores, self.true_labels, labels=self.labels, confident=self.confident, groups=groups
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
    embeddings: npt.NDArray[np.float32],
    true_labels: Sequence[str],
    *,
    units: Sequence[str],
    groups: Sequence[str],
    seed: int,
) -> HeldOutPredictions:
    """Predict each fold with a model trained on the remaining photos.

    The training includes inner folds by groups. A label that is absent from the remaining photos gets score 0.

    Args:
        embeddings: [photos, D].
        true_labels: Label of each photo.
        units: Unit of each photo, which folds never divide.
        groups: Group of each photo, for the inner folds.
        seed: Random seed.

    Raises:
        DataUnusable: A fold leaves fewer than two classes to train on.
    """
    labels, known, group_of = tuple(sorted(set(true_labels))), np.asarray(true_labels), np.asarray(groups)
    scores = np.zeros((len(true_labels), len(labels)))
    confident, in_scope = np.zeros(len(true_labels), dtype=bool), np.zeros(len(true_labels), dtype=bool)
    for held_out in group_folds(true_labels, units, seed=seed):
        rest = np.setdiff1d(np.arange(len(true_labels)), held_out)
        rest_truth = known[rest].tolist()
        if len(set(rest_truth)) < 2:
            raise DataUnusable(
                f"the {len(true_labels)} photos of {', '.join(labels)} cannot be held apart so that two classes are "
                "left to train on: add photos of other patients"
            )
        fitted = fit_calibrated_head(
            embeddings[rest], rest_truth, folds=group_folds(rest_truth, group_of[rest].tolist(), seed=seed)
        )
        columns = np.array([labels.index(label) for label in fitted.head.labels])
        scores[held_out[:, None], columns] = scores_at(fitted.head.logits(embeddings[held_out]), 1.0)
        in_scope[held_out] = fitted.scope.contains(embeddings[held_out])
        reached = scores[held_out].max(axis=1) >= fitted.confidence_threshold
        confident[held_out] = is_confident(reached, in_scope=in_scope[held_out])
    return HeldOutPredictions(
        labels=labels, true_labels=true_labels, scores=scores, confident=confident, in_scope=in_scope
    )
