"""Commands that apply a model to photos: predict, evaluate, gui."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.options import Workdir, settings_in
from acnelib.cli.output import (
    Format,
    TableFormat,
    progress_bar,
    say,
    show,
    show_csv,
    show_json,
    show_lines,
    terminal_width,
    while_read,
)
from acnelib.errors import DataUnusable
from acnelib.progress import no_progress
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from acnelib.inference import Classifier, Prediction
    from acnelib.progress import Progress

ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME|VERSION|DIR",
        help="production, staging, a version number, or the folder of a bundle.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(predict)
    app.command()(evaluate)
    app.command()(gui)


def predict(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Photos, or folders of photos.")],
    model: ModelOption = "production",
    top_k: Annotated[
        int, typer.Option("--top-k", metavar="K", min=1, help="Number of labels to show (text only).")
    ] = 3,
    output: Annotated[TableFormat, typer.Option("--format", help="Output format.")] = TableFormat.TEXT,
) -> None:
    """Classify photos. A research tool, not a diagnosis.

    A folder stands for all files below it, except hidden ones; files left out are listed. An unreadable file gives a
    row with an error.
    """
    from acnelib.models import load_classifier

    files = _files_of(paths)
    classifier = load_classifier(model)
    failed, summary = 0, ""

    def rows(progress: Progress) -> Iterator[Prediction]:
        nonlocal failed
        for done, prediction in enumerate(while_read(classifier.predict_many(files)), start=1):
            if prediction.error is not None:
                failed += 1
                say(f"acne: {prediction.error}")
            yield prediction
            progress(done, len(files), "photos")

    with _progress_beside_rows() as progress:
        if output == TableFormat.JSON:
            _show_json_rows(rows(progress))
        elif output == TableFormat.CSV:
            _show_csv_rows(rows(progress), classifier.labels)
        else:
            summary = _show_text_rows(rows(progress), files, classifier.labels, top_k)
    if output == TableFormat.TEXT:
        if len(files) > 1 or not failed:  # the error of the only photo says it all
            say(summary)
        if failed < len(files):  # a threshold matters only where there is an answer
            _say_threshold(classifier)
        say(f"Model {classifier.identity.name}, version {classifier.identity.version or '–'}. Not a diagnosis.")
    if failed:
        raise typer.Exit(1)


def _files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that paths stand for, and say which are left out.

    Raises:
        DataUnusable: There is none.
    """
    from acnelib.folders.photo_files import LeftOutKind, find_photo_files, left_out_lines

    expanded = find_photo_files(paths)
    files = expanded.files
    left_out = [each for each in expanded.left_out if files or each.kind != LeftOutKind.EMPTY]
    for line in left_out_lines(left_out, hidden=expanded.hidden):
        say(f"acne: {line}")
    if not files:
        raise DataUnusable(f"no file in {', '.join(map(str, paths))}: name photos, or a folder that holds some")
    return tuple(files)


def _progress_beside_rows() -> AbstractContextManager[Progress]:
    """Return progress for rows that go into a file or a pipe; on a terminal, the rows themselves show it."""
    return nullcontext(no_progress) if sys.stdout.isatty() else progress_bar("Classifying")


def _say_threshold(classifier: Classifier) -> None:
    from acnelib.inference.promise import promise_line, threshold_line

    say(threshold_line(classifier.threshold))
    if promise := promise_line(classifier.bundle.description, classifier.threshold):
        say(promise)


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with one sub-folder of photos per class.")],
    model: ModelOption = "production",
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Evaluate a model on a folder of class folders.

    Photos that the model was trained on are counted separately: identical files always, edited copies if the working
    folder holds the training photos.
    """
    settings = settings_in(workdir)
    from acnelib.cli.evaluation_text import evaluation_lines
    from acnelib.models import load_classifier
    from acnelib.validation.folder_evaluation import evaluate_folder

    classifier = load_classifier(model, settings=settings)
    with progress_bar("Evaluating") as progress:
        evaluation = evaluate_folder(
            folder, classifier, settings=settings, progress=progress, report=lambda line: say(f"acne: {line}")
        )
    if output == Format.JSON:
        show_json(evaluation.as_dict())
    else:
        for line in evaluation_lines(evaluation, workdir=settings.workdir):
            show(line)


class ReviewOrder(StrEnum):
    """The order in which the app's photos are reviewed, and which photos these are."""

    LISTED = "listed"
    LEAST_CERTAIN = "least-certain"
    DISAGREEMENTS = "disagreements"
    RANDOM = "random"
    SUSPECTS = "suspects"


def gui(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Photos, or folders of photos, to open.")
    ] = None,
    model: ModelOption = "production",
    review: Annotated[
        ReviewOrder | None,
        typer.Option(
            "--review",
            help="Review the photos in this order. suspects opens the photos whose labels look wrong to the last "
            "evaluation.",
        ),
    ] = None,
    workdir: Workdir = None,
    trace_startup: Annotated[
        bool, typer.Option("--trace-startup", help="Print the start-up time; with a file, exit after its prediction.")
    ] = False,
) -> None:
    """Open the desktop app."""
    try:
        from gui.application import main
    except ImportError as error:
        raise DataUnusable(
            f"the app cannot start ({plain_reason(error)}): pip install 'acnelib[gui]', or `make app`"
        ) from error
    photos = list(files or [])
    if review is ReviewOrder.SUSPECTS:
        from acnelib.stages.suspects import suspected_photos

        photos += suspected_photos(settings_in(workdir).workdir)
        if not photos:
            say("acne: no label looks wrong to the last evaluation, so there is nothing to review")
            raise typer.Exit(0)
    order = ReviewOrder.LISTED if review is ReviewOrder.SUSPECTS else review
    raise typer.Exit(main(model=model, files=photos, review=order and order.value, trace_startup=trace_startup))


def _show_json_rows(rows: Iterable[Prediction]) -> None:
    separator = "["
    for row in rows:
        show_json(row.as_dict(), indent=None, before=separator)
        separator = ","
    show("]")


def _show_csv_rows(rows: Iterable[Prediction], labels: Sequence[str]) -> None:
    from acnelib.inference import table

    show_csv(table.line(table.head(labels)))
    for row in rows:
        show_csv(table.line(table.cells(row, labels)))
    sys.stdout.flush()


def _show_text_rows(rows: Iterable[Prediction], files: Sequence[Path], labels: Sequence[str], top_k: int) -> str:
    """Show the rows, and return the line that sums them up."""
    from acnelib.cli.prediction_text import PredictionRows

    text = PredictionRows(files, labels, top_k=top_k, width=terminal_width(sys.stdout))
    for row in rows:
        for line in text.row(row):
            show_lines(line)
    return text.summary()
