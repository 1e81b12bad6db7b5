"""Metrics of a recipe's predictions on photos that it never saw, and paired differences from another recipe."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from acnelib.validation.cross_validation_record import (
    ClassEvaluation,
    HeldOutEvaluation,
    HeldOutUnit,
    MeanAndDeviation,
    PairedEvaluation,
    RecipeEvaluation,
    UnseenConditionShares,
)
from acnelib.validation.held_out_predictions import joined
from acnelib.validation.recipe_predictions import units_of
from acnelib.validation.resampled_shares import ResampledShares, scored_rows, share_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acnelib.stages.results import FeatureResult
    from acnelib.training.calibrated_head import TrainingSet
    from acnelib.training.unseen import UnseenConditions
    from acnelib.validation.held_out_predictions import HeldOutPredictions
    from acnelib.validation.recipe_predictions import RecipePredictions

_INTERVALS = ("macro_f1", "balanced_accuracy", "accuracy", "coverage", "selective_accuracy", "out_of_scope")


def evaluate_recipe(features: FeatureResult, photos: TrainingSet, predictions: RecipePredictions) -> RecipeEvaluation:
    """Return the metrics of one recipe.

    Args:
        features: Embeddings of the photos, whose networks are named.
        photos: The photos.
        predictions: Their predictions.
    """
    yardsticks = [_evaluation(repeats, apart, photos) for apart, repeats in predictions.repeats.items()]
    sources = predictions.unseen_sources
    by_source = {
        name: _evaluation([one.predictions], HeldOutUnit.SOURCES, photos).model_copy(
            update={"units": 1, "largest": len(one.predictions.rows), "untaught": one.untaught}
        )
        for name, one in sources.items()
    }
    if sources:
        together = _evaluation(_all_sources(predictions), HeldOutUnit.SOURCES, photos)
        untaught: Counter[str] = sum((Counter(one.untaught) for one in sources.values()), Counter())
        sizes = {"units": len(sources), "largest": max(one.photos for one in by_source.values())}
        yardsticks.append(together.model_copy(update={**sizes, "untaught": dict(sorted(untaught.items()))}))
    return RecipeEvaluation(
        backbone=features.backbone,
        weights="+".join(network.weights for network in features.networks),
        yardsticks=yardsticks,
        unseen_sources=by_source,
        unseen_conditions=_conditions(photos, predictions.unseen_conditions),
    )


def compare_recipes(
    photos: TrainingSet, candidates: dict[str, RecipePredictions], *, against: tuple[str, RecipePredictions]
) -> list[PairedEvaluation]:
    """Return paired differences of recipes from the first one, on the same photos and folds, over series.

    Args:
        photos: The photos.
        candidates: Predictions of the other recipes, by name.
        against: Name and predictions of the first one.
    """
    base = _samples_by_series(photos, against[1])
    found = []
    for name, predictions in candidates.items():
        for apart, samples in _samples_by_series(photos, predictions).items():
            macro_f1, accuracy = (samples.minus(base[apart], metric) for metric in ("macro_f1", "accuracy"))
            found.append(
                PairedEvaluation(backbone=name, against=against[0], apart=apart, macro_f1=macro_f1, accuracy=accuracy)
            )
    return found


def _samples_by_series(photos: TrainingSet, predictions: RecipePredictions) -> dict[HeldOutUnit, ResampledShares]:
    repeats = dict(predictions.repeats)
    if predictions.unseen_sources:
        repeats[HeldOutUnit.SOURCES] = _all_sources(predictions)
    return {apart: ResampledShares.of(some, photos.series) for apart, some in repeats.items()}


def _all_sources(predictions: RecipePredictions) -> list[HeldOutPredictions]:
    return [joined([one.predictions for one in predictions.unseen_sources.values()])]


def _evaluation(repeats: Sequence[HeldOutPredictions], apart: HeldOutUnit, photos: TrainingSet) -> HeldOutEvaluation:
    units = units_of(photos, apart)
    figures = [one.figures(photos.groups) for one in repeats]
    samples = ResampledShares.of(repeats, units)
    held = Counter(units[row] for row in scored_rows(repeats).tolist())
    return HeldOutEvaluation(
        apart=apart,
        photos=held.total(),
        units=len(held),
        largest=max(held.values()),
        figures={name: _over_repeats(one[name] for one in figures) for name in figures[0]},
        intervals={name: samples.interval(name) for name in _INTERVALS},
        per_class=_per_class(repeats, samples, photos.series),
    )


def _per_class(
    repeats: Sequence[HeldOutPredictions], samples: ResampledShares, series: Sequence[str]
) -> dict[str, ClassEvaluation]:
    """Return the metrics of each class; where labels were shuffled, of the first repeat's photos of the class."""
    first = repeats[0]
    found = {}
    for column in np.unique(first.true).tolist():
        rows = first.rows[first.true == column].tolist()
        number = len({series[row] for row in rows})
        found[first.labels[column]] = ClassEvaluation(
            photos=len(rows),
            series=number,
            recall=samples.recall(column, units=number),
            f1=samples.f1(column, units=number),
        )
    return found


def _conditions(photos: TrainingSet, verdicts: UnseenConditions | None) -> UnseenConditionShares | None:
    if verdicts is None or photos.background is None:
        return None
    conditions = photos.background.conditions
    return UnseenConditionShares(
        photos=len(conditions),
        conditions=len(set(conditions)),
        refused=share_over(verdicts.refused, conditions),
        confident=share_over(verdicts.confident, conditions),
    )


def _over_repeats(values: Iterable[float | None]) -> MeanAndDeviation:
    known = [value for value in values if value is not None]
    if not known:
        return MeanAndDeviation(mean=None, sd=None)
    sd = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return MeanAndDeviation(mean=math.fsum(known) / len(known), sd=sd)
