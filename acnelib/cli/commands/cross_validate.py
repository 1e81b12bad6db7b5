"""The command cross-validate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import (
    AcceptTerms,
    AllowMissingSource,
    Backbones,
    BackgroundNames,
    HeldOutFolder,
    HeldOutShare,
    SourceNames,
    Weights,
    Workdir,
    settings_in,
)
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acnelib.progress import Progress
    from acnelib.scraping.sources import Sources
    from acnelib.stages.results import FeatureResult
    from acnelib.validation.cross_validation import CrossValidation, MeanAndDeviation, RecipeEvaluation

_ROWS = {
    "macro_f1": "macro-F1",
    "balanced_accuracy": "balanced accuracy",
    "accuracy": "accuracy",
    "ece": "ECE",
    "ece_limit": "  a calibrated model's, at most",
    "nll": "NLL",
    "brier": "Brier",
    "coverage": "confident answers",
    "selective_accuracy": "  right of them",
    "out_of_scope": "out of scope",
}
_NAME_WIDTH, _CELL_WIDTH = 32, 18


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(cross_validate)


def cross_validate(
    source: SourceNames = None,
    background: BackgroundNames = None,
    test: HeldOutFolder = None,
    test_share: HeldOutShare = None,
    allow_missing_source: AllowMissingSource = False,
    accept_terms: AcceptTerms = False,
    backbone: Backbones = None,
    weights: Weights = None,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", min=1, help="Number of repetitions, each with new folds.")
    ] = 5,
    shuffled: Annotated[
        bool, typer.Option("--shuffled", help="Shuffle the labels first: a result above chance reveals a leak.")
    ] = False,
    at_random: Annotated[
        bool, typer.Option("--at-random", help="Also split photo by photo, to show how much that inflates the figures.")
    ] = False,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Cross-validate the training on one or several sources.

    Photos of --test and --test-share are not used: name them as in `acne pipeline`, so that the figures are of the
    photos that its model learns from. Each fold trains everything again: head, temperature, threshold and scope. Needs
    no server.
    """
    settings = settings_in(workdir)
    from acnelib.cli.interruption import interruptible
    from acnelib.dataset.test_part import check_test_share
    from acnelib.scraping.sources import SAMPLE, Sources
    from acnelib.stages.scrape import check_permissions
    from acnelib.storage.workspace import Workspace
    from acnelib.validation.cross_validation import cross_validate as measure

    sources = Sources.parse(
        source or [SAMPLE],
        background=background or (),
        test=test,
        settings=settings,
        missing_folder=allow_missing_source,
    )
    check_test_share(test_share, test_folder=sources.test is not None)
    check_permissions(sources, settings=settings, accept_terms=accept_terms, allow_missing=allow_missing_source)
    names = _recipes(backbone or [], weights, sources)
    workspace = Workspace(settings.workdir)
    with interruptible(lambda: None), workspace.alone(lambda: say("waiting for another run in this working folder")):
        workspace.remove_unfinished()  # the lock is ours, so unfinished files were left by killed processes
        with workspace.temporary_files(), progress_bar("Cross-validating") as progress:
            feature_results = _feature_results(
                sources,
                names,
                weights,
                settings,
                test_share=test_share or 0.0,
                accept_terms=accept_terms,
                allow_missing=allow_missing_source,
                progress=progress,
            )
            found = measure(
                feature_results,
                repeats=repeats,
                shuffled=shuffled,
                at_random=at_random,
                settings=settings,
                progress=progress,
            )
    if output == Format.JSON:
        show_json(_as_json(found))
    else:
        for line in _lines(found):
            show(line)


def _recipes(backbones: Sequence[str], weights: str | None, sources: Sources) -> tuple[str, ...]:
    """Return the names of the recipes, each once; check them and their weights before anything is fetched."""
    from acnelib.stages.features import default_weights
    from acnelib.training.networks.recipes import Recipe, choose_recipe, weights_of
    from acnelib.training.networks.weights_files import IMAGENET

    weights = weights or default_weights(sources.name)
    recipes = [Recipe.parse(name) for name in backbones] or [choose_recipe(weights)]
    if weights != IMAGENET:  # which can be downloaded
        for recipe in recipes:
            weights_of(recipe, weights)
    return tuple(dict.fromkeys(map(str, recipes)))


def _feature_results(
    sources: Sources,
    names: Sequence[str],
    weights: str | None,
    settings: Settings,
    *,
    test_share: float,
    accept_terms: bool,
    allow_missing: bool,
    progress: Progress,
) -> list[FeatureResult]:
    """Run the stages of the pipeline before training."""
    from acnelib import stages

    scrape_result = stages.scrape(
        sources, allow_missing=allow_missing, settings=settings, accept_terms=accept_terms, progress=progress
    )
    curate_result = stages.curate(scrape_result, settings=settings, progress=progress)
    split_result = stages.split(curate_result, test_share=test_share, settings=settings)
    return [
        stages.features(split_result, backbone=name, weights=weights, settings=settings, progress=progress)
        for name in names
    ]


