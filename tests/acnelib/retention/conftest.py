"""A working folder with a finished source, from which photos can be withdrawn."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.config.settings import Settings
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.splitting import Split
from acnelib.retention.withdraw import withdraw
from acnelib.storage.files import sha256_of
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.workspace import Workspace
from acnelib.training.embeddings import EmbeddingStore

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-11-24T120000"

NETWORK = "n" * 64


@dataclass(frozen=True)
class Place:
    """A working folder in which a source was split, and the source."""

    settings: Settings
    source: Path

    @property
    def workspace(self):
        return Workspace(self.settings.workdir)

    @property
    def facts(self):
        return FactStore(self.workspace.root / "facts")

    @property
    def embeddings(self):
        return EmbeddingStore(self.workspace.embeddings(NETWORK))

    @property
    def name(self):
        return stages.Source.parse(str(self.source)).name

    @property
    def run(self):
        return self.workspace.run(self.name, AT)

    def split(self):
        return Split.read(LatestSplit.of(self.workspace.source(self.name)).path(self.workspace))

    def file_of(self, sha256):
        return next(path for path in self.source.rglob("*.jpg") if sha256_of(path.read_bytes()) == sha256)

    def files(self):
        """Return the content of every file of the working folder but the lock."""
        root = self.workspace.root
        return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != ".lock"}

    def files_with(self, text):
        return {path.name for path, content in self.files().items() if text in content}

    def look(self):
        return stages.scrape(str(self.source), settings=self.settings)

    def withdraw(self, *photos, **options):
        clock = options.pop("clock", lambda: datetime(2026, 11, 25, 8, tzinfo=UTC))
        return withdraw([str(photo) for photo in photos], settings=self.settings, clock=clock, **options)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A source of drawn photos, one of them twice at another quality, taken as far as embeddings."""
    root = tmp_path_factory.mktemp("withdrawing")
    folders = {name: root / name for name in ("home", "cache", "stack", "workdir")}
    place = Place(Settings(**folders), root / "Photos")
    for index in range(25):
        picture = draw_picture(index, seed=3)
        path = place.source / picture.label / f"{picture.name}-of-somebody.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
        if index == 0:
            picture.image.save(path.with_name("again-of-somebody.jpg"), quality=70)
    scrape_result = place.look()
    split_result = stages.split(stages.curate(scrape_result, settings=place.settings), settings=place.settings)
    place.embeddings.complete(
        list(Split.read(split_result.split).photos), lambda names: np.ones((len(names), 2, 3), np.float32)
    )
    scrape_result.write(place.run / "scrape.json")
    split_result.write(place.run / "split.json")
    return place


@pytest.fixture
def place(finished, tmp_path):
    """A copy of that working folder for one test; the source is shared."""
    shutil.copytree(finished.workspace.root, tmp_path / "work")
    return replace(finished, settings=replace(finished.settings, workdir=tmp_path / "work"))


@pytest.fixture
def photo(place):
    """The hash of a photo that is used and belongs to no other."""
    photos = place.split().photos
    groups = [one.group for one in photos.values()]
    return next(sha256 for sha256, one in photos.items() if one.reason is None and groups.count(one.group) == 1)


@pytest.fixture
def group(place):
    """The hashes of photos that belong together, the copy first."""
    copy = sha256_of(next(place.source.rglob("again-*.jpg")).read_bytes())
    photos = place.split().photos
    return copy, *(sha for sha, one in photos.items() if sha != copy and one.group == photos[copy].group)
