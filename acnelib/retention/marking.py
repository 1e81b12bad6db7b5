"""Mark: the records, results and runs of a working folder that are in use, by the references between them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.runs.stage import Stage
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.results import References, StageResult

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from acnelib.storage.workspace import Workspace

RECENT_SECONDS = 86_400.0
"""Age below which a result without a version is kept, since a pipeline under way may need it."""

_LOGGING_STAGES = (Stage.PROMOTE, Stage.REGISTER, Stage.EVALUATE, Stage.TRAIN)
_DATA_STAGES = frozenset({Stage.SCRAPE, Stage.CURATE, Stage.SPLIT, Stage.ADAPT, Stage.FEATURES})


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """A record on disk that refers to results."""

    path: Path
    references: References

    @classmethod
    def read(cls, path: Path) -> StoredRecord:
        """Read a record.

        Raises:
            DataUnusable: The file holds none.
        """
        return cls(path=path, references=StageResult.read(path).references)

    @property
    def stage(self) -> str:
        """The stage that wrote a target of a pipeline."""
        return self.path.stem.partition("-")[0]


@dataclass(frozen=True, kw_only=True)
class PipelineRecords:
    """The targets of one run of the pipeline: of one source, at one time; the target of the first stage comes last."""

    folder: Path
    records: tuple[StoredRecord, ...]

    @classmethod
    def all_in(cls, workspace: Workspace) -> list[PipelineRecords]:
        """Return the targets of all runs, ordered by source and time."""
        found = []
        for first in sorted(workspace.root.glob("*/*/scrape.json")):
            targets = [
                path for path in sorted(first.parent.glob("*.json")) if path.stem.partition("-")[0] in set(Stage)
            ]
            in_order = sorted(targets, key=lambda path: path == first)
            found.append(cls(folder=first.parent, records=tuple(map(StoredRecord.read, in_order))))
        return found

    @property
    def is_finished(self) -> bool:
        """Whether the gate has decided."""
        return any(one.stage == Stage.PROMOTE for one in self.records)

    @property
    def chosen_runs(self) -> set[str]:
        """The MLflow run of the candidate that was registered; empty before."""
        return {run for one in self.records if one.stage == Stage.REGISTER for run in one.references.runs[:1]}

    def clear(self) -> int:
        """Remove all records of the run, so that it starts from the beginning when resumed; return the number of files.

        The target by which the run is found is removed last, so that an interrupted removal can be repeated.
        """
        targets = [one.path for one in self.records]
        paths = [*(path for path in self.folder.glob("*.json") if path not in targets), *targets]
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def remove(self) -> None:
        """Remove the run."""
        self.clear()
        with contextlib.suppress(OSError):  # it has other files
            self.folder.rmdir()

    def is_open(self, others: Iterable[PipelineRecords], now: float) -> bool:
        """Return whether this unfinished run may be resumed: it is the last one of its source, or recent."""
        if self.is_finished:
            return False
        later = any(one.folder.parent == self.folder.parent and one.folder > self.folder for one in others)
        return not later or any(is_recent(one.path, now) for one in self.records)


@dataclass(frozen=True, kw_only=True)
class UsedFiles:
    """The files in use, and the records that are not.

    Attributes:
        folders: Folders in use, relative to the working folder.
        orphaned: Folders of unused records; if not in use, they are removed even if recent.
        records: Unused records; those that refer to others come first.
        pipelines: Runs of the pipeline whose targets are unused.
        needed_runs: MLflow runs in use.
        unused_runs: MLflow runs of this working folder that are not in use.
    """

    folders: frozenset[str]
    orphaned: frozenset[str]
    records: tuple[StoredRecord, ...]
    pipelines: tuple[PipelineRecords, ...]
    needed_runs: frozenset[str]
    unused_runs: frozenset[str]


def mark(
    workspace: Workspace, *, place: str, versions: Mapping[str, str | None], kept: Collection[str], now: float
) -> UsedFiles:
    """Follow the references of everything that is kept.

    Records of other tracking servers and models are kept, with everything that they refer to.

    Args:
        workspace: The working folder.
        place: Digest of this server and model, which the names of their records end with.
        versions: The run of each version, including pruned ones.
        kept: Versions that are kept.
        now: Seconds since 1970.

    Raises:
        DataUnusable: A record is damaged, so that its references are unknown.
    """
    ours, others = _logged(workspace, place)
    pipelines = PipelineRecords.all_in(workspace)
    open_ones = [one for one in pipelines if one.is_open(pipelines, now)]
    needed = _needed_runs(ours, versions, kept, now)
    needed |= _runs(others) | {run for one in open_ones for run in _runs(one.records)}
    unused = tuple(one for one in ours if not _is_needed(one.references, needed, kept))
    closed = tuple(one for one in pipelines if one not in open_ones and not one.chosen_runs & needed)
    latest = {one.folder.parent: one for one in pipelines}.values()  # of each source, since they are in order
    staying: list[StoredRecord | LatestSplit] = [
        *others,
        *(one for one in ours if one not in unused),
        *(one for pipeline in pipelines if pipeline not in closed for one in pipeline.records),
        *(one for pipeline in latest for one in pipeline.records if one.stage in _DATA_STAGES),
        *LatestSplit.all_in(workspace),
    ]
    return UsedFiles(
        folders=_folders(staying),
        orphaned=_folders(unused),
        records=unused,
        pipelines=closed,
        needed_runs=frozenset(needed),
        unused_runs=frozenset(_runs(ours) - needed),
    )


def is_recent(path: Path, now: float) -> bool:
    """Return whether a file or folder was modified within a day."""
    return now - path.stat().st_mtime < RECENT_SECONDS


def _logged(workspace: Workspace, place: str) -> tuple[list[StoredRecord], list[StoredRecord]]:
    """Return the records of what was logged to this server and model, and to others; promotions come first."""
    names = [path for stage in _LOGGING_STAGES for path in workspace.records(stage)]
    ours = [path for path in names if path.stem.partition("-")[2] == place[:8]]
    return [StoredRecord.read(path) for path in ours], [StoredRecord.read(path) for path in names if path not in ours]


def _needed_runs(
    ours: Sequence[StoredRecord], versions: Mapping[str, str | None], kept: Collection[str], now: float
) -> set[str]:
    """Return the runs of kept versions and of what they were compared with, and recent runs of no version."""
    needed = {run for version, run in versions.items() if run and version in kept}
    lost = {run for version, run in versions.items() if run and version not in kept}
    for one in ours:
        if one.references.versions:
            (needed if set(one.references.versions) & set(kept) else lost).update(one.references.runs)
    return needed | (_runs(one for one in ours if is_recent(one.path, now)) - lost)


def _is_needed(references: References, needed: set[str], kept: Collection[str]) -> bool:
    # The record of a removed version is unused, even if its run was compared with one that is kept.
    gone = references.versions and not set(references.versions) & set(kept)
    return not gone and bool(needed.intersection(references.runs))


def _runs(records: Iterable[StoredRecord]) -> set[str]:
    return {run for one in records for run in one.references.runs}


def _folders(records: Iterable[StoredRecord | LatestSplit]) -> frozenset[str]:
    return frozenset(folder for one in records for folder in one.references.folders)
