"""The command validate: how far a model can be trusted on photos of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands.classify import ModelOption
from acnelib.cli.options import ReviewFiles, Workdir, settings_in
from acnelib.cli.output import Format, progress_bar, say, show, show_json
from acnelib.errors import UsageError

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.config.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(validate)


def validate(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A folder with one sub-folder of your own photos per class."),
    ] = None,
    model: ModelOption = "production",
    reviews: ReviewFiles = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Use the threshold that holds on these photos from now on, at this site.")
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Forget this site's threshold for the model; needs no DIR.")
    ] = False,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Measure how far to trust a model on your own photos.

    Needs 30 labelled photos that the model did not learn from. With --reviews, DIR is any folder of photos, and blind
    reviews label them. A threshold of the site is kept in ACNE_HOME for this
    version of the model only, and is never sent to the registry.
    """
    if apply and reset:
        raise UsageError("--apply and --reset exclude each other: name one of them")
    if folder is None and not reset:
        raise UsageError("no folder is named: acne validate DIR, with one sub-folder of photos per class")
    settings = settings_in(workdir)
    from acnelib.models import classifier_of, find_model

    found = find_model(model, settings=settings)
    for note in filter(None, (found.offline, found.drift, found.identity.note)):
        say(f"acne: {note}")
    if reset:
        _forget(found.bundle, settings)
    if folder is None:
        _show_threshold(found.bundle, output)
        return
    from acnelib.cli.validation_text import validation_lines
    from acnelib.validation.site_validation import validate_folder

    classifier = classifier_of(found, settings=settings)
    with progress_bar("Validating") as progress:
        validation = validate_folder(
            folder,
            classifier,
            reviews=reviews or (),
            apply=apply,
            settings=settings,
            progress=progress,
            report=lambda line: say(f"acne: {line}"),
        )
    if output == Format.JSON:
        show_json(validation.as_dict())
    else:
        for line in validation_lines(validation, model_threshold=found.bundle.description.confidence_threshold):
            show(line)


def _forget(bundle: Bundle, settings: Settings) -> None:
    from acnelib.site_threshold import SiteThresholds

    existed = SiteThresholds(settings.home).forget(str(bundle.sha256))
    say(f"acne: {'the threshold of this site is forgotten' if existed else 'this site had no threshold of its own'}")


def _show_threshold(bundle: Bundle, output: Format) -> None:
    from dataclasses import asdict

    from acnelib.inference import ConfidenceThreshold
    from acnelib.inference.promise import threshold_line

    threshold = ConfidenceThreshold(bundle.description.confidence_threshold)
    if output == Format.JSON:
        show_json({"threshold": asdict(threshold)})
    else:
        show(threshold_line(threshold))
