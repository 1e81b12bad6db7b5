"""The results, vectors and photos of a working folder that nothing points at any more."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.appearance.facts import FactStore
from acnelib.retention.records import is_recent
from acnelib.services.disk import size_of
from acnelib.storage.files import PART_SUFFIX, write_json
from acnelib.training.embeddings import EmbeddingStore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from acnelib.retention.records import Sorted
    from acnelib.storage.workspace import Workspace

PRUNED = ("scrape", "curate", "split", "train", "evaluate", "bundles")
"""Stages whose results are large and found by what points at them; cross-validations are small and stay."""

_BEGUN = "pruning.json"
_SHOW_PHOTOS = ("manifest.jsonl", "split.json")  # gone.json beside a split tells of photos that left the source

_SETTLED = '"settled": true'

_PHOTO = re.compile('"([0-9a-f]{64})"')


@dataclass(frozen=True, kw_only=True)
class Unneeded:
    """Files that nothing points at.

    Attributes:
        results: Folders of results, with their bytes.
        networks: Folders of vectors of a network that no candidate is made of, with their bytes.
        photos: Photos that no kept split and no source shows, with the bytes of each.
        vectors: Bytes of those photos' vectors among those of other networks, about.
    """

    results: Mapping[Path, int]
    networks: Mapping[Path, int]
    photos: Mapping[str, int]
    vectors: int


def unneeded_files(workspace: Workspace, found: Sorted, *, now: float) -> Unneeded:
    """Return what nothing points at that stays.

    Args:
        workspace: The working folder.
        found: Its records, sorted.
        now: Seconds since 1970.
    """
    pointed = {result for one in found.kept for result in one.results} | _of_latest_splits(workspace)
    orphaned = {result for one in found.going for result in one.results}
    orphaned |= {result for walk in found.walks for one in walk.records for result in one.results}
    orphaned |= begun(workspace)
    results, kept_splits = {}, []
    for stage in PRUNED:
        for folder in sorted((workspace.root / "results" / stage).glob("?" * 16)):
            # A call of a stage that came to no record yet is under way, perhaps.
            young = (stage, folder.name) not in orphaned and is_recent(folder, now)
            if (stage, folder.name) not in pointed and not young:
                results[folder] = size_of(folder)
            elif stage in {"scrape", "split"}:
                kept_splits.append(folder)
    networks = {network for one in found.kept for network in one.networks}
    folders = [folder for folder in sorted(workspace.root.glob("vectors/*")) if folder.is_dir()]
    unused = [
        folder
        for folder in folders
        if folder.name not in networks and (("vectors", folder.name) in orphaned or not _is_young(folder, found, now))
    ]
    photos = _unneeded_photos(workspace, kept_splits)
    return Unneeded(
        results=results,
        networks={folder: size_of(folder) for folder in unused},
        photos=photos,
        vectors=sum(_share(folder, photos) for folder in folders if folder not in unused),
    )


def begin(workspace: Workspace, folders: Collection[Path]) -> None:
    """Remember which results go, so that after a kill nobody takes them for those of a run under way."""
    write_json(workspace.root / _BEGUN, [[folder.parent.name, folder.name] for folder in folders])


def begun(workspace: Workspace) -> set[tuple[str, str]]:
    """Return the results that a prune was about to remove when it was killed: stage and digest."""
    try:
        values = json.loads((workspace.root / _BEGUN).read_text())
        return {(str(stage), str(digest)) for stage, digest in values}
    except (OSError, ValueError, TypeError):
        return set()


def end(workspace: Workspace) -> None:
    """Forget it: they are gone."""
    (workspace.root / _BEGUN).unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder so that nobody ever takes what is left of it for the whole."""
    part = folder.with_name(f".{folder.name}.going{PART_SUFFIX}")
    shutil.rmtree(part, ignore_errors=True)
    folder.rename(part)
    shutil.rmtree(part)


def forget_photos(workspace: Workspace, photos: Collection[str]) -> None:
    """Remove what was found out about photos; their bytes go afterwards."""
    for folder in sorted(workspace.root.glob("vectors/*")):
        EmbeddingStore(folder).remove(photos)
    FactStore(workspace.root / "facts").remove(photos)


def _of_latest_splits(workspace: Workspace) -> set[tuple[str, str]]:
    """Return the results that the next run of each source goes on from."""
    found = set()
    for pointer in sorted(workspace.root.glob("*/latest_split.json")):
        text = pointer.read_text(encoding="utf-8", errors="replace")
        found |= {("curate", digest[:16]) for digest in _PHOTO.findall(text)}
        found |= {("split", digest) for digest in re.findall("results/split/([0-9a-f]{16})", text)}
    return found


def _is_young(folder: Path, found: Sorted, now: float) -> bool:
    going = {network for one in found.going for network in one.networks}
    going |= {network for walk in found.walks for one in walk.records for network in one.networks}
    return folder.name not in going and is_recent(folder, now)


def _unneeded_photos(workspace: Workspace, folders: Collection[Path]) -> dict[str, int]:
    """Return the photos that neither a kept split or manifest shows nor a look at a source that is not finished."""
    needed = {
        sha256
        for folder in folders
        for name in _SHOW_PHOTOS
        for path in folder.glob(name)
        for sha256 in _PHOTO.findall(path.read_text(encoding="utf-8", errors="replace"))
    }
    for memory in workspace.root.glob("*/seen.jsonl"):  # it names photos that have left the source, too
        whole = memory.with_name("latest_split.json").is_file()
        for line in memory.read_text(encoding="utf-8", errors="replace").splitlines():
            if not whole or _SETTLED not in line:
                needed.update(_PHOTO.findall(line))
    images = workspace.images
    return {sha256: images.path(sha256).stat().st_size for sha256 in images if sha256 not in needed}


def _share(folder: Path, photos: Collection[str]) -> int:
    """Return about how many bytes of a folder of vectors are those of some photos."""
    size = 0
    for path in folder.glob("*.npz") if photos else ():
        with np.load(path, allow_pickle=False) as shard:
            names = [str(name) for name in shard["sha256"]]
        going = sum(name in photos for name in names)
        size += round(path.stat().st_size * going / max(1, len(names)))
    return size
