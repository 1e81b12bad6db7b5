"""The command doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.output import Format, say, show, show_json

if TYPE_CHECKING:
    from acnelib.doctor import CheckResult

MARKS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "–"}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)


def doctor(
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Check the installation, the servers and the model.

    Suggests a remedy for each failure. Starts nothing and changes nothing; the test file that it writes to the artifact
    store is deleted again.
    """
    from acnelib.doctor import CheckStatus, run_checks

    results = []
    for result in run_checks():
        results.append(result)
        if output == Format.TEXT:
            show(_line(result))
    failures = sum(result.state == CheckStatus.FAILED for result in results)
    if output == Format.JSON:
        show_json({"well": not failures, "findings": [asdict(result) for result in results]})
    if failures:
        say(f"acne: {failures} of {len(results)} checks failed: follow the remedies after the arrows")
        raise typer.Exit(1)


def _line(result: CheckResult) -> str:
    remedy = f" → {result.remedy}" if result.remedy else ""
    return f"{MARKS[result.state]} {result.name:<28} {result.detail}{remedy}"
