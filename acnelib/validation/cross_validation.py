"""Nested cross-validation of recipes on the photos outside the test set.

In each fold the whole training runs on the remaining photos: head, temperature and threshold, with inner folds. The
test photos are not used. Folds are drawn by series, which gives the reliable metrics, and by groups; where there are
several sources, each is held apart as well, and background photos are held apart by condition.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.folds import FOLDS
from acnelib.progress import Progress, no_progress
from acnelib.stages.candidate import learnt_from, training_photos
from acnelib.stages.series import series_of
from acnelib.stages.train import CACHE_VERSION as LEARNING
from acnelib.storage.files import digest_of
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace
from acnelib.validation.cross_validation_record import CrossValidation, HeldOutUnit
from acnelib.validation.recipe_evaluation import compare_recipes, evaluate_recipe
from acnelib.validation.recipe_predictions import predict_by_recipe, steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.stages.results import FeatureResult

CACHE_VERSION = 4
"""Version of the method; increment it when the same photos would give other metrics."""

_STAGE, _RECORD = "cross_validate", "cross_validation.json"


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
        DataUnusable: There are no photos of two classes, or not enough series or groups of them.
    """
    from threadpoolctl import threadpool_limits

    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    split = Split.read(feature_results[0].split)
    units = [HeldOutUnit.SERIES, HeldOutUnit.GROUPS, *([HeldOutUnit.PHOTOS] if at_random else [])]
    source, networks = feature_results[0].source, [one.digest for one in feature_results]
    digest = digest_of(_STAGE, CACHE_VERSION, LEARNING, source, split.digest, networks, repeats, shuffled, units)
    total = len(feature_results) * (steps_of(units, repeats=repeats) + 1)
    steps = iter(range(1, total + 1))

    def measure(folder: Path) -> list[str]:
        progress(0, total, "repeats of the folds")
        found = _measured(
            feature_results,
            split,
            workspace,
            units,
            repeats=repeats,
            shuffled=shuffled,
            step=lambda what: progress(next(steps), total, what),
        )
        found.write(folder / _RECORD)
        return split.used

    folder = workspace.result(_STAGE, digest)
    # Threads slow down small matrices.
    with threadpool_limits(1, user_api="blas"):
        build_once(folder, measure)
    return CrossValidation.read(folder / _RECORD)


def _measured(
    feature_results: Sequence[FeatureResult],
    split: Split,
    workspace: Workspace,
    units: Sequence[HeldOutUnit],
    *,
    repeats: int,
    shuffled: bool,
    step: Callable[[str], None],
) -> CrossValidation:
    names = learnt_from(split)
    series = series_of(feature_results, split, names, workspace)
    recipes, predictions = [], []
    for features in feature_results:
        photos = training_photos(features, split, workspace, series=series)
        predictions.append(predict_by_recipe(photos, units, repeats=repeats, shuffled=shuffled, step=step))
        recipes.append(evaluate_recipe(features, photos, predictions[-1]))
        step("metrics and intervals")
    first, *others = zip([one.backbone for one in recipes], predictions, strict=True)
    labels = [split.label(sha256) for sha256 in names]
    return CrossValidation(
        source=feature_results[0].source,
        sources=dict(sorted(Counter(name for sha256 in names for name in split.photos[sha256].sources).items())),
        classes=dict(Counter(sorted(labels))),
        folds=FOLDS,
        repeats=repeats,
        shuffled=shuffled,
        believe=HeldOutUnit.SERIES,
        lone=_lone(labels, series),
        recipes=recipes,
        paired=compare_recipes(photos, dict(others), against=first),
    )


def _lone(labels: Sequence[str], series: Sequence[str]) -> list[str]:
    pairs = set(zip(labels, series, strict=True))
    return sorted(label for label, number in Counter(label for label, _ in pairs).items() if number == 1)
