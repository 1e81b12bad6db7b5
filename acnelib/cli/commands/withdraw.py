"""The command withdraw: removes photos for good."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.options import Workdir, check_terminal, settings_in
from acnelib.cli.output import Format, ask, say, show, show_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.retention.withdraw import WithdrawalResult
    from acnelib.retention.withdrawn_versions import AffectedVersion

_USES = {"train": "trained on", "test": "tested on"}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(withdraw)


def withdraw(
    photos: Annotated[
        list[str],
        typer.Argument(
            metavar="PHOTO…", help="Files, or SHA-256 of photos: complete, or at least the first 12 digits."
        ),
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Reason, recorded with the withdrawal.")
    ] = None,
    group: Annotated[
        bool,
        typer.Option(
            "--group", help="Also withdraw their copies and photos of the same scene, as grouped by the latest split."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask for confirmation; required without a terminal.")
    ] = False,
    workdir: Workdir = None,
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Remove photos for good.

    For example because a person has withdrawn their consent. The photos are removed from the working folder and never
    taken in again, even if a source still shows them. Their hashes are kept, in withdrawn.jsonl and in past splits, and
    model versions that used them are marked. Your own files are not touched. Asks for confirmation.
    """
    settings = settings_in(workdir)
    if not (dry_run or yes):
        check_terminal("a withdrawal cannot be undone")
    from acnelib.retention.withdraw import withdraw as carry_out

    if not (dry_run or yes):
        looked_at = carry_out(photos, reason=reason, group=group, dry_run=True, settings=settings)
        _ask(looked_at)
        photos = [
            photo.sha256 for photo in looked_at.photos
        ]  # those that were confirmed, even if a file has changed since
    withdrawn = carry_out(
        photos,
        reason=reason,
        group=group and (dry_run or yes),
        dry_run=dry_run,
        settings=settings,
        waiting=lambda: say("waiting for another run in this working folder"),
    )
    if output == Format.JSON:
        show_json(_as_json(withdrawn, dry_run=dry_run))
    else:
        for line in _lines(withdrawn, dry_run=dry_run):
            show(line)
    for failure in withdrawn.failures:
        say(f"acne: {failure}")
    if withdrawn.failures:
        what = "checked" if dry_run else "marked"
        say(f"acne: not all versions were {what}: fix the cause above and run the same command again")
        raise typer.Exit(1)


def _ask(looked_at: WithdrawalResult) -> None:
    """Show what would be done and ask for confirmation; a no ends the command."""
    for line in _lines(looked_at, dry_run=True):
        say(line)
    for failure in looked_at.failures:
        say(failure)
    say("This cannot be undone.")
    if not ask(f"Withdraw {_counted(len(looked_at.photos), 'photo')}?"):
        say("acne: nothing was withdrawn")
        raise typer.Exit(1)


def _as_json(withdrawn: WithdrawalResult, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "photos": [
            {
                **asdict(photo),
                "withdrawn_before": photo.sha256 in withdrawn.before,
                "known": photo.sha256 not in withdrawn.unknown,
            }
            for photo in withdrawn.photos
        ],
        "belong_together": list(withdrawn.tied),
        "own_files": {source: list(paths) for source, paths in withdrawn.own_files.items()},
        "server": withdrawn.server,
        "versions": [
            {
                "version": one.version,
                "in_production": one.in_production,
                "marked": one.marked,
                **{subset: _number(withdrawn, one, subset) for subset in _USES},
            }
            for one in withdrawn.versions
        ],
        "failures": list(withdrawn.failures),
    }


def _lines(withdrawn: WithdrawalResult, *, dry_run: bool) -> Iterator[str]:
    for photo in withdrawn.photos:
        name = photo.sha256[:12]
        if photo.sha256 in withdrawn.before:
            yield f"{name}  was withdrawn on {photo.withdrawn_at} already"
        elif photo.sha256 in withdrawn.unknown:
            verb = "would be" if dry_run else "is"
            yield f"{name}  is not here; its hash {verb} recorded, so that it is never taken in"
        else:
            where = f" (of {', '.join(photo.sources)})" if photo.sources else ""
            yield f"{name}  {'would be removed' if dry_run else 'removed'}{where}"
    if withdrawn.changed:
        yield f"{_counted(withdrawn.changed, 'file')} of the working folder removed, or rewritten without them"
    if withdrawn.tied:
        number = len(withdrawn.tied)
        yield (
            f"{number} other photo{'s belong' if number > 1 else ' belongs'} together with "
            f"{_them(withdrawn)}; to withdraw {'them' if number > 1 else 'it'} too: --group"
        )
        yield from (f"  {sha256}" for sha256 in withdrawn.tied)
    for source, paths in withdrawn.own_files.items():
        yield f"Still at {_counted(len(paths), 'place')} in the folder of {source}, which is yours to clear:"
        yield from (f"  {path}" for path in paths)
    yield from _lines_of_versions(withdrawn)


def _lines_of_versions(withdrawn: WithdrawalResult) -> Iterator[str]:
    if withdrawn.server is None:
        yield (
            "No versions were marked, because no tracking server is known: if you have one, set MLFLOW_TRACKING_URI "
            "(or `acne up`) and run the same command again"
        )
    for subset, use in _USES.items():
        if used := [one for one in withdrawn.versions if _number(withdrawn, one, subset)]:
            names = ", ".join(one.version for one in used)
            verb = f"version{'s' if len(used) > 1 else ''} {names} {'were' if len(used) > 1 else 'was'}"
            production = [one.version for one in used if one.in_production]
            note = f" ({production[0]} is in production)" if production else ""
            remedy = ": train again with `acne pipeline`" if subset != "test" else ""
            yield f"{verb} {use} {_them(withdrawn)}{note}{remedy}"
    if withdrawn.server is not None and not withdrawn.versions and not withdrawn.failures:
        yield f"no version at {withdrawn.server} used {_them(withdrawn)}"


def _number(withdrawn: WithdrawalResult, used: AffectedVersion, subset: str) -> int:
    """Return how many of the photos of this command a version had in a subset."""
    return sum(used.photos.get(photo.sha256) == subset for photo in withdrawn.photos)


def _them(withdrawn: WithdrawalResult) -> str:
    return "it" if len(withdrawn.photos) == 1 else "them"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
