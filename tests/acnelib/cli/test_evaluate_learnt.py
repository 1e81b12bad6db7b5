"""``acne evaluate`` on photos that the model was trained on: counted, stated first, and kept apart from the rest."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageOps
from tiny_bundles import sealed

from acnelib.atlas.drawing import draw_picture
from acnelib.bundle import TrainingHashes
from acnelib.dataset.appearance.facts import FactStore
from acnelib.storage.files import sha256_of, sha256_of_file
from acnelib.storage.workspace import ImageStore


@pytest.fixture
def folder(paint, photos):
    """Class folders with four photos of different bytes; of the two blue ones, the model takes one for red."""
    for size, (name, colour) in enumerate([("red/1", "red"), ("red/2", "red"), ("blue/1", "blue"), ("blue/2", "red")]):
        image = Image.open(paint(f"{name}.png", colour)).resize((16 + size, 12))
        image.save(photos / f"{name}.png")
    return photos


@pytest.fixture
def learnt(folder, tmp_path):
    """Make a bundle that learnt from some files."""

    def learnt(*names):
        photos = TrainingHashes.of(sha256_of_file(folder / name) for name in names)
        text = "".join(f"{beginning}\n" for beginning in sorted(photos.prefixes))
        return sealed(tmp_path / "bundle", files={"learnt_from.txt": text})

    return learnt


def found_by(run_acne, folder, bundle):
    return json.loads(run_acne("evaluate", folder, "--model", bundle, "--format", "json").out)


def test_the_same_metrics_are_told_of_the_photos_that_it_did_not_learn_from(run_acne, folder, learnt):
    found = found_by(run_acne, folder, learnt("red/1.png", "blue/1.png"))
    assert (found["n"], found["accuracy"], found["learnt_from"]) == (4, 0.75, 2)
    assert (found["others"]["n"], found["others"]["accuracy"]) == (2, 0.5)
    assert found["others"].keys() == found.keys() - {"learnt_from", "others", "left_out"}


def test_where_it_learnt_from_all_of_them_there_are_no_others(run_acne, folder, learnt):
    found = found_by(run_acne, folder, learnt("red/1.png", "red/2.png", "blue/1.png", "blue/2.png"))
    assert (found["learnt_from"], found["others"]) == (4, None)


def test_where_it_learnt_from_none_of_them_all_are_others(run_acne, folder, learnt):
    found = found_by(run_acne, folder, learnt())
    assert (found["learnt_from"], found["others"]["macro_f1"]) == (0, found["macro_f1"])


def test_a_bundle_that_does_not_say_is_not_taken_for_innocent(run_acne, folder, tiny_bundle):
    found = found_by(run_acne, folder, tiny_bundle)
    assert (found["learnt_from"], found["others"]) == (None, None)
    first = run_acne("evaluate", folder, "--model", tiny_bundle).out.splitlines()[0]
    assert first.startswith("The model's bundle does not list its training photos")


def test_the_text_says_it_first_and_then_the_honest_figures(run_acne, folder, learnt):
    lines = run_acne("evaluate", folder, "--model", learnt("red/1.png", "blue/1.png")).out.splitlines()
    assert lines[0] == "The model was trained on 2 of these 4 photos (identical files: 2, copies by appearance: 0)."
    assert lines.index("On the 2 photos that it did not learn from") < lines.index("On all 4 photos, too optimistic")
    assert [line for line in lines if line.startswith("Accuracy")] == [
        "Accuracy           0.500",
        "Accuracy           0.750",
    ]


def test_what_is_left_out_is_listed_with_its_reason(run_acne, folder, learnt):
    (folder / "red" / "notes.txt").write_text("no picture")
    (folder / "stray.png").write_bytes((folder / "red" / "1.png").read_bytes())
    left_out = {one["path"]: one["reason"] for one in found_by(run_acne, folder, learnt())["left_out"]}
    assert left_out.keys() == {"red/notes.txt", "stray.png"}
    assert "cannot be decoded" in left_out["red/notes.txt"]
    assert left_out["stray.png"] == "lies in no class folder"


class TestCopies:
    """A model that learnt from a picture of which the folder has copies in other files, and a stranger."""

    @pytest.fixture
    def bundle(self, tmp_path):
        learnt = draw_picture(0, seed=3).jpeg()
        return sealed(tmp_path / "bundle", files={"learnt_from.txt": f"{sha256_of(learnt)[:16]}\n"})

    @pytest.fixture
    def folder(self, photos):
        picture = draw_picture(0, seed=3)
        (photos / "red").mkdir()
        (photos / "red" / "the same.jpg").write_bytes(picture.jpeg())
        picture.image.save(photos / "red" / "without loss.png")
        ImageOps.mirror(picture.image).save(photos / "red" / "mirrored.jpg", quality=60)
        draw_picture(1, seed=3).image.save(photos / "red" / "stranger.png")
        return photos

    @pytest.fixture
    def workdir(self, tmp_path):
        """A working folder that knows what that picture looks like."""
        images = ImageStore(tmp_path / "work" / "images")
        known = {images.add(draw_picture(index, seed=3).jpeg()) for index in (0, 5)}
        FactStore(tmp_path / "work" / "facts").facts(known, path_of=images.path)
        return tmp_path / "work"

    def test_are_found_where_the_working_folder_knows_the_photos(self, run_acne, folder, bundle, workdir):
        ran = run_acne("evaluate", folder, "--model", bundle, "--workdir", workdir)
        first = "The model was trained on 3 of these 4 photos (identical files: 1, copies by appearance: 2)."
        assert ran.out.splitlines()[0] == first

    def test_leave_nothing_of_the_folder_in_it(self, run_acne, folder, bundle, workdir):
        before = sorted(workdir.rglob("*"))
        run_acne("evaluate", folder, "--model", bundle, "--workdir", workdir)
        assert sorted(workdir.rglob("*")) == before

    def test_are_not_found_elsewhere_and_that_is_said(self, run_acne, folder, bundle, tmp_path):
        ran = run_acne("evaluate", folder, "--model", bundle, "--workdir", tmp_path / "empty")
        first, second, *_ = ran.out.splitlines()
        assert first == "The model was trained on 1 of these 4 photos (identical files: 1, copies by appearance: 0)."
        assert second.startswith("Edited copies were not searched for")
