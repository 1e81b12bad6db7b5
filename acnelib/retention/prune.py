"""Prune: removal of the bundles and runs of old versions, and of what only they need in the working folder.

Records of what was logged go last: they say what is without use, so that after a kill the same command finishes. The
stages make again whatever a record refers to and is gone.
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
    from acnelib.retention.marking import Marked


class RemovedKind(StrEnum):
    """What kind of thing goes."""

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
class Going:
    """One thing that goes.

    Attributes:
        kind: What it is.
        name: Which one.
        size: Bytes that it takes.
        remove: Removes it; a version returns False where it stays, since it came into use in between.
    """

    kind: RemovedKind
    name: str
    size: int
    remove: Callable[[], object]


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
    """Remove what belongs to old versions only.

    The newest versions stay, and so do production, the target of `acne rollback`, versions without a decision or with
    an alias, what an unfinished run of the pipeline may need, and versions that come into use in the meantime.

    Args:
        keep: How many of the newest versions stay.
        dry_run: Change nothing.
        settings: Where the working folder, the cache and the tracking server are.
        waiting: Called once when another process holds the working folder.
        progress: Called with the progress.

    Raises:
        UsageError: Not even one version is to stay.
        TrackingFailed: The tracking server does not answer, so that what is needed is unknown; nothing goes then.
        DataUnusable: A record is damaged; nothing goes then, either.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: at least 1 version stays")
    settings = settings or Settings.load()
    tracking, workspace = tracking_of(settings), Workspace(settings.workdir)
    with contextlib.nullcontext() if dry_run else workspace.alone(waiting), tracking.failing_clearly():
        if not dry_run:
            workspace.remove_unfinished()  # what a killed prune left, too
        remover = VersionRemover(tracking)
        versions = remover.versions()
        kept = kept_versions(versions, newest=keep)
        gone = list(_old_versions(versions, kept, remover))
        if not dry_run:  # once its bundle goes, nothing else of a version is taken for a model
            spared = {one.name for one in gone if one.remove() is False}
            kept |= dict.fromkeys(spared, "taken into use just now")
            gone = [one for one in gone if one.name not in spared]
        rest = _rest(versions, kept, remover, settings)
        for number, one in enumerate(rest if not dry_run else (), start=1):
            one.remove()
            progress(number, len(rest), one.kind)
    return Pruned(kept=kept, gone=(*gone, *rest))


def _old_versions(
    versions: Sequence[StoredVersion], kept: Mapping[str, str], remover: VersionRemover
) -> Iterator[Going]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for one in versions:
        if one.version not in kept and not one.pruned:
            remove = partial(remover.remove_version, one, at=at)
            yield Going(RemovedKind.VERSION, one.version, remover.size_of_version(one), remove)


def _rest(
    versions: Sequence[StoredVersion], kept: Mapping[str, str], remover: VersionRemover, settings: Settings
) -> list[Going]:
    """Return what goes besides versions, in this order."""
    tracking, workspace, now = remover.tracking, Workspace(settings.workdir), time.time()
    runs = {one.version: one.run_id for one in versions}
    marked = mark(workspace, place=tracking.place, versions=runs, kept=kept, now=now)
    old = [one for one in versions if one.version not in kept]
    bundles = [one.bundle_sha256 for one in versions if one.version in kept and one.bundle_sha256]
    cache = BundleCache(settings.cache)
    cached = cache.unused(tracking.server, tracking.model_name, versions=[one.version for one in old], kept=bundles)
    return [
        *_old_runs({one.run_id for one in old if one.run_id}, marked, remover),
        *_of_the_working_folder(workspace, marked, now),
        *(
            [Going(RemovedKind.CACHED, cached.name, sum(map(size_of, cached.paths)), cached.remove)]
            if cached.paths
            else []
        ),
    ]


def _old_runs(of_versions: set[str], marked: Marked, remover: VersionRemover) -> Iterator[Going]:
    of_versions = of_versions - marked.needed_runs
    for run_id in sorted(remover.living_runs() & (of_versions | marked.unused_runs)):
        is_of_version = run_id in of_versions
        size = remover.size_of_run(run_id, with_subsets=not is_of_version)
        yield Going(RemovedKind.RUN, run_id, size, partial(remover.remove_run, run_id, keep_subsets=is_of_version))


def _of_the_working_folder(workspace: Workspace, marked: Marked, now: float) -> Iterator[Going]:
    def going(kind: RemovedKind, path: Path, remove: Callable[[], object]) -> Going:
        return Going(kind, workspace.name_of(path), size_of(path), remove)

    for one in marked.pipelines:
        yield going(RemovedKind.TARGETS, one.folder, one.remove)
    unused = unused_files(workspace, marked, now=now)
    for folder in unused.folders:
        kind = RemovedKind.EMBEDDINGS if folder.parent.name == EMBEDDINGS else RemovedKind.RESULT
        yield going(kind, folder, partial(remove_folder, folder))
    if unused.photos:
        forget = partial(forget_photos, workspace, unused.photos.keys())
        yield Going(RemovedKind.FINDINGS, f"{len(unused.photos)} photos that go", unused.embeddings, forget)
    for sha256, size in unused.photos.items():
        yield Going(RemovedKind.PHOTO, sha256, size, partial(workspace.images.remove, sha256))
    for record in marked.records:
        yield going(RemovedKind.RECORD, record.path, partial(record.path.unlink, missing_ok=True))
