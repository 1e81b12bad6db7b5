"""Prune: old versions' bundles and runs go, and of the working folder what no version that stays needs.

What points at something goes before it, so that a process that is killed in between leaves at most files that
nothing points at; the same command finishes.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.errors import UsageError
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover
from acnelib.registry.unused_bundles import unused_bundles
from acnelib.retention.kept_versions import kept_versions
from acnelib.retention.records import sort_records, targets_in_order
from acnelib.retention.unused_files import begin, end, forget_photos, remove_folder, unneeded_files
from acnelib.services.disk import size_of
from acnelib.storage.files import digest_of
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking
    from acnelib.registry.tracking.removal import StoredVersion
    from acnelib.retention.records import PipelineRecords, Sorted


class RemovedKind(StrEnum):
    """What kind of thing goes."""

    VERSION = "version"
    RUN = "run"
    TARGETS = "targets"
    RECORD = "record"
    RESULT = "result"
    VECTORS = "vectors"
    FINDINGS = "vectors and facts of"
    PHOTO = "photo"
    CACHED = "cached bundle"


_FOLDERS = (RemovedKind.RESULT, RemovedKind.VECTORS)


@dataclass(frozen=True, kw_only=True)
class Going:
    """One thing that goes.

    Attributes:
        kind: What it is.
        name: Which one.
        size: Bytes that it takes.
        remove: Removes it; returns False where it stays, since somebody took it into use meanwhile.
    """

    kind: RemovedKind
    name: str
    size: int
    remove: Callable[[], bool | None]


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What went, or would go.

    Attributes:
        kept: Versions that stay, with the reason.
        gone: What went, in this order.
    """

    kept: Mapping[str, str]
    gone: tuple[Going, ...]

    @property
    def size(self) -> int:
        """Bytes that it took."""
        return sum(one.size for one in self.gone)


