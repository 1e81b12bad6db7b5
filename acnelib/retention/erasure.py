"""Erasure: removal of photos from every result that names them, found by the references of the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.dataset.curation import forget_curated
from acnelib.dataset.splitting import forget_paths
from acnelib.retention.marking import PipelineRecords
from acnelib.retention.sweeping import forget_photos
from acnelib.scraping.folder import forget_files
from acnelib.scraping.memory import remembered_photos
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.manifest import forget_records
from acnelib.storage.results import StageResult, photos_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from acnelib.storage.workspace import Workspace

_WITH_PATHS = {"manifest.jsonl": forget_records, "photos.jsonl": forget_curated, "split.json": forget_paths}
"""Files of results that say where photos come from; other files name photos by hash only."""


def photos_by_source(workspace: Workspace) -> dict[str, frozenset[str]]:
    """Return the photos that each source has, or had in a run that is still known."""
    found = {}
    for memory in workspace.memories():
        folders: set[str] = set()
        if latest := LatestSplit.of(memory.parent):
            folders.update(latest.references.folders)
        for path in memory.parent.glob("*/scrape.json"):
            folders.update(StageResult.read(path).references.folders)
        named = [photos_of(workspace.root / folder) for folder in folders]
        found[memory.parent.name] = frozenset(remembered_photos(memory)).union(*named)
    return found


def erase(workspace: Workspace, photos: Collection[str]) -> int:
    """Remove all of some photos but their hashes from the working folder; return how many files changed."""
    changed = workspace.remove_unfinished()
    named = {folder: photos_of(folder) for folder in workspace.results()}
    concerned = [folder for folder, names in named.items() if not names.isdisjoint(photos)]
    manifests = {workspace.name_of(folder) for folder in concerned if folder.parent.name == "scrape"}
    for pipeline in PipelineRecords.all_in(workspace):
        # An unfinished run starts again when it is resumed.
        if not pipeline.is_finished and any(manifests.intersection(one.references.folders) for one in pipeline.records):
            changed += pipeline.clear()
    changed += sum(_erased(folder, photos) for folder in concerned)
    changed += sum(forget_files(memory, photos) for memory in workspace.memories())
    changed += forget_photos(workspace, photos)
    return changed + sum(workspace.images.remove(sha256) for sha256 in sorted(photos))


def _erased(folder: Path, photos: Collection[str]) -> int:
    reports = list(folder.glob("*.html"))  # they show photos; the stages write them again
    for report in reports:
        report.unlink()
    forgotten = [forget(folder / name, photos) for name, forget in _WITH_PATHS.items() if (folder / name).is_file()]
    return len(reports) + sum(forgotten)
