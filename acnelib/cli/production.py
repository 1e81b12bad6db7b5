"""Commands for what is in production: promote, rollback, history."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from acnelib.cli.output import Format, show, show_json


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(promote)
    app.command()(rollback)
    app.command()(history)


def promote(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Number of a registered version.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is written down.")],
) -> None:
    """Make a version production, whatever the gate said.

    The reason, who gave it and when are kept on the version (`acne history`).
    """
    from acnelib.stages.production import promote_version

    changeover = promote_version(version, reason=reason)
    show(f"Version {changeover.version} is in production ({_before(changeover.previous)}).")


def rollback(
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; it is written down.")] = None,
) -> None:
    """Go back to the version that was in production before."""
    from acnelib.stages.production import roll_back

    changeover = roll_back(reason=reason)
    show(f"Version {changeover.version} is in production again ({_before(changeover.previous)}).")


def history(
    output: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
) -> None:
    """Show what was decided about versions, when, by whom and why; the latest first."""
    from acnelib.stages.production import history as decisions

    records = decisions()
    if output == Format.JSON:
        show_json([asdict(record) for record in records])
        return
    if not records:
        show("Nothing was decided yet.")
    for record in records:
        when = record.decided_at[:16].replace("T", " ")
        before = f", production was {record.previous}" if record.previous else ""
        show(f"{when} UTC  version {record.version} {record.decision} by {record.by} ({record.user}){before}")
        for reason in record.reasons:
            show(f"    {reason}")


def _before(previous: str | None) -> str:
    return f"before: version {previous}" if previous else "there was none before"