def prune(
    keep: int,
    *,
    dry_run: bool = False,
    settings: Settings | None = None,
    waiting: Callable[[], None] = lambda: None,
    progress: Progress = no_progress,
) -> Pruned:
    """Take away what belongs to old versions only.

    The newest versions stay, production, what `acne rollback` would go back to, versions that are not decided yet or
    have an alias, and what a run that has not come to its end may need. So does what is taken into use meanwhile.

    Args:
        keep: How many of the newest versions stay.
        dry_run: Change nothing.
        settings: Where the working folder, the cache and the tracking server are.
        waiting: Called once when another process holds the working folder.
        progress: Told how far it is.

    Raises:
        UsageError: Not even one version is to stay.
        TrackingFailed: The tracking server does not answer, so nobody knows what is needed; nothing goes then.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: at least 1 version stays")
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    workspace = Workspace(settings.workdir)
    with contextlib.nullcontext() if dry_run else workspace.alone(waiting):
        if not dry_run:
            workspace.sweep()  # of an earlier one that was killed, too
        with tracking.failing_clearly():
            shelf = VersionRemover(tracking)
            versions = shelf.versions()
            kept = kept_versions(versions, newest=keep)
            gone = tuple(_what_goes(versions, kept, shelf, settings))
            if gone and not dry_run:
                if spared := _remove_versions(gone, progress):
                    kept |= dict.fromkeys(spared, "taken into use just now")
                    taken = (one for one in gone if one.kind == RemovedKind.VERSION and one.name not in spared)
                    gone = (*taken, *_but_versions(_what_goes(versions, kept, shelf, settings)))
                _remove_the_rest(gone, workspace, progress)
    return Pruned(kept=kept, gone=gone)


def _remove_versions(gone: Sequence[Going], progress: Progress) -> set[str]:
    """Remove versions, and return those that stay after all."""
    spared = set()
    for number, one in enumerate((one for one in gone if one.kind == RemovedKind.VERSION), start=1):
        if one.remove() is False:
            spared.add(one.name)
        progress(number, len(gone), one.kind)
    return spared


def _remove_the_rest(gone: Sequence[Going], workspace: Workspace, progress: Progress) -> None:
    rest = _but_versions(gone)
    begin(workspace, [workspace.root / one.name for one in rest if one.kind in _FOLDERS])
    for number, one in enumerate(rest, start=1 + len(gone) - len(rest)):
        one.remove()
        progress(number, len(gone), one.kind)
    end(workspace)


def _but_versions(gone: Iterable[Going]) -> list[Going]:
    return [one for one in gone if one.kind != RemovedKind.VERSION]


def _what_goes(
    versions: list[StoredVersion], kept: Mapping[str, str], shelf: VersionRemover, settings: Settings
) -> Iterator[Going]:
    tracking, workspace, now = shelf.tracking, Workspace(settings.workdir), time.time()
    runs = {one.version: one.run_id for one in versions}
    found = sort_records(workspace, place=_place(tracking), versions=runs, kept=kept, now=now)
    old = [one for one in versions if one.version not in kept]
    # First of all: once a version is marked, nobody takes what is left of it for a model.
    yield from _of_the_registry(old, found, {run for number, run in runs.items() if run and number in kept}, shelf)
    yield from _of_the_working_folder(workspace, found, now)
    cached = unused_bundles(
        settings.cache,
        server=tracking.server,
        model_name=tracking.model_name,
        versions=[one.version for one in old],
        kept=[one.bundle_sha256 for one in versions if one.version in kept and one.bundle_sha256],
    )
    if cached.memories or cached.bundles:
        names = ", ".join(path.name[:16] for path in cached.bundles) or "what is remembered of them"
        size = sum(map(size_of, (*cached.bundles, *cached.memories)))
        yield Going(kind=RemovedKind.CACHED, name=names, size=size, remove=cached.remove)


def _place(tracking: Tracking) -> str:
    return digest_of(tracking.identity, tracking.model_name)[:8]


def _of_the_registry(
    old: list[StoredVersion], found: Sorted, needed: set[str], shelf: VersionRemover
) -> Iterator[Going]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    living = shelf.living_runs()
    for one in old:
        if not one.pruned:
            yield Going(
                kind=RemovedKind.VERSION,
                name=one.version,
                size=shelf.size_of_version(one),
                remove=partial(shelf.remove_version, one, at=at),
            )
    of_versions = {one.run_id for one in old if one.run_id} - needed - found.needed
    for run_id in sorted(living & (of_versions | found.runs)):
        remove = partial(shelf.remove_run, run_id, keep_subsets=run_id in of_versions)
        size = shelf.size_of_run(run_id, with_subsets=run_id not in of_versions)
        yield Going(kind=RemovedKind.RUN, name=run_id, size=size, remove=remove)


def _of_the_working_folder(workspace: Workspace, found: Sorted, now: float) -> Iterator[Going]:
    def name_of(path: Path) -> str:
        return str(path.relative_to(workspace.root))

    for walk in found.walks:
        yield Going(
            kind=RemovedKind.TARGETS,
            name=name_of(walk.folder),
            size=size_of(walk.folder),
            remove=partial(_remove_targets, walk),
        )
    for one in found.going:
        remove = partial(one.path.unlink, missing_ok=True)
        yield Going(kind=RemovedKind.RECORD, name=name_of(one.path), size=size_of(one.path), remove=remove)
    unneeded = unneeded_files(workspace, found, now=now)
    for kind, folders in ((RemovedKind.RESULT, unneeded.results), (RemovedKind.VECTORS, unneeded.networks)):
        for folder, size in folders.items():
            yield Going(kind=kind, name=name_of(folder), size=size, remove=partial(remove_folder, folder))
    if photos := unneeded.photos:
        name = f"{len(photos)} photos that go"
        forget = partial(forget_photos, workspace, photos.keys())
        yield Going(kind=RemovedKind.FINDINGS, name=name, size=unneeded.vectors, remove=forget)
    for sha256, size in photos.items():
        yield Going(kind=RemovedKind.PHOTO, name=sha256, size=size, remove=partial(_remove_photo, workspace, sha256))


def _remove_targets(walk: PipelineRecords) -> None:
    for path in targets_in_order(walk):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # something of somebody else's lies there
        walk.folder.rmdir()


def _remove_photo(workspace: Workspace, sha256: str) -> None:
    workspace.images.remove(sha256)
