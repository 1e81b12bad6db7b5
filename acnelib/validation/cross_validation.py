"""Cross-validation: how good a recipe is on photos held apart, everything that it chooses chosen without them.

In each fold the whole learning runs anew on the rest: head, temperature, threshold and scope, these by folds inside.
The test photos stay untouched. Folds are made once by series, which is the figure to believe, once by groups.
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
"""To be counted up when the same photos would give other figures."""

_STAGE, _RECORD = "cross_validate", "cross_validation.json"


class HeldOutUnit(StrEnum):
    """What is never parted by folds."""

    SERIES = "series"
    GROUPS = "groups"
    PHOTOS = "photos"


class MeanAndDeviation(JsonRecord):
    """A number over the repeats.

    Attributes:
        mean: Its mean; None where it is not defined, as the accuracy of no answers.
        sd: Its standard deviation; None for fewer than two repeats.
    """

    mean: float | None
    sd: float | None


class HeldOutEvaluation(JsonRecord):
    """A recipe's figures on photos that were held apart in one way.

    Attributes:
        apart: What stayed together.
        units: How many series, groups or photos there are.
        largest: Photos in the largest.
        macro_f1_interval: 95 % percentile bootstrap interval of macro-F1, whole units drawn.
        figures: ``macro_f1``, ``macro_f1_by_chance`` (of the same answers, truth permuted), ``balanced_accuracy``,
            ``accuracy``, ``ece``, ``ece_limit`` (what a calibrated model's stays below in 95 %), ``nll``, ``brier``,
            ``coverage``, ``selective_accuracy`` (of confident answers in scope) and ``out_of_scope``.
    """

    apart: HeldOutUnit
    units: int
    largest: int
    macro_f1_interval: tuple[float, float]
    figures: dict[str, MeanAndDeviation]


class RecipeEvaluation(JsonRecord):
    """What one recipe reached.

    Attributes:
        backbone: Name of the network, or of several joined by ``+``.
        weights: Where the weights came from, without path.
        yardsticks: By series, by groups, and by photos where that was asked for.
    """

    backbone: str
    weights: str
    yardsticks: list[HeldOutEvaluation]

    def on(self, apart: HeldOutUnit) -> HeldOutEvaluation:
        """Return the figures on photos held apart in one way."""
        return next(yardstick for yardstick in self.yardsticks if yardstick.apart == apart)


class CrossValidation(JsonRecord):
    """Figures of recipes on the photos that they may learn from.

    Attributes:
        source: Name of the source.
        classes: Photos of each class.
        folds: Folds of each repeat, at most.
        repeats: How often the folds were drawn.
        shuffled: Whether labels were shuffled among what is held apart, so that nothing can be learnt.
        believe: The yardstick to believe.
        lone: Classes that are one series only, so that nobody can know them when they are held out.
        recipes: The recipes, in the order asked for.
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
        """How many photos there are."""
        return sum(self.classes.values())


@dataclass(frozen=True)
class _Photos:
    """Photos that may be learnt from, in the order of their hashes, and what keeps each together with others."""

    names: list[str]
    labels: list[str]
    held: dict[HeldOutUnit, list[str]]

    @property
    def groups(self) -> list[str]:
        return self.held[HeldOutUnit.GROUPS]

    def shuffled(self, apart: HeldOutUnit, *, seed: int) -> list[str]:
        """Return labels dealt anew to series or groups as a whole; copies keep one label even where photos are held."""
        units = self.held[apart if apart != HeldOutUnit.PHOTOS else HeldOutUnit.GROUPS]
        label_of = dict(zip(units, self.labels, strict=True))
        dealt = np.random.default_rng(seed).permutation(list(label_of.values())).tolist()
        label_by_unit = dict(zip(label_of, dealt, strict=True))
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
    """Measure recipes by repeated cross-validation on the photos that they may learn from.

    All are measured on the same folds. Series are found with the main networks of all recipes together.

    Args:
        feature_results: Vectors of the photos of one split, by each recipe; at least one.
        repeats: How often folds are drawn anew.
        shuffled: Shuffle the labels among series or groups: what is above chance then is a leak.
        at_random: Also hold photos apart one by one, to see how much that flatters.
        settings: Where the working folder is.
        progress: Told how far it is.

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
    # The matrices are small: threads cost ten times what they save.
    with threadpool_limits(1, user_api="blas"):
        build_once(folder, measure)
    return CrossValidation.read(folder / _RECORD)


def _held(
    feature_results: Sequence[FeatureResult], split: Split, names: list[str], workspace: Workspace
) -> dict[HeldOutUnit, list[str]]:
    """Return what each photo is kept together with, by the ways to hold photos apart."""
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
    # The same draws for every repeat: the interval is of their mean.
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
