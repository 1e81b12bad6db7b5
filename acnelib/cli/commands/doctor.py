"""The command doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.output import Format, say, show, show_json

if TYPE_CHECKING:
    from acnelib.doctor import Finding

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
    from acnelib.doctor import FindingState, examine

    findings = []
    for finding in examine():
        findings.append(finding)
        if output == Format.TEXT:
            show(_line(finding))
    failures = sum(finding.state == FindingState.FAILED for finding in findings)
    if output == Format.JSON:
        show_json({"well": not failures, "findings": [asdict(finding) for finding in findings]})
    if failures:
        say(f"acne: {failures} of {len(findings)} checks failed: follow the remedies after the arrows")
        raise typer.Exit(1)


def _line(finding: Finding) -> str:
    remedy = f" → {finding.remedy}" if finding.remedy else ""
    return f"{MARKS[finding.state]} {finding.name:<28} {finding.detail}{remedy}"
