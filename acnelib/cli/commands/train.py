"""Commands for training: demo, pipeline, atlas."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import (
    AcceptTerms,
    Adapt,
    AllowMissingSource,
    Backbones,
    BackgroundNames,
    Epochs,
    HeldOutFolder,
    HeldOutShare,
    ReviewFiles,
    SourceNames,
    Weights,
    Workdir,
    checked_options,
    settings_in,
)
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.errors import UsageError
from acnelib.runs.stage import Stage
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.pipeline.result import PipelineResult

JSON_FIELDS = ("decision", "reasons", "version", "run_id", "bundle", "split", "seconds", "training_seconds")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(pipeline)
    atlas = typer.Typer(no_args_is_help=True, help="The sample atlas: pictures that the project draws itself.")
    atlas.command("draw")(draw)
    atlas.command("serve")(serve)
    app.add_typer(atlas, name="atlas")


def demo(
    workdir: Workdir = None,
) -> None:
    """Run the whole pipeline on drawn sample pictures.

    Starts the embedded stack, scrapes the sample atlas, trains two candidates, promotes one, and classifies three
    pictures.
    """
    settings = settings_in(workdir)
    from acnelib.cli.commands.demo import run_demo

    run_demo(settings)


def pipeline(
    source: SourceNames = None,
    background: BackgroundNames = None,
    test: HeldOutFolder = None,
    test_share: HeldOutShare = None,
    reviews: ReviewFiles = None,
    allow_missing_source: AllowMissingSource = False,
    accept_terms: AcceptTerms = False,
    backbone: Backbones = None,
    weights: Weights = None,
    adapt: Adapt = False,
    epochs: Epochs = None,
    workdir: Workdir = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="Resume the run of this time (2026-11-24T120000).")
    ] = None,
    until: Annotated[
        Stage, typer.Option("--until", metavar="STAGE", help=f"Last stage to run: {', '.join(Stage)}.")
    ] = Stage.PROMOTE,
    local_scheduler: Annotated[
        bool, typer.Option("--local-scheduler", help="Schedule in this process, without luigid.")
    ] = False,
    progress: Annotated[
        Format, typer.Option("--progress", help="Progress on standard error: for people, or a line of JSON each.")
    ] = Format.TEXT,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Train on one or several sources, and promote a better version.

    Each run reads the sources and processes only new or changed photos; without any, the outcome is "unchanged".
    """
    problems = Problems()
    began = problems.check(lambda: _time(at)) if at else None
    settings, sources = checked_options(  # before Luigi is imported, whose message about a luigi.cfg is less clear
        problems,
        source=source,
        background=background,
        test=test,
        test_share=test_share,
        reviews=reviews,
        allow_missing_source=allow_missing_source,
        backbone=backbone,
        workdir=workdir,
    )
    from acnelib.cli.shown_run import run_shown
    from acnelib.pipeline.run import PipelineRun, new_run_time

    run = PipelineRun(
        sources=sources,
        test_share=test_share,
        at=began or new_run_time(sources, settings),
        backbones=tuple(backbone or ()),
        weights=weights,
        until=until,
        accept_terms=accept_terms,
        allow_missing_source=allow_missing_source,
        adapt=adapt,
        epochs=epochs,
    )
    result = run_shown(
        run,
        settings=settings,
        resumed=at is not None,
        local_scheduler=local_scheduler,
        as_events=progress == Format.JSON,
    )
    if output == Format.JSON:
        show_json(_as_json(result))
    else:
        _show_result(result)


def draw(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the class folders.")],
    number: Annotated[int, typer.Option("--number", metavar="N", min=1, help="Number of pictures in total.")] = 300,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", min=0, help="Seed; another seed gives other pictures.")
    ] = 1,
) -> None:
    """Draw pictures into class folders."""
    from acnelib.atlas.drawing import draw_pictures, encode_jpeg
    from acnelib.labels import file_name_of
    from acnelib.storage.files import SHARED, write_bytes

    with progress_bar("Drawing") as progress:
        for done, picture in enumerate(draw_pictures(number, seed=seed), start=1):
            path = to / file_name_of(picture.label) / f"{picture.name}.jpg"
            write_bytes(path, encode_jpeg(picture.image), mode=SHARED)
            progress(done, number, "pictures")
    show(f"{number} pictures in {to}")


def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Port; 0: any free port.")
    ] = 8000,
) -> None:
    """Serve the sample atlas on 127.0.0.1."""
    import threading

    from acnelib.atlas.server import serve_atlas

    with serve_atlas(port=port) as address:
        show(address)
        say(f"Scrape it with: acne pipeline --source sample@{address}   (Ctrl-C stops it)")
        threading.Event().wait()


def _as_json(result: PipelineResult) -> dict[str, Any]:
    return {
        **{name: getattr(result, name) for name in JSON_FIELDS},
        "sources": [source.model_dump() for source in result.sources],
        "background": result.background.model_dump() if result.background else None,
        "test": result.test.model_dump() if result.test else None,
        "reviews": result.reviews.model_dump() if result.reviews else None,
    }


def _show_result(result: PipelineResult) -> None:
    show(f"{result.decision or 'done'} in {result.seconds:.1f} s (run {result.at})")
    for reason in result.reasons or ():
        show(f"  {reason}")
    for line in _lines_of_sources(result):
        show(line)
    for title, value in (
        ("Version", result.version_url),
        ("Runs compared", result.comparison_url),
        ("Run", None if result.comparison_url else result.run_url),
        ("All runs", result.runs_url),
        ("Tasks", result.graph_url),
        ("Split", result.split),
        ("Evaluation", result.evaluation_report),
        ("Data report", result.data_report),
        ("Data changed", result.changes),
    ):
        if value:
            show(f"{title + ':':<15}{value}")


def _lines_of_sources(result: PipelineResult) -> Iterator[str]:
    """Yield a line for each of several sources, and for the test folder; the only source of a run is no news."""
    for source in result.sources if len(result.sources) > 1 else ():
        content = f"missing ({source.error})" if source.error else _counted(source.photos, "photo")
        yield f"{'Source:':<15}{source.name}: {content}"
    if result.test:
        yield f"{'Test folder:':<15}{result.test.name}: {_counted(result.test.photos, 'photo')}"
    if result.background and result.background.photos:
        photos = _counted(result.background.photos, "photo")
        conditions = _counted(result.background.conditions, "other condition")
        yield f"{'Background:':<15}{photos} of {conditions}"
    if result.reviews:
        yield f"{'Reviews:':<15}{'; '.join(result.reviews.sentences) or 'nothing is changed'}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H%M%S")  # noqa: DTZ007
    except ValueError as error:
        raise UsageError(f"--at {text!r} is not the time of a run: write it like 2026-11-24T120000") from error
