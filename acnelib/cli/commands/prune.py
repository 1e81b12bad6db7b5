"""The command prune."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import Workdir, settings_in
from acnelib.cli.output import Format, progress_bar, say, show, show_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.retention.prune import PruneResult


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(prune)


def prune(
    keep: Annotated[int, typer.Option("--keep", metavar="N", min=1, help="Number of newest versions to keep.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, and remove nothing.")] = False,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Remove files that only old versions need.

    Regardless of N, these versions are kept: production, the version that `acne rollback` would return to, versions
    without a decision, and versions with an alias. A removed version keeps its number and its decisions.
    """
    settings = settings_in(workdir)
    from acnelib.retention.prune import prune as carry_out

    with progress_bar("Pruning") as progress:
        pruned = carry_out(
            keep,
            dry_run=dry_run,
            settings=settings,
            waiting=lambda: say("waiting for another run in this working folder"),
            progress=progress,
        )
    if output == Format.JSON:
        show_json(_as_json(pruned, dry_run=dry_run))
    else:
        for line in _lines(pruned, dry_run=dry_run):
            show(line)


def _as_json(pruned: PruneResult, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "kept": dict(pruned.kept),
        "gone": [{"kind": one.kind, "name": one.name, "bytes": one.size} for one in pruned.gone],
        "bytes": pruned.size,
    }


def _lines(pruned: PruneResult, *, dry_run: bool) -> Iterator[str]:
    from acnelib.retention.prune import RemovedKind
    from acnelib.text.formatting import format_bytes

    for version, why in pruned.kept.items():
        yield f"keep    version {version}: {why}"
    verb = "remove " if dry_run else "removed"
    for one in pruned.gone:
        if one.kind != RemovedKind.PHOTO:
            yield f"{verb} {one.kind} {one.name}  {format_bytes(one.size)}"
    if photos := [one for one in pruned.gone if one.kind == RemovedKind.PHOTO]:
        size = format_bytes(sum(one.size for one in photos))
        yield f"{verb} {len(photos)} photo{'s' if len(photos) > 1 else ''} of the working folder  {size}"
    if not pruned.gone:
        yield "Nothing to prune."
    else:
        yield f"{format_bytes(pruned.size)} {'would be freed' if dry_run else 'freed'}"
