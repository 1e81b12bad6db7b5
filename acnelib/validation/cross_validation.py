"""Nested cross-validation of recipes on the photos outside the test set.

In each fold the whole training runs on the remaining photos: head, temperature and threshold, with inner folds. The
test photos are not used. Folds are drawn by series, which gives the reliable metrics, and by groups; where there are
several sources, each is held apart as well, and background photos are held apart by condition.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.folds import FOLDS, fold_numbers
from acnelib.metrics import BOOTSTRAP_ROUNDS, INTERVAL, bootstrapped_macro_f1
from acnelib.progress import Progress, no_progress
from acnelib.stages.candidate import learnt_from, training_photos
from acnelib.stages.series import series_of
from acnelib.stages.train import CACHE_VERSION as LEARNING
from acnelib.storage.files import digest_of
from acnelib.storage.results import JsonRecord, build_once
from acnelib.storage.workspace import Workspace
from acnelib.training.calibrated_head import fit_calibrated_head
from acnelib.training.unseen import predict_unseen_conditions, predict_unseen_sources, unseen_threshold
from acnelib.validation.held_out_predictions import HeldOutPredictions, predict_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.stages.results import FeatureResult
    from acnelib.training.calibrated_head import TrainingPhotos
    from acnelib.training.unseen import UnseenConditions

CACHE_VERSION = 2
"""Version of the method; increment it when the same photos would give other metrics."""

_STAGE, _RECORD = "cross_validate", "cross_validation.json"


class HeldOutUnit(StrEnum):
    """Unit that folds never divide."""

    SERIES = "series"
    GROUPS = "groups"
    PHOTOS = "photos"
    SOURCES = "sources"


class MeanAndDeviation(JsonRecord):
    """Mean and standard deviation of a metric over the repeats.

    Attributes:
        mean: Mean; None if undefined, such as the accuracy of no answers.
        sd: Standard deviation; None for fewer than two repeats.
    """

    mean: float | None
    sd: float | None


class HeldOutEvaluation(JsonRecord):
    """Metrics of a recipe on photos held out by one unit.

    Attributes:
        apart: The unit.
        photos: Number of scored photos; of sources held apart, those whose class the other sources teach.
        units: Number of series, groups, photos or sources.
        largest: Photos in the largest unit.
        macro_f1_interval: 95 % percentile bootstrap interval of macro-F1, over units.
        figures: ``macro_f1``, ``macro_f1_by_chance`` (with permuted true labels), ``balanced_accuracy``,
            ``accuracy``, ``ece``, ``ece_limit`` (limit of a calibrated model in 95 %), ``nll``, ``brier``,
            ``coverage``, ``selective_accuracy`` (of confident answers in scope) and ``out_of_scope``.
    """

    apart: HeldOutUnit
    photos: int
    units: int
    largest: int
    macro_f1_interval: tuple[float, float]
    figures: dict[str, MeanAndDeviation]


class RecipeEvaluation(JsonRecord):
    """Metrics of one recipe.

    Attributes:
        backbone: Name of the network, or of several joined by ``+``.
        weights: Origin of the weights, without path.
        yardsticks: Metrics by series, by groups and, on request, by photos; by sources where there are several.
        unseen_sources: Metrics on the photos of each source by what the others teach.
        unseen_condition_refused: Share of background photos that is out of scope by those of other conditions; None
            without background photos.
        unseen_condition_confident: Share of them with a confident answer.
    """

    backbone: str
    weights: str
    yardsticks: list[HeldOutEvaluation]
    unseen_sources: dict[str, HeldOutEvaluation]
    unseen_condition_refused: float | None
    unseen_condition_confident: float | None

    def on(self, apart: HeldOutUnit) -> HeldOutEvaluation:
        """Return the metrics on photos held out by one unit."""
        return next(yardstick for yardstick in self.yardsticks if yardstick.apart == apart)


class CrossValidation(JsonRecord):
    """Cross-validated metrics of recipes on the photos outside the test set.

    Attributes:
        source: Name of the source.
        classes: Number of photos per class.
        folds: Most folds per repeat.
        repeats: Number of repeats.
        shuffled: Whether labels were shuffled among units, so that nothing can be learnt.
        believe: Unit of the reliable metrics.
        lone: Classes with only one series, which no model can know when it is held out.
        recipes: The recipes, in the requested order.
    """

    source: str
    classes: dict[str, int]
    folds: int
    repeats: int
    shuffled: bool
    believe: HeldOutUnit
    lone: list[str]
    recipes: list[RecipeEvaluation]

    @property
    def photos(self) -> int:
        """Number of photos."""
        return sum(self.classes.values())


def cross_validate(
    feature_results: Sequence[FeatureResult],
    *,
    repeats: int,
    shuffled: bool = False,
    at_random: bool = False,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> CrossValidation:
    """Evaluate recipes by repeated cross-validation on the photos outside the test set.

    All recipes use the same folds. Series are found with the main networks of all recipes together.

    Args:
        feature_results: Embeddings of the photos of one split, by recipe; at least one.
        repeats: Number of repeats with new folds.
        shuffled: Shuffle the labels among series or groups; any result above chance is then a leak.
        at_random: Also hold out single photos, to measure the optimistic bias.
        settings: Where the working folder is.
        progress: Callback for progress.

    Raises:
        DataUnusable: There are no photos of two classes, not enough series or groups of them, or too many photos.
    """
    from threadpoolctl import threadpool_limits

    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    split = Split.read(feature_results[0].split)
    names = learnt_from(split)
    units = [HeldOutUnit.SERIES, HeldOutUnit.GROUPS, *([HeldOutUnit.PHOTOS] if at_random else [])]
    source, networks = feature_results[0].source, [one.digest for one in feature_results]
    digest = digest_of(_STAGE, CACHE_VERSION, LEARNING, source, split.digest, networks, repeats, shuffled, units)
    steps = iter(range(1, len(feature_results) * len(units) * repeats + 1))

    def step() -> None:
        progress(next(steps), len(feature_results) * len(units) * repeats, "repeats of the folds")

    def measure(folder: Path) -> list[str]:
        series = series_of(feature_results, split, names, workspace)
        recipes = [
            _recipe(
                one,
                training_photos(one, split, workspace, series=series),
                names,
                units,
                repeats,
                step,
                shuffled=shuffled,
            )
            for one in feature_results
        ]
        labels = [split.label(sha256) for sha256 in names]
        found = CrossValidation(
            source=source,
            classes=dict(Counter(sorted(labels))),
            folds=FOLDS,
            repeats=repeats,
            shuffled=shuffled,
            believe=HeldOutUnit.SERIES,
            lone=_lone(labels, series),
            recipes=recipes,
        )
        found.write(folder / _RECORD)
        return split.used

    folder = workspace.result(_STAGE, digest)
    # Threads slow down small matrices.
    with threadpool_limits(1, user_api="blas"):
        build_once(folder, measure)
    return CrossValidation.read(folder / _RECORD)


def _recipe(  # noqa: PLR0917
    features: FeatureResult,
    photos: TrainingPhotos,
    names: list[str],
    units: Sequence[HeldOutUnit],
    repeats: int,
    step: Callable[[], None],
    *,
    shuffled: bool,
) -> RecipeEvaluation:
    held = {HeldOutUnit.SERIES: photos.series, HeldOutUnit.GROUPS: photos.groups, HeldOutUnit.PHOTOS: names}
    yardsticks = []
    for apart in units:
        shuffling = held[apart if apart != HeldOutUnit.PHOTOS else HeldOutUnit.GROUPS]
        numbers = fold_numbers(held[apart], repeats=repeats)
        rounds = []
        for repeat in range(repeats):
            truth = _shuffled(photos.labels, shuffling, seed=repeat) if shuffled else photos.labels
            rounds.append(predict_held_out(photos, truth, numbers=numbers[repeat]))
            step()
        yardsticks.append(_evaluation(rounds, apart, held[apart], photos.groups))
    truth = _shuffled(photos.labels, photos.series, seed=0) if shuffled else photos.labels
    unseen = _unseen_sources(replace(photos, labels=truth))
    if unseen:
        together = np.concatenate([rows for _, rows in unseen.values()])
        everything = _joined([one for one, _ in unseen.values()])
        yardsticks.append(_evaluation([(everything, together)], HeldOutUnit.SOURCES, photos.series, photos.groups))
        yardsticks[-1] = yardsticks[-1].model_copy(
            update={"units": len(unseen), "largest": max(map(_size, unseen.values()))}
        )
    conditions = _unseen_conditions(photos)
    return RecipeEvaluation(
        backbone=features.backbone,
        weights="+".join(network.weights for network in features.networks),
        yardsticks=yardsticks,
        unseen_sources={
            name: _evaluation([one], HeldOutUnit.SOURCES, photos.series, photos.groups).model_copy(update={"units": 1})
            for name, one in unseen.items()
        },
        unseen_condition_refused=None if conditions is None else float(conditions.refused.mean()),
        unseen_condition_confident=None if conditions is None else float(conditions.confident.mean()),
    )


def _shuffled(labels: Sequence[str], units: Sequence[str], *, seed: int) -> list[str]:
    """Return labels permuted among units, whose photos keep one label together."""
    label_of = dict(zip(units, labels, strict=True))
    permuted = np.random.default_rng(seed).permutation(list(label_of.values())).tolist()
    label_by_unit = dict(zip(label_of, permuted, strict=True))
    return [label_by_unit[unit] for unit in units]


def _size(predicted: tuple[HeldOutPredictions, npt.NDArray[np.int64]]) -> int:
    return len(predicted[1])


def _unseen_sources(photos: TrainingPhotos) -> dict[str, tuple[HeldOutPredictions, npt.NDArray[np.int64]]]:
    """Return the predictions of the photos of each source by what the others teach, with their rows."""
    labels = tuple(sorted(set(photos.labels)))
    unseen = predict_unseen_sources(photos, labels=labels)
    if not unseen:
        return {}
    threshold = fit_calibrated_head(photos).calibration.confidence_threshold
    threshold = max(threshold, unseen_threshold(unseen.values()) or 0.0)
    found = {}
    for name, one in unseen.items():
        predictions = HeldOutPredictions(
            labels=labels,
            true_labels=[photos.labels[row] for row in one.rows.tolist()],
            scores=one.scores,
            confident=one.at(threshold).confident,
            in_scope=one.in_scope,
            true_classes_only=True,
        )
        found[name] = (predictions, one.rows)
    return found


def _unseen_conditions(photos: TrainingPhotos) -> UnseenConditions | None:
    if photos.background is None:
        return None
    fitted = fit_calibrated_head(photos)
    threshold = fitted.calibration.confidence_threshold
    return predict_unseen_conditions(photos, head=fitted.head, scope=fitted.scope, threshold=threshold)


def _joined(parts: Sequence[HeldOutPredictions]) -> HeldOutPredictions:
    return HeldOutPredictions(
        labels=parts[0].labels,
        true_labels=[label for one in parts for label in one.true_labels],
        scores=np.concatenate([one.scores for one in parts]),
        confident=np.concatenate([one.confident for one in parts]),
        in_scope=np.concatenate([one.in_scope for one in parts]),
        true_classes_only=parts[0].true_classes_only,
    )


def _lone(labels: Sequence[str], series: Sequence[str]) -> list[str]:
    pairs = set(zip(labels, series, strict=True))
    return sorted(label for label, number in Counter(label for label, _ in pairs).items() if number == 1)


def _evaluation(
    rounds: Sequence[tuple[HeldOutPredictions, npt.NDArray[np.int64]]],
    apart: HeldOutUnit,
    units: Sequence[str],
    groups: Sequence[str],
) -> HeldOutEvaluation:
    figures, drawn = [], []
    for one, rows in rounds:
        figures.append(one.figures([groups[row] for row in rows.tolist()]))
        # The same bootstrap samples for every repeat, for an interval of the mean.
        drawn.append(
            bootstrapped_macro_f1(
                one.true,
                one.predicted,
                groups=[units[row] for row in rows.tolist()],
                seed=0,
                rounds=BOOTSTRAP_ROUNDS,
                classes=np.unique(one.true) if one.true_classes_only else None,
            )
        )
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(np.mean(drawn, axis=0), [tail, 1 - tail])
    scored = sorted({row for _, rows in rounds for row in rows.tolist()})
    held = [units[row] for row in scored]
    return HeldOutEvaluation(
        apart=apart,
        photos=len(scored),
        units=len(set(held)),
        largest=max(Counter(held).values()),
        macro_f1_interval=(float(low), float(high)),
        figures={name: _over_repeats(one[name] for one in figures) for name in figures[0]},
    )


def _over_repeats(values: Iterable[float | None]) -> MeanAndDeviation:
    known = [value for value in values if value is not None]
    if not known:
        return MeanAndDeviation(mean=None, sd=None)
    sd = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return MeanAndDeviation(mean=math.fsum(known) / len(known), sd=sd)
