"""Commands for people with photos: predict, evaluate, gui."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.output import Format, TableFormat, percentage, progress_bar, say, show, show_csv, show_json
from acnelib.errors import DataUnusable
from acnelib.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from acnelib.inference import Prediction
    from acnelib.metrics import Metrics

ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME|VERSION|DIR",
        help="production, staging, the number of a version, or the folder of a bundle.",
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
    top_k: Annotated[int, typer.Option("--top-k", metavar="K", min=1, help="How many labels to show (text only).")] = 3,
    output: Annotated[TableFormat, typer.Option("--format", help="How to print the answers.")] = TableFormat.TEXT,
) -> None:
    """Classify photos. A research tool, not a diagnosis.

    A folder means every file below it that is not hidden. A file that cannot be read is a row with an error.
    """
    from acnelib.models import load_classifier
    from acnelib.photo_files import expand

    expanded = expand(paths)
    files = expanded.files
    for problem in expanded.problems if files else ():
        say(f"acne: {problem}")
    if not files:
        raise DataUnusable(f"no file in {', '.join(map(str, paths))}: name photos, or a folder that holds some")
    classifier = load_classifier(model)
    failed = 0

    def rows() -> Iterator[Prediction]:
        nonlocal failed
        for prediction in classifier.predict_many(files):
            if prediction.error is not None:
                failed += 1
                say(f"acne: {prediction.error}")
            yield prediction

    if output == TableFormat.JSON:
        _show_json_rows(rows())
    elif output == TableFormat.CSV:
        _show_csv_rows(rows(), classifier.labels)
    else:
        _show_text_rows(rows(), top_k)
        say(f"Model {classifier.identity.name}, version {classifier.identity.version or '–'}. Not a diagnosis.")
    if failed:
        raise typer.Exit(1)


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with one sub-folder of photos per class.")],
    model: ModelOption = "production",
    output: Annotated[Format, typer.Option("--format", help="How to print the metrics.")] = Format.TEXT,
) -> None:
    """Measure a model on a folder of class folders."""
    from acnelib.models import load_classifier
    from acnelib.stages.evaluate_folder import evaluate_folder

    classifier = load_classifier(model)
    with progress_bar("Evaluating") as progress:
        metrics = evaluate_folder(folder, classifier, progress=progress)
    if metrics.unreadable:
        say(f"acne: {metrics.unreadable} files could not be read and count nowhere else")
    if output == Format.JSON:
        show_json(metrics.as_dict())
    else:
        _show_metrics(metrics)


def gui(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="Photos, or folders of photos, to open.")
    ] = None,
    model: ModelOption = "production",
    trace_startup: Annotated[
        bool, typer.Option("--trace-startup", help="Print how long it took to start; with a file, leave afterwards.")
    ] = False,
) -> None:
    """Open the desktop app."""
    try:
        from gui.application import main
    except ImportError as error:
        raise DataUnusable(
            f"the app cannot start ({plain_reason(error)}): pip install 'acnelib[gui]', or `make app`"
        ) from error
    raise typer.Exit(main(model=model, files=[str(path) for path in files or []], trace_startup=trace_startup))


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


def _show_text_rows(rows: Iterable[Prediction], top_k: int) -> None:
    for row in rows:
        if row.error is None:
            scores = ", ".join(f"{label} {percentage(score)}" for label, score in row.top(top_k))
            show(f"{row.path}: {row.verdict}: {scores}")
        else:
            show(f"{row.path}: not classified")


def _show_metrics(metrics: Metrics) -> None:
    low, high = metrics.macro_f1_interval
    show(f"Photos             {metrics.n}")
    show(f"Macro-F1           {metrics.macro_f1:.3f}  (95 % interval {low:.3f}–{high:.3f})")
    show(f"Accuracy           {metrics.accuracy:.3f}")
    show(f"Balanced accuracy  {metrics.balanced_accuracy:.3f}")
    show(f"ECE                {metrics.ece:.3f}")
    show(f"NLL                {metrics.nll:.3f}")
    show(f"Brier              {metrics.brier:.3f}")
    selective = "–" if metrics.selective_accuracy is None else f"{metrics.selective_accuracy:.3f}"
    show(f"Confident          {metrics.coverage:.1%} of the photos, accuracy among them {selective}")
    show("")
    width = max(len(label) for label in metrics.per_class)
    show(f"{'class':<{width}}  precision  recall     F1  photos")
    for label, values in metrics.per_class.items():
        show(f"{label:<{width}}  {values.precision:9.3f}  {values.recall:6.3f}  {values.f1:5.3f}  {values.support:6d}")