def _as_json(found: CrossValidation) -> dict[str, Any]:
    return {
        "source": found.source,
        "photos": found.photos,
        "classes": found.classes,
        "folds": found.folds,
        "repeats": found.repeats,
        "shuffled": found.shuffled,
        "believe": str(found.believe),
        "recipes": [
            {
                "backbone": recipe.backbone,
                "weights": recipe.weights,
                **{
                    str(yardstick.apart): {
                        "units": yardstick.units,
                        "largest": yardstick.largest,
                        "macro_f1_interval": yardstick.macro_f1_interval,
                        **{name: figure.model_dump() for name, figure in yardstick.figures.items()},
                    }
                    for yardstick in recipe.yardsticks
                },
            }
            for recipe in found.recipes
        ],
        "remarks": list(_remarks(found)),
    }


def _lines(found: CrossValidation) -> Iterator[str]:
    yield (
        f"{found.photos} photos of {len(found.classes)} classes, without the test photos: "
        f"{found.repeats} × {found.folds} folds"
    )
    for recipe in found.recipes:
        yield ""
        yield f"{recipe.backbone}, weights {recipe.weights}"
        yield from _table(recipe)
    yield ""
    yield from _remarks(found)


def _table(recipe: RecipeEvaluation) -> Iterator[str]:
    yardsticks = recipe.yardsticks
    yield _row("held apart by", [f"{yardstick.apart} ({yardstick.units})" for yardstick in yardsticks])
    for name, title in _ROWS.items():
        yield _row(title, [_cell(yardstick.figures[name]) for yardstick in yardsticks])
        if name == "macro_f1":
            yield _row("  95 %, over these", ["{:.3f}–{:.3f}".format(*y.macro_f1_interval) for y in yardsticks])


def _row(title: str, cells: Sequence[str]) -> str:
    return f"{title:<{_NAME_WIDTH}}" + "".join(f"{cell:>{_CELL_WIDTH}}" for cell in cells)


def _cell(figure: MeanAndDeviation) -> str:
    if figure.mean is None:
        return "–"
    return f"{figure.mean:.3f}" + ("" if figure.sd is None else f" ± {figure.sd:.3f}")


def _remarks(found: CrossValidation) -> Iterator[str]:
    """Yield remarks on the figures, in sentences; the recommendation comes last."""
    from acnelib.validation.cross_validation import HeldOutUnit

    if found.lone:
        yield (
            f"All photos of {', '.join(found.lone)} look like one patient's, so no training photo shows the class "
            "while they are held out: add photos of other patients."
        )
    for recipe in found.recipes:
        name = f"{recipe.backbone}: " if len(found.recipes) > 1 else ""
        yield from (f"{name}{remark}" for remark in _remarks_on(recipe, shuffled=found.shuffled))
    first = found.recipes[0]
    series, groups = first.on(HeldOutUnit.SERIES).units, first.on(HeldOutUnit.GROUPS).units
    if series == groups:
        yield "No photos look like one patient's beyond copies and scenes, so both figures are the same."
    else:
        yield (
            f"Believe series: they also keep photos together that look like one patient's ({series} instead of "
            f"{groups}), whereas groups, of copies and scenes only, spread them over folds, so that a head is tested "
            "on patients that it was trained on."
        )


def _remarks_on(recipe: RecipeEvaluation, *, shuffled: bool) -> Iterator[str]:
    macro_f1 = {str(yardstick.apart): _mean(yardstick.figures["macro_f1"]) for yardstick in recipe.yardsticks}
    loose = macro_f1.get("photos")
    if shuffled:
        figures = (
            f"{macro_f1[yardstick.apart]:.3f} against {_mean(yardstick.figures['macro_f1_by_chance']):.3f} "
            f"by {yardstick.apart}"
            for yardstick in recipe.yardsticks
        )
        memory = "" if loose is None else "; folds by photo may be above it, because copies are remembered"
        yield f"Labels were shuffled, so macro-F1 must be what chance gives: {', '.join(figures)}{memory}."
    if loose is not None:
        yield (
            f"Folds by photo change macro-F1 by {loose - macro_f1['groups']:+.3f} against groups and by "
            f"{loose - macro_f1['series']:+.3f} against series."
        )


def _mean(figure: MeanAndDeviation) -> float:
    return math.nan if figure.mean is None else figure.mean
