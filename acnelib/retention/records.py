"""What the working folder remembers of runs and versions, and which of it no kept version needs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from acnelib.storage.workspace import Workspace

RECENT_SECONDS = 86_400.0
"""What was made within a day and belongs to no version yet may be what a pipeline under way goes on with."""

_RECORD = re.compile("[0-9a-f]{16}-([0-9a-f]{8})")
_RUN = re.compile('"run_id": *"([0-9a-f]{32})"')
_RESULT = re.compile("results/([a-z_]+)/([0-9a-f]{16})(?![0-9a-f-])")
_NETWORK = re.compile("vectors/([0-9a-f]{16})(?![0-9a-f])")
_OF_THE_DATA = ("scrape", "curate", "split", "features-")


@dataclass(frozen=True)
class StoredRecord:
    """A JSON file that points at results; read as text, for older versions of acnelib left some, too."""

    path: Path

    @cached_property
    def text(self) -> str:
        """Its content."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    @property
    def values(self) -> dict[str, Any]:
        """Its content as JSON; empty where it is none."""
        try:
            return dict(json.loads(self.text))
        except (ValueError, TypeError):
            return {}

    @property
    def run_id(self) -> str | None:
        """The run of the candidate that it tells of."""
        found = _RUN.search(self.text)
        return found[1] if found else None

    @property
    def version(self) -> str | None:
        """The registered version that it tells of; None where it tells of none."""
        values = self.values
        told = values.get("registered", values)
        found = told.get("version") if isinstance(told, dict) else None
        return None if found is None else str(found)

    @property
    def results(self) -> set[tuple[str, str]]:
        """The folders of results that it points at: stage and digest."""
        return set(_RESULT.findall(self.text))

    @property
    def networks(self) -> set[str]:
        """The folders of vectors that it points at."""
        return set(_NETWORK.findall(self.text))


@dataclass(frozen=True)
class PipelineRecords:
    """The targets of one run of the walk: a source and a time."""

    folder: Path

    @property
    def records(self) -> list[StoredRecord]:
        """Its targets, in no order."""
        return [StoredRecord(path) for path in sorted(self.folder.glob("*.json"))]

    @property
    def of_the_data(self) -> list[StoredRecord]:
        """Those that tell of photos only, whatever became of the candidates."""
        return [one for one in self.records if one.path.name.startswith(_OF_THE_DATA)]

    @property
    def finished(self) -> bool:
        """Whether the gate has decided."""
        return (self.folder / "promote.json").is_file()

    @property
    def run_id(self) -> str | None:
        """The run of the candidate that was registered."""
        path = self.folder / "register.json"
        return StoredRecord(path).run_id if path.is_file() else None


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """The records of a working folder, sorted.

    Attributes:
        kept: Records and targets that stay.
        going: Records that go.
        walks: Runs of the walk whose targets go.
        runs: MLflow runs that this folder made and that no kept version needs.
        needed: MLflow runs that what stays names.
    """

    kept: tuple[StoredRecord, ...]
    going: tuple[StoredRecord, ...]
    walks: tuple[PipelineRecords, ...]
    runs: frozenset[str]
    needed: frozenset[str]


def sort_records(
    workspace: Workspace, *, place: str, versions: Mapping[str, str | None], kept: Collection[str], now: float
) -> Sorted:
    """Sort what a working folder remembers by whether a kept version needs it.

    Records of other tracking servers and models stay, with all they point at.

    Args:
        workspace: The working folder.
        place: What the names of this server's and model's records end with.
        versions: The run of each version, those that were pruned before included.
        kept: Versions that stay.
        now: Seconds since 1970.
    """
    ours, others = _records(workspace, place)
    walks = _walks(workspace)
    registered = [one for one in ours if one.path.parent.name == "register"]
    needed = {run for one in others if (run := one.run_id)}
    lost = {run for version, run in versions.items() if run and version not in kept}
    needed |= {run for version, run in versions.items() if run and version in kept}
    for one in registered:
        values = one.values
        (needed if str(values.get("version")) in kept else lost).update(map(str, values.get("run_ids", [])))
    open_walks = [walk for walk in walks if not walk.finished and _is_open(walk, walks, now)]
    needed |= {run for walk in open_walks for one in walk.records if (run := one.run_id)}
    needed |= {run for one in ours if (run := one.run_id) and run not in lost and is_recent(one.path, now)}
    going_walks = tuple(walk for walk in walks if walk not in open_walks and walk.run_id not in needed)
    staying_walks = [walk for walk in walks if walk not in going_walks]
    latest = {walk.folder.parent: walk for walk in walks}.values()  # of each source; they are in order
    # A record of a version that goes is of no use, though its run was compared with one that stays.
    going = tuple(
        one for one in ours if one.run_id not in needed or (one.version is not None and one.version not in kept)
    )
    staying = [
        *others,
        *(one for one in ours if one not in going),
        *(one for walk in staying_walks for one in walk.records),
        *(one for walk in latest for one in walk.of_the_data),
    ]
    known = {run for one in ours if (run := one.run_id)}
    return Sorted(
        kept=tuple(staying),
        going=going,
        walks=going_walks,
        runs=frozenset(known - needed),
        needed=frozenset(needed),
    )


def _records(workspace: Workspace, place: str) -> tuple[list[StoredRecord], list[StoredRecord]]:
    """Return the records of this server and model, promotions first, and those of others."""
    ours: list[StoredRecord] = []
    others: list[StoredRecord] = []
    # Whoever points at a record goes before it.
    for stage in ("promote", "register", "evaluate", "train"):
        for path in sorted((workspace.root / "results" / stage).glob("*-*.json")):
            if named := _RECORD.fullmatch(path.stem):
                (ours if named[1] == place else others).append(StoredRecord(path))
    return ours, others


def _walks(workspace: Workspace) -> list[PipelineRecords]:
    return [PipelineRecords(path.parent) for path in sorted(workspace.root.glob("*/*/scrape.json"))]


def _is_open(walk: PipelineRecords, walks: Collection[PipelineRecords], now: float) -> bool:
    """Say whether somebody may go on with an unfinished run: it is its source's last one, or recent."""
    later = any(other.folder.parent == walk.folder.parent and other.folder > walk.folder for other in walks)
    return not later or any(is_recent(one.path, now) for one in walk.records)


def is_recent(path: Path, now: float) -> bool:
    """Say whether a file or folder was made within a day."""
    return now - path.stat().st_mtime < RECENT_SECONDS


def targets_in_order(walk: PipelineRecords) -> Iterator[Path]:
    """Return the targets of a run in the order in which they may go: the first one, by which it is found, last."""
    first = walk.folder / "scrape.json"
    yield from (one.path for one in walk.records if one.path != first)
    yield first
