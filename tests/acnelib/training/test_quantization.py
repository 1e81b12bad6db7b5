"""The small model: the same answers in 8-bit integers, or none."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acnelib.bundle import INT8, LITERT
from acnelib.training.conversion import keras_scores
from acnelib.training.quantization import AGREEMENT, QuantizedVariant, scores_of, spread_over_labels, write_small_model


@pytest.fixture(scope="session")
def pixels(photos, recipe):
    return photos.pixels(recipe.side)


@pytest.fixture(scope="session")
def logits(exported, pixels):
    return np.log(keras_scores(exported.model, pixels))


@pytest.fixture
def folder(exported, tmp_path):
    """A candidate without a small model."""
    (tmp_path / LITERT).write_bytes((exported.folder / LITERT).read_bytes())
    return tmp_path


@pytest.fixture
def write(folder, pixels, logits):
    """Quantise, with six of the drawn pictures to adapt to."""

    def write(**changes):
        return write_small_model(folder, pixels, changes.pop("logits", logits), representative=range(6), **changes)

    return write


def test_the_small_model_answers_drawn_pictures_as_the_float_model_does(write, folder, pixels, logits):
    small = write()
    model = (folder / INT8).read_bytes()
    same = scores_of(model, pixels).argmax(axis=1) == logits.argmax(axis=1)
    assert small.agreement == pytest.approx(same.mean())
    assert small.agreement >= AGREEMENT
    assert small.agreement_unseen == pytest.approx(same[6:].mean())
    assert (small.photos, small.unseen, small.bytes) == (len(pixels), len(pixels) - 6, len(model))


def test_it_is_much_smaller_and_gives_scores_alone(write, folder):
    from ai_edge_litert.interpreter import Interpreter

    write()
    interpreter = Interpreter(model_path=str(folder / INT8), num_threads=1)
    assert interpreter.get_signature_runner("serving_default").get_output_details().keys() == {"scores"}
    assert (folder / INT8).stat().st_size < 0.5 * (folder / LITERT).stat().st_size


def test_one_that_answers_otherwise_is_not_kept_and_the_record_says_how_close_it_came(write, folder, logits):
    small = write(logits=np.roll(logits, 1, axis=1))
    assert not (folder / INT8).exists()
    assert (small.kind, small.bytes) == (None, 0)
    assert small.agreement < AGREEMENT


def test_with_the_head_in_float_the_scores_are_closest_and_the_input_is_as_before(write, folder, pixels, logits):
    assert write(variants=[QuantizedVariant.FLOAT_HEAD], least=0.5).kind == "int8, head in float32"
    scores = scores_of((folder / INT8).read_bytes(), pixels)
    assert np.abs(scores - np.exp(logits)).mean() < 0.03


def test_quantised_wholly_its_input_is_brightness_less_128(write, folder):
    from ai_edge_litert.interpreter import Interpreter

    assert write(variants=[QuantizedVariant.WHOLE], least=0.5).kind == "int8"
    runner = Interpreter(model_path=str(folder / INT8)).get_signature_runner("serving_default")
    (image,) = runner.get_input_details().values()
    (scores,) = runner.get_output_details().values()
    assert (image["dtype"], image["quantization"]) == (np.int8, (1.0, -128))
    assert (scores["dtype"], scores["quantization"]) == (np.int8, (1 / 256, -128))


def test_a_model_that_cannot_be_quantised_costs_a_warning_and_nothing_else(write, folder, caplog):
    (folder / LITERT).write_bytes((Path(__file__).parents[2] / "data" / "tiny.tflite").read_bytes())
    with caplog.at_level(logging.WARNING):
        small = write()
    assert (small.kind, small.agreement, (folder / INT8).exists()) == (None, 0.0, False)
    assert "there is no model.int8.tflite" in caplog.text


def test_quantising_prints_nothing_and_leaves_nothing_behind(write, capfd, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"  # of its own: tests beside this one come and go in the common one
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    handlers = logging.root.handlers[:]
    write()
    assert capfd.readouterr() == ("", "")
    assert list(temporary.iterdir()) == []
    assert logging.root.handlers == handlers


def test_photos_are_chosen_from_all_labels_in_turn():
    photos = [f"{number:02}" for number in range(8)]
    labels = ["a", "a", "a", "a", "a", "b", "b", "c"]
    assert spread_over_labels(photos, labels, 5) == ["00", "01", "05", "06", "07"]
    assert spread_over_labels(photos, labels, 50) == photos


def test_a_record_of_one_that_is_not_kept_has_neither_kind_nor_size(write):
    small = write()
    assert small.dropped() == replace(small, kind=None, bytes=0)
