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
    output: Annotated[Format, typer.Option("--format", help="How to print the findings.")] = Format.TEXT,
) -> None:
    """Probe everything and say what to do about what fails.

    Starts nothing, and changes nothing: what it writes to the artifact store, it deletes again.
    """
    from acnelib.doctor import CheckStatus, run_checks

    findings = []
    for finding in run_checks():
        findings.append(finding)
        if output == Format.TEXT:
            show(_line(finding))
    failures = sum(finding.state == CheckStatus.FAILED for finding in findings)
    if output == Format.JSON:
        show_json({"well": not failures, "findings": [asdict(finding) for finding in findings]})
    if failures:
        say(f"acne: {failures} of {len(findings)} probes failed: do what stands after the arrows")
        raise typer.Exit(1)


def _line(finding: CheckResult) -> str:
    remedy = f" → {finding.remedy}" if finding.remedy else ""
    return f"{MARKS[finding.state]} {finding.name:<28} {finding.detail}{remedy}"
