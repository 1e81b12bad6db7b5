"""Prune: removal of the bundles and runs of old versions, and of what only they need in the working folder.

Records of what was logged are removed last, since they show what is unused; an interrupted prune can be repeated. The
stages recreate missing files that a record refers to.
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
from acnelib.registry.cache import BundleCache
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover
from acnelib.retention.kept_versions import kept_versions
from acnelib.retention.marking import mark
from acnelib.retention.sweeping import forget_photos, remove_folder, unused_files
from acnelib.services.disk import size_of
from acnelib.storage.workspace import EMBEDDINGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from acnelib.registry.tracking.removal import StoredVersion
    from acnelib.retention.marking import UsedFiles


class RemovedKind(StrEnum):
    """The kind of a removal."""

    VERSION = "version"
    RUN = "run"
    TARGETS = "targets"
    RECORD = "record"
    RESULT = "result"
    EMBEDDINGS = "vectors"
    FINDINGS = "vectors and facts of"
    PHOTO = "photo"
    CACHED = "cached bundle"


@dataclass(frozen=True)
class Removal:
    """One removal.

    Attributes:
        kind: Its kind.
        name: Name of what is removed.
        size: Bytes that are freed.
        remove: Removes it; a version returns False if it is kept, since it came into use in the meantime.
    """

    kind: RemovedKind
    name: str
    size: int
    remove: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class PruneResult:
    """The result of a prune, or of a dry run.

    Attributes:
        kept: Versions that are kept, with the reasons.
        gone: The removals, in order.
    """

    kept: Mapping[str, str]
    gone: tuple[Removal, ...]

    @property
    def size(self) -> int:
        """Bytes that were freed."""
        return sum(one.size for one in self.gone)


def prune(
    keep: int,
    *,
    dry_run: bool = False,
    settings: Settings | None = None,
    waiting: Callable[[], None] = lambda: None,
    progress: Progress = no_progress,
) -> PruneResult:
    """Remove what belongs to old versions only.

    The newest versions are kept, also production, the target of `acne rollback`, versions without a decision or with
    an alias, what an unfinished run of the pipeline may need, and versions that come into use in the meantime.

    Args:
        keep: Number of newest versions to keep.
        dry_run: Change nothing.
        settings: Where the working folder, the cache and the tracking server are.
        waiting: Called once when another process holds the working folder.
        progress: Called with the progress.

    Raises:
        UsageError: ``keep`` is less than 1.
        TrackingFailed: The tracking server does not answer, so that the files in use are unknown; nothing is removed.
        DataUnusable: A record is damaged; nothing is removed.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: keep at least 1 version")
    settings = settings or Settings.load()
    tracking, workspace = tracking_of(settings), Workspace(settings.workdir)
    with contextlib.nullcontext() if dry_run else workspace.alone(waiting), tracking.failing_clearly():
        if not dry_run:
            workspace.remove_unfinished()  # including what a killed prune left
        remover = VersionRemover(tracking)
        versions = remover.versions()
        kept = kept_versions(versions, newest=keep)
        gone = list(_old_versions(versions, kept, remover))
        if not dry_run:  # without its bundle, a version cannot be loaded any more
            spared = {one.name for one in gone if one.remove() is False}
            kept |= dict.fromkeys(spared, "taken into use just now")
            gone = [one for one in gone if one.name not in spared]
        rest = _other_removals(versions, kept, remover, settings)
        for number, one in enumerate(rest if not dry_run else (), start=1):
            one.remove()
            progress(number, len(rest), one.kind)
    return PruneResult(kept=kept, gone=(*gone, *rest))


def _old_versions(
    versions: Sequence[StoredVersion], kept: Mapping[str, str], remover: VersionRemover
) -> Iterator[Removal]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for one in versions:
        if one.version not in kept and not one.pruned:
            remove = partial(remover.remove_version, one, at=at)
            yield Removal(RemovedKind.VERSION, one.version, remover.size_of_version(one), remove)


def _other_removals(
    versions: Sequence[StoredVersion], kept: Mapping[str, str], remover: VersionRemover, settings: Settings
) -> list[Removal]:
    """Return the removals other than versions, in order."""
    tracking, workspace, now = remover.tracking, Workspace(settings.workdir), time.time()
    runs = {one.version: one.run_id for one in versions}
    marked = mark(workspace, place=tracking.place, versions=runs, kept=kept, now=now)
    old = [one for one in versions if one.version not in kept]
    bundles = [one.bundle_sha256 for one in versions if one.version in kept and one.bundle_sha256]
    cache = BundleCache(settings.cache)
    cached = cache.unused(tracking.server, tracking.model_name, versions=[one.version for one in old], kept=bundles)
    return [
        *_old_runs({one.run_id for one in old if one.run_id}, marked, remover),
        *_working_folder_removals(workspace, marked, now),
        *(
            [Removal(RemovedKind.CACHED, cached.name, sum(map(size_of, cached.paths)), cached.remove)]
            if cached.paths
            else []
        ),
    ]


def _old_runs(of_versions: set[str], marked: UsedFiles, remover: VersionRemover) -> Iterator[Removal]:
    of_versions = of_versions - marked.needed_runs
    for run_id in sorted(remover.living_runs() & (of_versions | marked.unused_runs)):
        is_of_version = run_id in of_versions
        size = remover.size_of_run(run_id, with_assignments=not is_of_version)
        yield Removal(
            RemovedKind.RUN, run_id, size, partial(remover.remove_run, run_id, keep_assignments=is_of_version)
        )


def _working_folder_removals(workspace: Workspace, marked: UsedFiles, now: float) -> Iterator[Removal]:
    def removal(kind: RemovedKind, path: Path, remove: Callable[[], object]) -> Removal:
        return Removal(kind, workspace.name_of(path), size_of(path), remove)

    for one in marked.pipelines:
        yield removal(RemovedKind.TARGETS, one.folder, one.remove)
    unused = unused_files(workspace, marked, now=now)
    for folder in unused.folders:
        kind = RemovedKind.EMBEDDINGS if folder.parent.name == EMBEDDINGS else RemovedKind.RESULT
        yield removal(kind, folder, partial(remove_folder, folder))
    if unused.photos:
        forget = partial(forget_photos, workspace, unused.photos.keys())
        yield Removal(RemovedKind.FINDINGS, f"{len(unused.photos)} photos that go", unused.embeddings, forget)
    for sha256, size in unused.photos.items():
        yield Removal(RemovedKind.PHOTO, sha256, size, partial(workspace.images.remove, sha256))
    for record in marked.records:
        yield removal(RemovedKind.RECORD, record.path, partial(record.path.unlink, missing_ok=True))
