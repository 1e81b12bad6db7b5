"""All predictions of one recipe on photos that it never saw, by what was held apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.folds import fold_numbers
from acnelib.training.calibrated_head import fit_calibrated_head
from acnelib.training.unseen import predict_unseen_conditions, predict_unseen_sources, unseen_threshold
from acnelib.validation.cross_validation_record import HeldOutUnit
from acnelib.validation.held_out_predictions import HeldOutPredictions, predict_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acnelib.training.calibrated_head import CalibratedHead, TrainingSet
    from acnelib.training.unseen import UnseenConditions, UnseenPhotos

_HELD_APART = "other sources and conditions"


@dataclass(frozen=True, kw_only=True)
class UnseenSource:
    """Predictions of the photos of one source by what the other sources teach.

    Attributes:
        predictions: Of the photos whose class the others teach.
        untaught: Number of the others, by class.
    """

    predictions: HeldOutPredictions
    untaught: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class RecipePredictions:
    """Predictions of one recipe.

    Attributes:
        repeats: Predictions of each repeat, by the unit that its folds hold out.
        unseen_sources: Predictions of the photos of each source that can be held apart.
        unseen_conditions: Verdicts on background photos; None without any.
    """

    repeats: dict[HeldOutUnit, list[HeldOutPredictions]]
    unseen_sources: dict[str, UnseenSource]
    unseen_conditions: UnseenConditions | None


def predict_by_recipe(
    photos: TrainingSet, units: Sequence[HeldOutUnit], *, repeats: int, shuffled: bool, step: Callable[[str], None]
) -> RecipePredictions:
    """Predict photos held out by each unit, by source and, of the background, by condition.

    Args:
        photos: The photos.
        units: Units that folds hold out.
        repeats: Sets of folds for each.
        shuffled: Shuffle the labels, among units that are never divided.
        step: Called with the kind of each of the :func:`steps_of` steps after it.
    """
    found: dict[HeldOutUnit, list[HeldOutPredictions]] = {}
    for apart in units:
        numbers = fold_numbers(units_of(photos, apart), repeats=repeats)
        for repeat in range(repeats):
            # Copies keep one label, also where single photos are held out, so that memory of copies shows.
            held = photos.series if apart == HeldOutUnit.SERIES else photos.groups
            labels = shuffled_labels(photos.labels, held, seed=repeat) if shuffled else photos.labels
            found.setdefault(apart, []).append(predict_held_out(photos, labels, numbers=numbers[repeat]))
            step("repeats of the folds")
    if shuffled:
        # A source is held apart with whole groups, whereas series may reach into others.
        photos = replace(photos, labels=shuffled_labels(photos.labels, photos.groups, seed=0))
    several = len({name for sources in photos.sources for name in sources}) > 1
    if not several and photos.background is None:
        step(_HELD_APART)
        return RecipePredictions(repeats=found, unseen_sources={}, unseen_conditions=None)
    fitted = fit_calibrated_head(photos)
    unseen = predict_unseen_sources(photos, labels=fitted.head.labels) if several else {}
    predictions = RecipePredictions(
        repeats=found,
        unseen_sources=_unseen_sources(photos, fitted, unseen),
        unseen_conditions=predict_unseen_conditions(
            photos, head=fitted.head, scope=fitted.scope, threshold=_threshold(fitted, unseen.values())
        ),
    )
    step(_HELD_APART)
    return predictions


def steps_of(units: Sequence[HeldOutUnit], *, repeats: int) -> int:
    """Return the number of steps of one recipe: repeats, and what other sources and conditions take."""
    return len(units) * repeats + 1


def units_of(photos: TrainingSet, apart: HeldOutUnit) -> Sequence[str]:
    """Return the unit of each photo that folds never divide; of sources, series are the unit of intervals."""
    if apart == HeldOutUnit.PHOTOS:
        return [str(row) for row in range(len(photos))]
    return photos.groups if apart == HeldOutUnit.GROUPS else photos.series


def shuffled_labels(labels: Sequence[str], units: Sequence[str], *, seed: int) -> list[str]:
    """Return labels permuted among units, whose photos keep one label together."""
    label_of = dict(zip(units, labels, strict=True))
    permuted = np.random.default_rng(seed).permutation(list(label_of.values())).tolist()
    label_by_unit = dict(zip(label_of, permuted, strict=True))
    return [label_by_unit[unit] for unit in units]


def _unseen_sources(
    photos: TrainingSet, fitted: CalibratedHead, unseen: Mapping[str, UnseenPhotos]
) -> dict[str, UnseenSource]:
    found = {}
    for name, one in unseen.items():
        # The product chooses its threshold on all sources. Here a source does not choose its own.
        answers = one.at(_threshold(fitted, [other for source, other in unseen.items() if source != name]))
        found[name] = UnseenSource(
            predictions=HeldOutPredictions(
                rows=one.rows,
                labels=fitted.head.labels,
                true_labels=[photos.labels[row] for row in one.rows.tolist()],
                scores=one.scores,
                confident=answers.confident,
                in_scope=one.in_scope,
                true_classes_only=True,
            ),
            untaught=_untaught(name, photos, one),
        )
    return found


def _threshold(fitted: CalibratedHead, sources: Iterable[UnseenPhotos]) -> float:
    """Return the lowest confidence of a confident answer, by series and by sources held apart."""
    return max(fitted.calibration.confidence_threshold, unseen_threshold(list(sources)) or 0.0)


def _untaught(name: str, photos: TrainingSet, unseen: UnseenPhotos) -> dict[str, int]:
    scored = set(unseen.rows.tolist())
    own = (row for row, sources in enumerate(photos.sources) if name in sources)
    return dict(Counter(sorted(photos.labels[row] for row in own if row not in scored)))
