"""The command cross-validate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import (
    AcceptTerms,
    AllowMissingSource,
    Backbones,
    BackgroundNames,
    HeldOutFolder,
    HeldOutShare,
    ReviewFiles,
    SourceNames,
    Weights,
    Workdir,
    checked_options,
    checked_recipes,
)
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.config.settings import Settings
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.progress import Progress
    from acnelib.scraping.sources import Sources
    from acnelib.stages.results import FeatureResult
    from acnelib.validation.cross_validation_record import CrossValidation, HeldOutEvaluation, RecipeEvaluation


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(cross_validate)


def cross_validate(
    source: SourceNames = None,
    background: BackgroundNames = None,
    test: HeldOutFolder = None,
    test_share: HeldOutShare = None,
    reviews: ReviewFiles = None,
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
    photos that its model learns from. Each fold trains everything again: head, temperature, threshold and scope. Photos
    are held apart by series (probably one patient) and by groups (copies and scenes); with several sources, each source
    is also predicted by what the others teach, and with background photos each condition is judged by a scope that
    never saw it. With several recipes, paired differences from the first are given. Needs no server.
    """
    settings, sources = checked_options(
        Problems(),
        source=source,
        background=background,
        test=test,
        test_share=test_share,
        reviews=reviews,
        allow_missing_source=allow_missing_source,
        backbone=backbone,
        workdir=workdir,
    )
    from acnelib.cli.interruption import interruptible
    from acnelib.stages.scrape import check_permissions
    from acnelib.storage.workspace import Workspace
    from acnelib.validation.cross_validation import cross_validate as measure

    check_permissions(sources, settings=settings, accept_terms=accept_terms, allow_missing=allow_missing_source)
    names = checked_recipes(backbone or (), weights, source=sources.name)
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
        from acnelib.cli.cross_validation_text import cross_validation_lines

        for line in cross_validation_lines(found):
            show(line)


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
    from acnelib.cli.cross_validation_text import remarks

    return {
        "source": found.source,
        "sources": found.sources,
        "photos": found.photos,
        "classes": found.classes,
        "folds": found.folds,
        "repeats": found.repeats,
        "shuffled": found.shuffled,
        "believe": str(found.believe),
        "lone": found.lone,
        "not_held_apart": found.not_held_apart,
        "recipes": [_recipe_as_json(recipe) for recipe in found.recipes],
        "paired": [one.model_dump(mode="json") for one in found.paired],
        "remarks": list(remarks(found)),
    }


def _recipe_as_json(recipe: RecipeEvaluation) -> dict[str, Any]:
    unseen = recipe.unseen_conditions
    return {
        "backbone": recipe.backbone,
        "weights": recipe.weights,
        **{str(yardstick.apart): _yardstick_as_json(yardstick) for yardstick in recipe.yardsticks},
        "unseen_sources": {name: _yardstick_as_json(one) for name, one in recipe.unseen_sources.items()},
        "unseen_conditions": None if unseen is None else unseen.model_dump(mode="json"),
    }


def _yardstick_as_json(yardstick: HeldOutEvaluation) -> dict[str, Any]:
    return {
        "photos": yardstick.photos,
        "untaught": yardstick.untaught,
        "units": yardstick.units,
        "largest": yardstick.largest,
        **{f"{name}_interval": interval for name, interval in yardstick.intervals.items()},
        **{name: figure.model_dump() for name, figure in yardstick.figures.items()},
        "per_class": {label: one.model_dump() for label, one in yardstick.per_class.items()},
    }
