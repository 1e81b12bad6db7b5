"""Curate: which photos are fit for use, and which belong together."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from acnelib.dataset import curation
from acnelib.dataset.curation import CuratedPhoto, Reason
from acnelib.dataset.facts import FactStore
from acnelib.files import digest_of, write_text
from acnelib.manifest import read_manifest
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Curated, Scraped
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RECIPE = 1
"""To be counted up when curation judges otherwise, so that old judgements are not taken for new ones."""


def curate(scraped: Scraped, *, settings: Settings | None = None, progress: Progress = silent) -> Curated:
    """Judge every photo of a manifest and tie equal and near-equal ones together.

    Args:
        scraped: The photos.
        settings: Where the working folder is.
        progress: Told how far it is.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    digest = digest_of("curate", RECIPE, curation.GROUPED_BY, scraped.digest)
    path = workspace.result("curate", digest) / "photos.jsonl"

    def judge(folder: Path) -> None:
        records = list(read_manifest(scraped.manifest))
        facts = FactStore(workspace.root / "facts").facts(
            {record.sha256 for record in records},
            path_of=workspace.images.path,
            progress=lambda done, total: progress(done, total, "photos looked at"),
        )
        _write(folder / path.name, curation.curate(records, facts))

    kept_folder(path.parent, judge)
    photos = read_curated(path)
    return Curated(
        scraped=scraped,
        photos=path,
        digest=digest,
        used=sum(photo.reason is None for photo in photos),
        excluded=dict(Counter(str(photo.reason) for photo in photos if photo.reason is not None)),
    )


def read_curated(path: Path) -> tuple[CuratedPhoto, ...]:
    """Read curated photos."""
    with path.open(encoding="utf-8") as stream:
        return tuple(_photo(line) for line in stream)


def _photo(line: str) -> CuratedPhoto:
    values = json.loads(line)
    return CuratedPhoto(
        sha256=values["sha256"],
        labels=tuple(values["labels"]),
        paths=tuple(values["paths"]),
        group=values["group"],
        reason=Reason(values["reason"]) if values["reason"] else None,
    )


def _write(path: Path, photos: Sequence[CuratedPhoto]) -> None:
    write_text(path, "".join(json.dumps(asdict(photo), ensure_ascii=False) + "\n" for photo in photos))
