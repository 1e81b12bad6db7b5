"""Withdrawal of photos whose consent was withdrawn: they are removed from the working folder for good.

The record is written first, and the bytes are removed last. Bytes of a recorded photo therefore show that a removal
was killed; the next scrape finishes it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.retention.choice import choose_photos
from acnelib.retention.erasure import erase, photos_by_source
from acnelib.retention.withdrawn_versions import AffectedVersion, mark, used_by, with_versions
from acnelib.scraping.folder import remembered_files
from acnelib.storage.withdrawals import Withdrawal
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping


@dataclass(frozen=True, kw_only=True)
class WithdrawalResult:
    """The result of a withdrawal, or of a dry run.

    Attributes:
        photos: The record of each photo, ordered by hash.
        before: Those that were withdrawn earlier.
        unknown: Those that this working folder never had.
        tied: Photos of the same groups that are not withdrawn, ordered by hash.
        own_files: By source, paths of the user's own files that hold them, which only the user can delete.
        changed: Files of the working folder that were removed or rewritten.
        server: The tracking server whose versions were checked; None: there is none.
        versions: Versions that used them.
        failures: Reasons why versions could not be checked or marked, one line each.
    """

    photos: tuple[Withdrawal, ...]
    before: frozenset[str]
    unknown: frozenset[str]
    tied: tuple[str, ...]
    own_files: Mapping[str, tuple[str, ...]]
    changed: int
    server: str | None
    versions: tuple[AffectedVersion, ...]
    failures: tuple[str, ...]


def withdraw(
    photos: Iterable[str],
    *,
    reason: str | None = None,
    group: bool = False,
    dry_run: bool = False,
    settings: Settings | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    waiting: Callable[[], None] = lambda: None,
) -> WithdrawalResult:
    """Remove photos from the working folder for good, and mark the versions that were trained on them.

    A repeated call finishes an interrupted withdrawal, and otherwise changes nothing.

    Args:
        photos: Files, or hexadecimal SHA-256, whole or their first digits.
        reason: The reason for the record.
        group: Also withdraw the other photos of the same groups.
        dry_run: Change nothing.
        settings: Where the working folder and the tracking server are.
        clock: Returns the time.
        waiting: Called once when another process holds the working folder.

    Raises:
        UsageError: A photo is neither a file nor a hash, or its digits match no photo or several.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    with contextlib.nullcontext() if dry_run else workspace.alone(waiting):
        earlier = workspace.withdrawals.read()
        chosen, tied = choose_photos(photos, workspace, group=group)
        now = clock().astimezone(UTC).isoformat(timespec="seconds")
        records = {**earlier, **_records(chosen, workspace, earlier, now=now, reason=reason)}
        unknown = {sha256 for sha256 in chosen - earlier.keys() if not _known(records[sha256], workspace)}
        own_files = _own_files(workspace, chosen)
        changed = 0
        if not dry_run:
            workspace.withdrawals.write(records.values())
            changed = erase(workspace, records.keys())
        used, failures = used_by(settings, records)
        if not dry_run:
            used, unmarked = mark(settings, used)
            failures += unmarked
            records = with_versions(records, str(settings.server()), used)
            workspace.withdrawals.write(records.values())
    return WithdrawalResult(
        photos=tuple(records[sha256] for sha256 in sorted(chosen)),
        before=frozenset(chosen & earlier.keys()),
        unknown=frozenset(unknown),
        tied=tuple(sorted(tied - earlier.keys())),
        own_files=own_files,
        changed=changed,
        server=settings.server(),
        versions=tuple(one for one in used if chosen & one.photos.keys()),
        failures=tuple(failures),
    )


def finish_withdrawals(workspace: Workspace) -> None:
    """Finish the removal of withdrawn photos if a process was killed during it.

    The caller holds the lock of the working folder.
    """
    if workspace.images.to_be_removed:
        erase(workspace, workspace.withdrawals.photos)


def _own_files(workspace: Workspace, photos: Collection[str]) -> dict[str, tuple[str, ...]]:
    memories = workspace.memories()
    return {memory.parent.name: paths for memory in memories if (paths := remembered_files(memory, photos))}


def _records(
    photos: Iterable[str], workspace: Workspace, earlier: Mapping[str, Withdrawal], *, now: str, reason: str | None
) -> dict[str, Withdrawal]:
    """Return the record of each photo, based on an earlier one, with every source known to have it."""
    sources = photos_by_source(workspace)

    def record(sha256: str) -> Withdrawal:
        before = earlier.get(sha256) or Withdrawal(sha256=sha256, withdrawn_at=now)
        found_in = {name for name, photos in sources.items() if sha256 in photos}
        return replace(before, reason=before.reason or reason, sources=tuple(sorted(found_in.union(before.sources))))

    return {sha256: record(sha256) for sha256 in photos}


def _known(record: Withdrawal, workspace: Workspace) -> bool:
    return bool(record.sources) or record.sha256 in workspace.images
