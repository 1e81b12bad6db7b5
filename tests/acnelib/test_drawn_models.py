"""A model that was trained on drawn pictures alone is confident of nothing, and every door says why."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from tiny_bundles import DESCRIPTION, sealed

from acnelib.atlas.drawing import draw_picture
from acnelib.atlas.mark import is_drawn
from acnelib.config.settings import Settings
from acnelib.evaluation.gate import judge_drawn
from acnelib.imaging import read_picture
from acnelib.inference import Classifier, ModelIdentity
from acnelib.models import find_model, load_classifier
from acnelib.stages.scrape import scrape
from acnelib.storage.manifest import ImageRecord, all_drawn
from acnelib.verdicts import verdict_of

NOTE = "this model was trained on drawn pictures only, so it calls no answer confident"


@pytest.fixture(scope="module")
def drawn_bundle(tmp_path_factory):
    """The tiny model as if it was trained on drawn pictures; of pure colours it is otherwise confident."""
    return sealed(tmp_path_factory.mktemp("bundles") / "drawn", description=replace(DESCRIPTION, drawn=True))


@pytest.fixture
def red(photos):
    """A photo, as sharp and large as one should be, of which the tiny model is sure."""
    pixels = np.zeros((96, 96, 3), np.uint8)
    pixels[..., 0] = np.random.default_rng(1).integers(190, 256, (96, 96))
    (photos / "red").mkdir()
    Image.fromarray(pixels).save(photos / "red" / "1.png")
    return photos / "red" / "1.png"


class TestTheMark:
    def test_is_in_the_files_of_drawn_pictures_and_in_copies_of_them(self, tmp_path):
        (tmp_path / "a.jpg").write_bytes(draw_picture(0, seed=1).jpeg())
        Image.open(tmp_path / "a.jpg").save(tmp_path / "again.jpg", quality=50)
        assert is_drawn(tmp_path / "a.jpg")
        assert is_drawn(tmp_path / "again.jpg")

    def test_changes_no_pixel(self, tmp_path):
        image = draw_picture(0, seed=1).image
        image.save(tmp_path / "a.jpg", quality=92, subsampling=0)
        unmarked = read_picture(tmp_path / "a.jpg").image
        assert read_picture(draw_picture(0, seed=1).jpeg()).image.tobytes() == unmarked.tobytes()
        assert not is_drawn(tmp_path / "a.jpg")

    def test_is_read_from_a_folder_of_photos(self, tmp_path):
        settings = replace(Settings.load(), workdir=tmp_path / "work")
        folder = tmp_path / "photos" / "cysts"
        folder.mkdir(parents=True)
        (folder / "drawn.jpg").write_bytes(draw_picture(0, seed=1).jpeg())
        draw_picture(1, seed=1).image.save(folder / "photo.jpg")
        scraped = scrape(str(folder.parent), settings=settings)
        records = [json.loads(line) for line in scraped.manifest.read_text().splitlines()]
        assert {record["path"]: record["drawn"] for record in records} == {
            "cysts/drawn.jpg": True,
            "cysts/photo.jpg": False,
        }


@pytest.mark.parametrize(("photos", "expected"), [({"a"}, True), ({"a", "b"}, False), (set(), False)])
def test_one_photo_among_what_was_learnt_from_makes_it_a_model_of_photos(photos, expected):
    records = [ImageRecord(sha256=name, label="x", path=name, drawn=name == "a") for name in "ab"]
    assert all_drawn(photos, records) is expected


def test_the_one_rule_calls_nothing_of_such_a_model_confident():
    assert verdict_of(1.0, threshold=0.0, in_scope=True, fit=True, drawn=True) == "uncertain"


class TestItsAnswers:
    def test_are_uncertain_whichever_way_the_picture_comes_in(self, drawn_bundle, red):
        classifier = load_classifier(drawn_bundle)
        with Image.open(red) as image:
            answers = [classifier.predict(source) for source in (red, red.read_bytes(), image)]
        answers += classifier.predict_many([red])
        assert {str(answer.verdict) for answer in answers} == {"uncertain"}
        assert min(answer.confidence for answer in answers) > 0.9

    def test_say_so_whoever_loads_it_under_whatever_name(self, drawn_bundle, red):
        found = find_model(drawn_bundle)
        classifier = Classifier(found.bundle, identity=ModelIdentity(name="any", version=None, sha256=""))
        assert found.identity.drawn
        assert classifier.predict(red).as_dict()["model"]["drawn"] is True

    def test_of_a_model_of_photos_are_confident_as_ever(self, tiny_bundle, red):
        answer = load_classifier(tiny_bundle).predict(red)
        assert (str(answer.verdict), answer.model.drawn, answer.model.note) == ("confident", False, None)


class TestTheReason:
    def test_is_told_once_where_the_model_is_loaded(self, drawn_bundle, caplog):
        with caplog.at_level(logging.WARNING):
            load_classifier(drawn_bundle)
        assert [record.getMessage().startswith(NOTE) for record in caplog.records] == [True]

    @pytest.mark.parametrize("output", ["text", "json", "csv"])
    def test_is_told_once_by_the_command_and_leads_on(self, run_acne, drawn_bundle, red, output, caplog):
        assert run_acne("predict", red, red, "--model", drawn_bundle, "--format", output).code == 0
        assert caplog.text.count("drawn pictures") == 1
        assert "acne pipeline --source DIR" in caplog.text

    def test_stands_beside_the_model_in_tables(self, run_acne, drawn_bundle, red):
        head, row = run_acne("predict", red, "--model", drawn_bundle, "--format", "csv").out.splitlines()
        assert dict(zip(head.split(","), row.split(","), strict=True))["model_drawn"] == "true"


def test_evaluating_it_calls_nothing_confident_and_says_why(run_acne, drawn_bundle, red, caplog):
    found = json.loads(run_acne("evaluate", red.parent.parent, "--model", drawn_bundle, "--format", "json").out)
    assert (found["accuracy"], found["coverage"], found["selective_accuracy"]) == (1.0, 0.0, None)
    assert NOTE in caplog.text


def test_the_gate_keeps_a_production_model_of_photos():
    judgement = judge_drawn(version="3")
    assert not judgement.promote
    assert judgement.reasons[0].startswith(
        "it only knows drawn pictures, and production (version 3) was trained on photos"
    )
