"""The command export: a model for phones and boards."""

from __future__ import annotations

from typing import Annotated

import typer

from acnelib.cli.commands.classify import ModelOption
from acnelib.cli.output import say, show


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(export)


def export(
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="DIR|s3://BUCKET/PREFIX", help="Destination; an earlier export there is replaced."
        ),
    ],
    model: ModelOption = "production",
    training_hashes: Annotated[
        bool,
        typer.Option(
            "--with-training-hashes",
            help="Add learnt_from.txt, the beginnings of the training photos' SHA-256: those who have a photo can then "
            "find out whether the model learnt from it.",
        ),
    ] = False,
) -> None:
    """Export a model for phones and embedded boards.

    The export holds the model, its labels and card, an example, and the restrictions of its licences. With the
    embedded stack, s3:// means its store unless AWS_* or MLFLOW_S3_ENDPOINT_URL name another.
    """
    from acnelib.export.model_export import export as export_model

    exported = export_model(to, model=model, training_hashes=training_hashes)
    for warning in exported.warnings:
        say(f"acne: before it is published or sold: {warning}")
    show(f"Model {exported.model}, in {exported.place}: {', '.join(exported.files)}")
