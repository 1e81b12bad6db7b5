"""A site's photos are compared with each other and with a model's training photos, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from site_photos import painted

from acnelib.bundle import TrainingHashes
from acnelib.dataset.appearance.facts import FactStore
from acnelib.site_check import PhotoComparison
from acnelib.storage.files import sha256_of_file
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, tuple[str, Path]]:
    """Two photos, and the first of them again in another format: the hash and the path of each by its name."""
    found = {}
    for name, seed, suffix in (("one", 1, "png"), ("copy", 1, "jpg"), ("other", 2, "png")):
        path = tmp_path / f"{name}.{suffix}"
        painted((120, 90, 80), seed=seed).save(path, quality=95)
        found[name] = (sha256_of_file(path), path)
    return found


def comparison(tmp_path: Path, *learnt: str, finds_copies: bool = True) -> PhotoComparison:
    bundle = tmp_path / "bundle"
    bundle.mkdir(exist_ok=True)
    TrainingHashes.of(learnt).write(bundle)
    return PhotoComparison(bundle, workdir=tmp_path / "work", finds_copies=finds_copies)


def test_copies_share_a_group_whether_they_come_at_once_or_one_by_one(photos, tmp_path):
    names = [sha256 for sha256, _ in photos.values()]
    at_once, one_by_one = comparison(tmp_path), comparison(tmp_path)
    at_once.add(dict(photos.values()))
    for sha256, path in photos.values():
        one_by_one.add({sha256: path})
    groups = at_once.groups(names)
    assert groups == one_by_one.groups(names)
    assert groups[names[0]] == groups[names[1]] != groups[names[2]]


def test_a_photo_is_measured_once(photos, tmp_path):
    compared, steps = comparison(tmp_path), []
    compared.add(dict([photos["one"]]), progress=lambda done, total, what: steps.append((what, total)))
    assert ("photos measured", 1) in steps
    steps.clear()
    compared.add(dict([photos["one"]]), progress=lambda done, total, what: steps.append((what, total)))
    assert steps == []


def test_a_copy_of_a_training_photo_counts_as_learnt_from(photos, tmp_path):
    sha256, path = photos["one"]
    store = FactStore(Workspace(tmp_path / "work").root / "facts")
    store.facts([sha256], path_of=lambda _: path)
    compared = comparison(tmp_path, sha256)
    others = [photos["copy"][0], photos["other"][0]]
    compared.add(dict([photos["copy"], photos["other"]]))
    assert compared.learnt_from([sha256, *others]) == {sha256, photos["copy"][0]}
    assert compared.compared == 1


def test_without_the_training_extras_equal_files_alone_are_known(photos, tmp_path):
    compared = comparison(tmp_path, photos["one"][0], finds_copies=False)
    names = [sha256 for sha256, _ in photos.values()]
    compared.add(dict(photos.values()))
    assert compared.groups(names) == {name: name for name in names}
    assert compared.learnt_from(names) == {photos["one"][0]}
