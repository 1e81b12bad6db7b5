"""A photo that is in two sources of a run is withdrawn from both."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from acnelib import stages
from acnelib.scraping.memory import remembered_photos
from acnelib.storage.manifest import read_manifest


@pytest.fixture
def both(place, photo, tmp_path):
    """The place with a second source, which has the photo in another file, and the folder of the latter."""
    folder = tmp_path / "Second"
    folder.mkdir()
    own = place.file_of(photo)
    for index, path in enumerate([path for path in sorted(place.source.rglob("*.jpg")) if path != own][:6]):
        (folder / path.parent.name).mkdir(exist_ok=True)
        shutil.copy(path, folder / path.parent.name / f"second-{index}.jpg")
    (folder / own.parent.name).mkdir(exist_ok=True)
    shutil.copy(own, folder / own.parent.name / "again.jpg")
    return place, folder


@pytest.fixture
def together(both):
    """Scrape both sources; the run's folder holds the target of that."""
    place, folder = both
    sources = stages.Sources.parse([str(place.source), str(folder)])
    scraped = stages.scrape(sources, settings=place.settings)
    scraped.write(place.workspace.run(sources.name, "2026-11-26T120000") / "scrape.json")
    return scraped


def test_it_leaves_the_memories_of_both_and_their_common_manifest(both, together, photo):
    place, folder = both
    withdrawn = place.withdraw(photo)
    names = {place.name, stages.Source.parse(str(folder)).name}
    assert withdrawn.own_files.keys() == names
    assert set(withdrawn.photos[0].sources) == names
    assert all(photo not in remembered_photos(memory) for memory in place.workspace.memories())
    assert photo not in {record.sha256 for record in read_manifest(together.manifest)}
    assert photo not in place.workspace.images


def test_a_run_of_both_that_is_unfinished_starts_again(both, together, photo):
    place, _ = both
    place.withdraw(photo)
    assert not list(place.workspace.run(together.source, "2026-11-26T120000").glob("*.json"))


def test_it_never_comes_back_from_either(both, together, photo):
    place, folder = both
    place.withdraw(photo)
    again = stages.scrape([str(folder), str(place.source)], settings=place.settings)
    assert photo not in {record.sha256 for record in read_manifest(again.manifest)}
    assert again.failures == 2


def test_a_background_photo_is_withdrawn_as_any_other(place, photo, tmp_path):
    skin = tmp_path / "Skin"
    skin.mkdir()
    own = place.file_of(photo)
    shutil.copy(own, skin / own.name)
    rest = replace(place, source=shutil.copytree(place.source, tmp_path / "Rest"))
    rest.file_of(photo).unlink()
    scraped = stages.scrape(str(rest.source), background=str(skin), settings=place.settings)
    assert scraped.background.photos == 1
    withdrawn = place.withdraw(photo)
    assert stages.Source.parse(str(skin)).name in withdrawn.own_files
    kept = json.dumps([record.sha256 for record in read_manifest(scraped.manifest)])
    assert photo not in kept
