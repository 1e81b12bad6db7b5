"""One picture, one number: whichever way a picture comes in, whatever kind of file it is."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from picture_doors import Doors, apart
from picture_kinds import picture_kinds

from acnelib.imaging import read_picture
from acnelib.training.networks.feature_extraction import FeatureExtractor
from acnelib.training.networks.recipes import STARTER_RECIPE
from acnelib.training.networks.weights_files import STARTER, find_weights

KINDS = {kind.name: kind for kind in picture_kinds()}
TOLERANCE = 1e-3
QUICK, PROCESSES = tuple(Doors({}).quick)[1:], tuple(Doors({}).processes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a file of each kind."""
    folder = tmp_path_factory.mktemp("kinds")
    for kind in KINDS.values():
        (folder / kind.file_name).write_bytes(kind.content())
    return folder


@pytest.fixture(scope="module")
def paths(folder):
    return [folder / kind.file_name for kind in KINDS.values()]


@pytest.fixture(scope="module")
def doors(walked):
    return Doors(walked.environment)


@pytest.fixture(scope="module")
def by_path(doors, paths):
    return doors.by_path(paths)


def furthest(answers, by_path):
    """Return by how much answers differ at most, and for which kind of picture."""
    return max((apart(one, other), name) for one, other, name in zip(answers, by_path, KINDS, strict=True))


@pytest.mark.parametrize("door", QUICK)
def test_another_door_gives_every_kind_the_same_scores(doors, paths, by_path, door):
    assert furthest(doors.quick[door](paths), by_path) <= (TOLERANCE, "")


@pytest.mark.parametrize("door", PROCESSES)
def test_another_program_gives_every_kind_the_same_scores(doors, paths, by_path, door):
    if door == "app" and importlib.util.find_spec("PySide6") is None:
        pytest.skip("the app is not installed")
    assert furthest(doors.processes[door](paths), by_path) <= (TOLERANCE, "")


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.like is not None])
def test_what_comes_out_is_the_picture_that_went_in(folder, name):
    kind = KINDS[name]
    seen, drawn = read_picture(folder / kind.file_name).image, kind.like().convert("RGB")
    assert seen.size == drawn.size
    gap = np.asarray(seen.resize((64, 48))).astype(int) - np.asarray(drawn.resize((64, 48)))
    assert np.abs(gap).mean() < 2


def test_training_sees_the_pixels_that_are_classified(doors, folder, paths):
    (branch,) = STARTER_RECIPE.branches
    side = doors.classifier.bundle.description.height
    extractor = FeatureExtractor(branch, find_weights(STARTER, branch.backbone), side=side, path_of=folder.joinpath)
    for path in paths:
        assert np.array_equal(extractor._pixels(path.name), doors.classifier.pixels(read_picture(path)))
