"""The command cross-validate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import AcceptTerms, Backbones, SourceName, Weights, Workdir, settings_in
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acnelib.progress import Progress
    from acnelib.stages.results import FeatureResult
    from acnelib.stages.sources import Source
    from acnelib.validation.cross_validation import CrossValidated, Figure, RecipeFigures

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
    "out_of_scope": "refused as out of scope",
}
_NAME_WIDTH, _CELL_WIDTH = 32, 18


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(cross_validate)


def cross_validate(
    source: SourceName = "sample",
    accept_terms: AcceptTerms = False,
    backbone: Backbones = None,
    weights: Weights = None,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", min=1, help="How often the folds are drawn anew.")
    ] = 5,
    shuffled: Annotated[
        bool, typer.Option("--shuffled", help="Shuffle the labels first: what is above chance then is a leak.")
    ] = False,
    at_random: Annotated[
        bool, typer.Option("--at-random", help="Also hold photos apart one by one: how much does that flatter?")
    ] = False,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="How to print the figures.")] = Format.TEXT,
) -> None:
    """Measure how good training on a source is.

    Its test photos are not touched. In each fold everything is learnt anew: head, temperature, threshold and scope.
    Needs no server.
    """
    settings = settings_in(workdir)
    from acnelib.cli.interruption import interruptible
    from acnelib.stages.scrape import check_permission
    from acnelib.stages.sources import Source
    from acnelib.storage.workspace import Workspace
    from acnelib.validation.cross_validation import cross_validate as measure

    place = Source.parse(source, settings=settings)
    check_permission(place, settings=settings, accept_terms=accept_terms)
    names = _recipes(backbone or [], weights, place)
    workspace = Workspace(settings.workdir)
    with interruptible(lambda: None), workspace.alone(lambda: say("waiting for another run in this working folder")):
        workspace.remove_unfinished()  # nobody else works here, so whatever is unfinished was left by the dead
        with workspace.temporary_files(), progress_bar("Cross-validating") as progress:
            feature_results = _feature_results(
                place, names, weights, settings, accept_terms=accept_terms, progress=progress
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


def _recipes(backbones: Sequence[str], weights: str | None, place: Source) -> tuple[str, ...]:
    """Return the recipes' names, each once; fail before anything is fetched where one is none or has no weights."""
    from acnelib.stages.features import default_weights
    from acnelib.training.networks.recipes import Recipe, choose_recipe, weights_of
    from acnelib.training.networks.weights_files import IMAGENET

    weights = weights or default_weights(place.name)
    recipes = [Recipe.parse(name) for name in backbones] or [choose_recipe(weights)]
    if weights != IMAGENET:  # which can be downloaded
        for recipe in recipes:
            weights_of(recipe, weights)
    return tuple(dict.fromkeys(map(str, recipes)))


def _feature_results(
    place: Source,
    names: Sequence[str],
    weights: str | None,
    settings: Settings,
    *,
    accept_terms: bool,
    progress: Progress,
) -> list[FeatureResult]:
    """Go as far as the pipeline goes before it trains."""
    from acnelib import stages

    scrape_result = stages.scrape(place, settings=settings, accept_terms=accept_terms, progress=progress)
    split_result = stages.split(stages.curate(scrape_result, settings=settings, progress=progress), settings=settings)
    return [
        stages.features(split_result, backbone=name, weights=weights, settings=settings, progress=progress)
        for name in names
    ]


def _as_json(found: CrossValidated) -> dict[str, Any]:
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


def _lines(found: CrossValidated) -> Iterator[str]:
    yield (
        f"{found.photos} photos of {len(found.classes)} classes, those that may be learnt from: "
        f"{found.repeats} × {found.folds} folds; test photos are not touched"
    )
    for recipe in found.recipes:
        yield ""
        yield f"{recipe.backbone}, weights {recipe.weights}"
        yield from _table(recipe)
    yield ""
    yield from _remarks(found)


def _table(recipe: RecipeFigures) -> Iterator[str]:
    yardsticks = recipe.yardsticks
    yield _row("held apart by", [f"{yardstick.apart} ({yardstick.units})" for yardstick in yardsticks])
    for name, title in _ROWS.items():
        yield _row(title, [_cell(yardstick.figures[name]) for yardstick in yardsticks])
        if name == "macro_f1":
            yield _row("  95 %, over these", ["{:.3f}–{:.3f}".format(*y.macro_f1_interval) for y in yardsticks])


def _row(title: str, cells: Sequence[str]) -> str:
    return f"{title:<{_NAME_WIDTH}}" + "".join(f"{cell:>{_CELL_WIDTH}}" for cell in cells)


def _cell(figure: Figure) -> str:
    if figure.mean is None:
        return "–"
    return f"{figure.mean:.3f}" + ("" if figure.sd is None else f" ± {figure.sd:.3f}")


def _remarks(found: CrossValidated) -> Iterator[str]:
    """Yield what to make of the figures, in sentences; which of them to believe comes last."""
    from acnelib.validation.cross_validation import Apart

    if found.lone:
        yield (
            f"All photos of {', '.join(found.lone)} look like one patient's, so that nobody can know the class while "
            "they are held out: add photos of other patients."
        )
    for recipe in found.recipes:
        name = f"{recipe.backbone}: " if len(found.recipes) > 1 else ""
        yield from (f"{name}{remark}" for remark in _remarks_on(recipe, shuffled=found.shuffled))
    first = found.recipes[0]
    series, groups = first.on(Apart.SERIES).units, first.on(Apart.GROUPS).units
    if series == groups:
        yield "No photos look like one patient's beyond copies and scenes, so both figures are the same."
    else:
        yield (
            f"Believe series: they also keep photos together that look like one patient's ({series} instead of "
            f"{groups}), which groups, of copies and scenes only, put into different folds, so that a head is asked "
            "about patients whom it learnt from."
        )


def _remarks_on(recipe: RecipeFigures, *, shuffled: bool) -> Iterator[str]:
    macro_f1 = {str(yardstick.apart): _mean(yardstick.figures["macro_f1"]) for yardstick in recipe.yardsticks}
    loose = macro_f1.get("photos")
    if shuffled:
        told = (
            f"{macro_f1[yardstick.apart]:.3f} against {_mean(yardstick.figures['macro_f1_by_chance']):.3f} "
            f"by {yardstick.apart}"
            for yardstick in recipe.yardsticks
        )
        memory = "" if loose is None else "; folds by photo may be above it, for copies are remembered"
        yield f"Labels were shuffled, so macro-F1 must be what chance gives: {', '.join(told)}{memory}."
    if loose is not None:
        yield (
            f"Folds by photo change macro-F1 by {loose - macro_f1['groups']:+.3f} against groups and by "
            f"{loose - macro_f1['series']:+.3f} against series."
        )


def _mean(figure: Figure) -> float:
    return math.nan if figure.mean is None else figure.mean
