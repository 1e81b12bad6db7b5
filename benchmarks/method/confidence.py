"""Calibration on out-of-fold logits or on a validation part, and thresholds for "confident" that hold elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from heads import fit
from scoring import out_of_fold
from stratified_folds import stratified_folds

from acnelib.metrics import macro_f1
from acnelib.share_estimates import expected_calibration_error
from acnelib.training.calibration import TARGET_SELECTIVE_ACCURACY, fit_temperature, fit_threshold, scores_at

if TYPE_CHECKING:
    import numpy.typing as npt
    from heads import Recipe

    Rows = npt.NDArray[np.float64]
    Columns = npt.NDArray[np.int64]

OUTER_FOLDS = 6
"""Five sixths to learn from, as a pipeline has that keeps 15 % for its test."""


def plain_threshold(scores: Rows, truth: Columns) -> float:
    """Return the lowest confidence above which answers were right as often as wanted, on these very photos."""
    confidence = scores.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    confidence, right = confidence[order], (scores.argmax(axis=1) == truth)[order]
    reached = np.flatnonzero(np.cumsum(right) / np.arange(1, len(right) + 1) >= TARGET_SELECTIVE_ACCURACY)
    return float(confidence[reached[-1]]) if len(reached) else 1.0


@dataclass(frozen=True)
class Held:
    """Scores of photos held apart, and which are confident by the plain rule and by the product's bound."""

    scores: Rows
    plain: npt.NDArray[np.bool_]
    bounded: npt.NDArray[np.bool_]


def held_apart(
    recipe: Recipe, vectors: Rows, truth: Columns, *, outer: Columns, inner: Columns, refitted: bool, seed: int
) -> Held:
    """Calibrate within each outer fold's rest, and score the fold.

    Args:
        recipe: How heads are fitted.
        vectors: [photos, views, D].
        truth: Columns of the labels.
        outer: Groups of the outer folds.
        inner: Groups of the inner ones.
        refitted: Whether the head learns from the whole rest, calibrated out of fold; else a sixth of it is kept as
            validation part.
        seed: Of all folds.
    """
    number = int(truth.max()) + 1
    scores = np.zeros((len(truth), number))
    plain, bounded = np.zeros(len(truth), bool), np.zeros(len(truth), bool)
    for held_out in stratified_folds(truth, outer, seed=100 + seed, folds=OUTER_FOLDS):
        rest = np.setdiff1d(np.arange(len(truth)), held_out)
        if refitted:
            learnt = known = rest
            logits = out_of_fold(recipe, vectors[rest], truth[rest], inner[rest], number=number, seed=seed)
        else:
            parts = stratified_folds(truth[rest], inner[rest], seed=seed, folds=OUTER_FOLDS)
            known, learnt = rest[parts[0]], np.setdiff1d(rest, rest[parts[0]])
        head = fit(recipe, vectors[learnt], truth[learnt], groups=inner[learnt], number=number)
        if not refitted:
            logits = head.logits(vectors[known])
        temperature = fit_temperature(logits, truth[known])
        calibrated = scores_at(logits, temperature)
        scores[held_out] = scores_at(head.logits(vectors[held_out]), temperature)
        confidence = scores[held_out].max(axis=1)
        plain[held_out] = confidence >= plain_threshold(calibrated, truth[known])
        bounded[held_out] = confidence >= fit_threshold(calibrated, truth[known])
    return Held(scores, plain, bounded)


def measured(held: Held, truth: Columns) -> dict[str, float]:
    """Return metrics of scores held apart, with the ECE that a perfectly calibrated model stays below in 95 %."""
    confidence, right = held.scores.max(axis=1), held.scores.argmax(axis=1) == truth
    drawn = np.random.default_rng(0).random((1000, len(truth))) < confidence
    perfect = [expected_calibration_error(confidence, row) for row in drawn]
    rows = np.arange(len(truth))
    return {
        "macro-F1": macro_f1(truth, held.scores.argmax(axis=1)),
        "accuracy": float(right.mean()),
        "ECE": expected_calibration_error(confidence, right),
        "ECE if perfect, 95 %": float(np.quantile(perfect, 0.95)),
        "NLL": float(-np.log(np.clip(held.scores[rows, truth], 1e-12, 1)).mean()),
        "Brier": float(((held.scores - np.eye(held.scores.shape[1])[truth]) ** 2).sum(axis=1).mean()),
        "coverage, plain": float(held.plain.mean()),
        "right of those": float(right[held.plain].mean()),
        "coverage, bounded": float(held.bounded.mean()),
        "right of these": float(right[held.bounded].mean()) if held.bounded.any() else float("nan"),
    }
