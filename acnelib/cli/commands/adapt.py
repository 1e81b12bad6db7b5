"""The command adapt."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.options import (
    AcceptTerms,
    AllowMissingSource,
    BackgroundNames,
    Epochs,
    SourceNames,
    Weights,
    Workdir,
    checked_options,
    checked_recipes,
)
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.errors import UsageError
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acnelib.config.settings import Settings
    from acnelib.progress import Progress
    from acnelib.stages.results import AdaptResult

_NO_SOURCE = (
    "name the photos of the classes with --source, so that neither they nor copies of them are learnt from: "
    "acne adapt --source DIR --background DIR"
)
_CONTINUES = "The same command continues after the last finished epoch."


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(adapt)


def adapt(
    source: SourceNames = None,
    background: BackgroundNames = None,
    allow_missing_source: AllowMissingSource = False,
    accept_terms: AcceptTerms = False,
    backbone: Annotated[
        str | None,
        typer.Option(
            "--backbone",
            metavar="NAME",
            help="Network, such as mobilenet_v2_0.35_224, or several joined by + (default: as for acne pipeline).",
        ),
    ] = None,
    weights: Weights = None,
    epochs: Epochs = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Copy the weights and their card into this folder.")
    ] = None,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Fine-tune the networks on photos of other skin conditions.

    Learns from the photos of --background alone, by condition, and from no copy of a photo of a class. The weights are
    for --weights. An interrupted command continues after its last finished epoch. Needs no server.
    """
    from acnelib.training.adaptation.learning_set import NO_PHOTOS

    problems = Problems()
    if not background:
        problems.add(UsageError(NO_PHOTOS))
    if not source:
        problems.add(UsageError(_NO_SOURCE))
    settings, sources = checked_options(
        problems,
        source=source,
        background=background,
        test=None,
        test_share=None,
        allow_missing_source=allow_missing_source,
        backbone=[backbone] if backbone else None,
        workdir=workdir,
    )
    from acnelib.cli.interruption import interruptible
    from acnelib.stages.adapt import adaptation_options, copy_weights
    from acnelib.stages.scrape import check_permissions
    from acnelib.storage.workspace import Workspace
    from acnelib.training.networks.recipes import replacement_note

    check_permissions(sources, settings=settings, accept_terms=accept_terms, allow_missing=allow_missing_source)
    recipes = checked_recipes([backbone] if backbone else (), weights, source=sources.name, adapt=True)
    if backbone is None and (note := replacement_note(recipes, adapted=True)):
        say(note)
    workspace = Workspace(settings.workdir)
    with (
        _continuation_named(),
        interruptible(lambda: say(_CONTINUES)),
        workspace.alone(lambda: say("waiting for another run in this working folder")),
    ):
        workspace.remove_unfinished()  # the lock is ours, so unfinished files were left by killed processes
        with workspace.temporary_files(), progress_bar("Adapting") as bar:
            progress = _with_lines(bar)
            from acnelib import stages

            scrape_result = stages.scrape(
                sources,
                allow_missing=allow_missing_source,
                settings=settings,
                accept_terms=accept_terms,
                progress=progress,
            )
            curate_result = stages.curate(scrape_result, settings=settings, progress=progress)
            adapt_result = stages.adapt(
                stages.split(curate_result, settings=settings),
                backbone=backbone,
                weights=weights,
                options=adaptation_options(epochs=epochs),
                settings=settings,
                log=_can_log(settings),
                progress=progress,
            )
    if to is not None:
        copy_weights(adapt_result, to)
    _show(adapt_result, to or adapt_result.adapted, output)


@contextlib.contextmanager
def _continuation_named() -> Iterator[None]:
    """Say how an interrupted command continues."""
    try:
        yield
    except KeyboardInterrupt:
        say(_CONTINUES)
        raise


def _can_log(settings: Settings) -> bool:
    """Return whether the tracking server, if one is known, answers; say so if it does not."""
    from acnelib.errors import TrackingFailed
    from acnelib.stages.adapt import checked_tracking

    try:
        checked_tracking(settings)
    except TrackingFailed as error:
        say(f"acne: the curve is not logged: {error}")
        return False
    return True


def _with_lines(bar: Progress) -> Callable[[int, int, str], None]:
    """Return a function that shows progress as a bar, and messages without a total as lines."""

    def progress(done: int, total: int, what: str) -> None:
        if total:
            bar(done, total, what)
        else:
            say(what)

    return progress


def _show(adapt_result: AdaptResult, folder: Path, output: Format) -> None:
    from dataclasses import asdict

    from acnelib.training.adaptation.card import AdaptationCard

    card = AdaptationCard.read(adapt_result.adapted)
    networks = card.networks if card else ()
    if output == Format.JSON:
        fields = adapt_result.model_dump(
            include={"backbone", "adaptation_digest", "photos", "conditions", "run_id", "run_url", "seconds"}
        )
        show_json({"weights": str(folder), **fields, "networks": [asdict(network) for network in networks]})
        return
    show(f"{adapt_result.photos} photos of {adapt_result.conditions} other conditions")
    for network in networks:
        best = network.curve[network.best_epoch - 1]
        kept_out = (
            ""
            if best["top1"] is None
            else f"; of the photos kept out {best['top1']:.0%} right, {best['top5']:.0%} among the first five"
        )
        show(f"{network.backbone}: epoch {network.best_epoch} of {network.epochs} was the best{kept_out}")
    show(f"Weights: {folder}   (use them with: acne pipeline … --weights {folder})")
