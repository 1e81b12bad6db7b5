"""Commands for the embedded stack: up, down, status."""

from __future__ import annotations

from typing import Annotated

import typer

from acnelib.cli.output import Format, say, show, show_json
from acnelib.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(up)
    app.command()(down)
    app.command()(status)


def up() -> None:
    """Start the embedded stack, or heal it.

    S3, the MLflow server and luigid, on 127.0.0.1; what is healthy is left alone.
    """
    from acnelib.services import Stack

    Stack(Settings.load()).up(report=say)


def down() -> None:
    """Stop the embedded stack; its data stay."""
    from acnelib.services import Stack

    Stack(Settings.load()).down(report=say)


def status(
    output: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
) -> None:
    """Show how the embedded stack is."""
    from acnelib.services import Stack

    services = Stack(Settings.load()).status()
    if output == Format.JSON:
        rows = {name: {"url": service.url, "healthy": service.healthy} for name, service in services.items()}
        show_json({"services": rows})
        return
    for name, service in services.items():
        state = "healthy" if service.healthy else "down"
        show(f"{name:<7} {state:<8} {service.url or 'never started'}")
    if not all(service.healthy for service in services.values()):
        say("Start it with `acne up`.")
