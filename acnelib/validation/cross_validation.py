"""Nested cross-validation of recipes on the photos outside the test set.

In each fold the whole training runs on the remaining photos: head, temperature, threshold and scope, with inner folds.
The test photos are not used. Folds are drawn by series, which gives the reliable metrics, and by groups.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.config.settings import Settings
from acnelib.dataset.folds import FOLDS
from acnelib.dataset.series import colours_of, find_series, similarity
from acnelib.dataset.splitting import Split
from acnelib.imaging import read_picture
from acnelib.metrics import BOOTSTRAP_ROUNDS, INTERVAL, bootstrapped_macro_f1
from acnelib.progress import Progress, no_progress
from acnelib.stages.candidate import embeddings_of, learnt_from
from acnelib.stages.train import CACHE_VERSION as LEARNING
from acnelib.storage.files import digest_of
from acnelib.storage.results import JsonRecord, build_once
from acnelib.storage.workspace import Workspace
from acnelib.validation.held_out_predictions import predict_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.stages.results import FeatureResult

CACHE_VERSION = 1
"""Version of the method; increment it when the same photos would give other metrics."""

_STAGE, _RECORD = "cross_validate", "cross_validation.json"


class HeldOutUnit(StrEnum):
    """Unit that folds never divide."""

    SERIES = "series"
    GROUPS = "groups"
    PHOTOS = "photos"


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
        units: Number of series, groups or photos.
        largest: Photos in the largest unit.
        macro_f1_interval: 95 % percentile bootstrap interval of macro-F1, over units.
        figures: ``macro_f1``, ``macro_f1_by_chance`` (with permuted true labels), ``balanced_accuracy``,
            ``accuracy``, ``ece``, ``ece_limit`` (limit of a calibrated model in 95 %), ``nll``, ``brier``,
            ``coverage``, ``selective_accuracy`` (of confident answers in scope) and ``out_of_scope``.
    """

    apart: HeldOutUnit
    units: int
    largest: int
    macro_f1_interval: tuple[float, float]
    figures: dict[str, MeanAndDeviation]


class RecipeEvaluation(JsonRecord):
    """Metrics of one recipe.

    Attributes:
        backbone: Name of the network, or of several joined by ``+``.
        weights: Origin of the weights, without path.
        yardsticks: Metrics by series, by groups and, on request, by photos.
    """

    backbone: str
    weights: str
    yardsticks: list[HeldOutEvaluation]

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


@dataclass(frozen=True)
class _Photos:
    """Photos outside the test set, ordered by hash, with the units of each."""

    names: list[str]
    labels: list[str]
    held: dict[HeldOutUnit, list[str]]

    @property
    def groups(self) -> list[str]:
        return self.held[HeldOutUnit.GROUPS]

    def shuffled(self, apart: HeldOutUnit, *, seed: int) -> list[str]:
        """Return labels permuted among series or groups; copies keep one label even if the unit is the photo."""
        units = self.held[apart if apart != HeldOutUnit.PHOTOS else HeldOutUnit.GROUPS]
        label_of = dict(zip(units, self.labels, strict=True))
        permuted = np.random.default_rng(seed).permutation(list(label_of.values())).tolist()
        label_by_unit = dict(zip(label_of, permuted, strict=True))
        return [label_by_unit[unit] for unit in units]


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
    kinds = [HeldOutUnit.SERIES, HeldOutUnit.GROUPS, *([HeldOutUnit.PHOTOS] if at_random else [])]
    source, networks = feature_results[0].source, [one.digest for one in feature_results]
    digest = digest_of(_STAGE, CACHE_VERSION, LEARNING, source, split.digest, networks, repeats, shuffled, kinds)
    steps = iter(range(1, len(feature_results) * len(kinds) * repeats + 1))

    def step() -> None:
        progress(next(steps), len(feature_results) * len(kinds) * repeats, "repeats of the folds")

    def measure(folder: Path) -> list[str]:
        photos = _Photos(
            names, [split.label(sha256) for sha256 in names], _held(feature_results, split, names, workspace)
        )
        recipes = []
        for one in feature_results:
            embeddings = embeddings_of(one, names)
            yardsticks = [
                _yardstick(embeddings, photos, apart, repeats, shuffled=shuffled, step=step) for apart in kinds
            ]
            weights = "+".join(network.weights for network in one.networks)
            recipes.append(RecipeEvaluation(backbone=one.backbone, weights=weights, yardsticks=yardsticks))
        found = CrossValidation(
            source=source,
            classes=dict(Counter(sorted(photos.labels))),
            folds=FOLDS,
            repeats=repeats,
            shuffled=shuffled,
            believe=HeldOutUnit.SERIES,
            lone=_lone(photos),
            recipes=recipes,
        )
        found.write(folder / _RECORD)
        return names

    folder = workspace.result(_STAGE, digest)
    # Threads slow down small matrices.
    with threadpool_limits(1, user_api="blas"):
        build_once(folder, measure)
    return CrossValidation.read(folder / _RECORD)


def _held(
    feature_results: Sequence[FeatureResult], split: Split, names: list[str], workspace: Workspace
) -> dict[HeldOutUnit, list[str]]:
    """Return the unit of each photo, by kind of unit."""
    mains = [one.model_copy(update={"networks": one.networks[-1:]}) for one in feature_results]
    embeddings = np.concatenate([embeddings_of(main, names) for main in mains], axis=1)
    colours = np.stack([colours_of(read_picture(workspace.images.path(sha256)).image) for sha256 in names])
    groups = [split.photos[sha256].group for sha256 in names]
    labels = [split.label(sha256) for sha256 in names]
    series = find_series(similarity(embeddings, colours), labels, groups)
    return {HeldOutUnit.SERIES: series, HeldOutUnit.GROUPS: groups, HeldOutUnit.PHOTOS: names}


def _lone(photos: _Photos) -> list[str]:
    pairs = set(zip(photos.labels, photos.held[HeldOutUnit.SERIES], strict=True))
    return sorted(label for label, number in Counter(label for label, _ in pairs).items() if number == 1)


def _yardstick(
    embeddings: npt.NDArray[np.float32],
    photos: _Photos,
    apart: HeldOutUnit,
    repeats: int,
    *,
    shuffled: bool,
    step: Callable[[], None],
) -> HeldOutEvaluation:
    units = photos.held[apart]
    rounds = []
    for seed in range(repeats):
        true_labels = photos.shuffled(apart, seed=seed) if shuffled else photos.labels
        rounds.append(predict_held_out(embeddings, true_labels, units=units, groups=photos.groups, seed=seed))
        step()
    figures = [one.figures(photos.groups) for one in rounds]
    # The same bootstrap samples for every repeat, for an interval of the mean.
    drawn = [
        bootstrapped_macro_f1(one.true, one.predicted, groups=units, seed=0, rounds=BOOTSTRAP_ROUNDS) for one in rounds
    ]
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(np.mean(drawn, axis=0), [tail, 1 - tail])
    return HeldOutEvaluation(
        apart=apart,
        units=len(set(units)),
        largest=max(Counter(units).values()),
        macro_f1_interval=(float(low), float(high)),
        figures={name: _over_repeats(one[name] for one in figures) for name in figures[0]},
    )


def _over_repeats(values: Iterable[float | None]) -> MeanAndDeviation:
    known = [value for value in values if value is not None]
    if not known:
        return MeanAndDeviation(mean=None, sd=None)
    sd = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return MeanAndDeviation(mean=math.fsum(known) / len(known), sd=sd)
