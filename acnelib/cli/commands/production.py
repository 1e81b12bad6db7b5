"""Commands about the version in production and its history: promote, rollback, history, notify."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands.notify import notify
from acnelib.cli.options import Workdir, settings_in
from acnelib.cli.output import Format, show, show_json
from acnelib.errors import ModelUnavailable, TrackingFailed

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.config.settings import Settings
    from acnelib.registry.decisions import DecisionRecord
    from acnelib.runs.history import PastRun


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(promote)
    app.command()(rollback)
    app.command()(history)
    app.command()(notify)


def promote(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Number of a registered version.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Reason, recorded with the decision.")],
) -> None:
    """Put a version into production, regardless of the gate.

    The reason, the user and the time are recorded on the version (see `acne history`).
    """
    from acnelib.stages.production import promote_version

    changeover = promote_version(version, reason=reason)
    show(f"Version {changeover.version} is in production ({_before(changeover.previous)}).")


def rollback(
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Reason, recorded with the decision.")
    ] = None,
) -> None:
    """Return to the version that was in production before."""
    from acnelib.stages.production import roll_back

    changeover = roll_back(reason=reason)
    show(f"Version {changeover.version} is in production again ({_before(changeover.previous)}).")


def history(
    workdir: Workdir = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Number of latest runs and decisions to show.")
    ] = 20,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Show past runs, and decisions on versions.

    The latest are shown first. Decisions are shown with user, time and reasons. Runs are read from the working folder;
    if no server answers, decisions are left out.
    """
    settings = settings_in(workdir)
    from acnelib.runs.history import past_runs

    runs = past_runs(settings.workdir, limit=limit)
    decisions, failure_message = _decisions(settings, limit)
    if output == Format.JSON:
        kept = None if decisions is None else [asdict(record) for record in decisions]
        show_json({"runs": [asdict(run) for run in runs], "decisions": kept})
        return
    _show_runs(runs, settings.workdir)
    show("")
    if decisions is None:
        show(f"Versions: server not asked ({failure_message})")
        return
    _show_decisions(decisions)


def _decisions(settings: Settings, limit: int) -> tuple[tuple[DecisionRecord, ...] | None, str]:
    """Return the latest decisions, or None and why the server was not asked."""
    if settings.server() is None:
        return None, "none is known: run `acne up`, or set MLFLOW_TRACKING_URI"
    from acnelib.stages.production import history as every_decision

    try:
        return every_decision(settings=settings)[:limit], ""
    except (TrackingFailed, ModelUnavailable) as error:
        return None, str(error)


def _show_runs(runs: tuple[PastRun, ...], workdir: Path) -> None:
    show(f"Runs in {workdir}" if runs else f"No run in {workdir} yet.")
    for run in runs:
        when = f"{run.at[:10]} {run.at[11:13]}:{run.at[13:15]}:{run.at[15:]}"
        version = f", version {run.version}" if run.version else ""
        took = f" in {run.seconds:.1f} s" if run.seconds is not None else ""
        show(f"{when}  {run.source:<20} {_how(run)}{version}{took}")
        for reason in run.reasons:
            show(f"    {reason}")


def _how(run: PastRun) -> str:
    after = f" after {run.reached}" if run.reached else ""
    if run.task:
        return f"{run.outcome} in {run.task}"
    return str(run.outcome) if run.decision else f"{run.outcome}{after}"


def _show_decisions(records: tuple[DecisionRecord, ...]) -> None:
    show("Decisions on versions" if records else "No decisions yet.")
    for record in records:
        when = record.decided_at[:16].replace("T", " ")
        before = f", production was {record.previous}" if record.previous else ""
        show(f"{when} UTC  version {record.version} {record.decision} by {record.by} ({record.user}){before}")
        for reason in record.reasons:
            show(f"    {reason}")


def _before(previous: str | None) -> str:
    return f"before: version {previous}" if previous else "there was none before"
