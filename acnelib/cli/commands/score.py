"""The command score: many pictures into a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands.classify import ModelOption
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.scoring.engine import Engine

if TYPE_CHECKING:
    from acnelib.scoring.job import ScoringResult


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(score)


def score(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…", help="Photos, folders, tables with a column of paths (.csv, .parquet), s3://BUCKET/PREFIX."
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="DIR",
            help="Folder for the results: new, empty, or with --overwrite one of earlier results.",
        ),
    ],
    model: ModelOption = "production",
    engine: Annotated[Engine, typer.Option("--engine", help="Spark, or Python on this machine.")] = Engine.SPARK,
    master: Annotated[
        str, typer.Option("--master", metavar="URL", help="local[N], local[*] or spark://HOST:PORT (Spark only).")
    ] = "local[2]",
    partitions: Annotated[
        int | None,
        typer.Option(
            "--partitions", metavar="N", min=1, help="Number of partitions, and of result files (Spark only)."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace earlier results in that folder.")] = False,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Score many photos into a table of Parquet files. A research tool, not a diagnosis.

    One row per photo, with the columns of `acne predict --format csv`; an unreadable photo gives a row with an error.
    """
    from acnelib.scoring.job import score as carry_out

    with progress_bar("Scoring") as progress:
        scored = carry_out(
            paths,
            to=to,
            model=model,
            engine=engine,
            master=master,
            partitions=partitions,
            overwrite=overwrite,
            progress=progress,
        )
    for note in scored.notes:
        say(f"acne: {note}")
    if output == Format.JSON:
        show_json(scored.as_dict())
    else:
        _show_text(scored)
    if scored.errors:
        raise typer.Exit(1)


def _show_text(scored: ScoringResult) -> None:
    from acnelib.inference.promise import threshold_line

    bad = f", {scored.errors} of them could not be classified (column error)" if scored.errors else ""
    show(f"{scored.rows} rows in {scored.folder}{bad}; {scored.seconds:.1f} s")
    say(threshold_line(scored.threshold))
    if scored.promise:
        say(scored.promise)
    say(f"Model {scored.model.name}, version {scored.model.version or '–'}. Not a diagnosis.")
