"""Sweep: the results, embeddings and photos of a working folder to which nothing in use refers."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.appearance.facts import FactStore
from acnelib.retention.marking import is_recent
from acnelib.scraping.memory import remembered_photos
from acnelib.services.disk import size_of
from acnelib.storage.files import PART_SUFFIX
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.results import photos_of
from acnelib.training.embeddings import EmbeddingStore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from acnelib.retention.marking import UsedFiles
    from acnelib.storage.workspace import Workspace

SWEPT = ("scrape", "curate", "split", "checkpoints", "train", "evaluate", "bundles")
"""Stages whose results are large and have records that refer to them; adapted weights, which took long, and
cross-validations, which are small, stay."""


@dataclass(frozen=True, kw_only=True)
class UnusedFiles:
    """Files to which nothing in use refers.

    Attributes:
        folders: Folders of results and embeddings, with their bytes.
        photos: Photos that no manifest in use names and no source has, with the bytes of each.
        embeddings: Approximate bytes of the embeddings of those photos, in folders that stay.
    """

    folders: Mapping[Path, int]
    photos: Mapping[str, int]
    embeddings: int


def unused_files(workspace: Workspace, marked: UsedFiles, *, now: float) -> UnusedFiles:
    """Return what is not marked; a result without a record is kept for a day, since its stage may be running.

    Args:
        workspace: The working folder.
        marked: The files in use.
        now: Seconds since 1970.

    Raises:
        DataUnusable: A manifest in use does not list its photos.
    """

    def is_unused(folder: Path) -> bool:
        name = workspace.name_of(folder)
        return name not in marked.folders and (name in marked.orphaned or not is_recent(folder, now))

    results, networks = workspace.results(*SWEPT), workspace.networks()
    folders = {folder: size_of(folder) for folder in (*results, *networks) if is_unused(folder)}
    photos = _unused_photos(workspace, [folder for folder in workspace.results("scrape") if folder not in folders])
    kept = (EmbeddingStore(folder) for folder in networks if folder not in folders)
    return UnusedFiles(folders=folders, photos=photos, embeddings=sum(store.size_of(photos) for store in kept))


def remove_folder(folder: Path) -> None:
    """Remove a folder atomically: it is renamed before its files are removed."""
    part = folder.with_name(f".{folder.name}.removed{PART_SUFFIX}")
    shutil.rmtree(part, ignore_errors=True)
    folder.rename(part)
    shutil.rmtree(part)


def forget_photos(workspace: Workspace, photos: Collection[str]) -> int:
    """Remove the facts and embeddings of photos; return how many files changed."""
    changed = FactStore(workspace.root / "facts").remove(photos)
    return changed + sum(EmbeddingStore(folder).remove(photos) for folder in workspace.networks())


def _unused_photos(workspace: Workspace, manifests: Iterable[Path]) -> dict[str, int]:
    """Return the photos that no manifest in use names and no unfinished scrape has found."""
    needed = {sha256 for folder in manifests for sha256 in photos_of(folder)}
    split_sources = LatestSplit.split_sources(workspace)
    for memory in workspace.memories():  # it names photos that have left the source, too
        needed |= remembered_photos(memory, unsettled_only=memory.parent.name in split_sources)
    images = workspace.images
    return {sha256: images.path(sha256).stat().st_size for sha256 in images if sha256 not in needed}
