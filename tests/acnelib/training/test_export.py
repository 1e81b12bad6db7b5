"""The candidate's two files: one function for Keras and LiteRT, preprocessing and calibration inside."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from acnelib.bundle import KERAS, LITERT
from acnelib.training.calibration import scores_at
from acnelib.training.export import keras_scores


@pytest.fixture(scope="session")
def pixels(photos):
    """Photos, noise, black and white: [N, 64, 64, 3], uint8."""
    noise = np.random.default_rng(0).integers(0, 256, size=(4, 64, 64, 3), dtype=np.uint8)
    plain = np.stack([np.full((64, 64, 3), value, np.uint8) for value in (0, 255)])
    return np.concatenate([photos.pixels(64), noise, plain])


@pytest.fixture(scope="session")
def loaded(exported):
    """What anybody's Keras makes of the file."""
    import keras

    return keras.models.load_model(exported.folder / KERAS)


@pytest.fixture(scope="session")
def litert(exported):
    from ai_edge_litert.interpreter import Interpreter

    from acnelib.nativelog import native_output_logged

    with native_output_logged():
        interpreter = Interpreter(model_path=str(exported.folder / LITERT), num_threads=1)
        interpreter.allocate_tensors()
    return interpreter.get_signature_runner("serving_default")


def test_keras_and_litert_give_the_same_scores(exported, litert, pixels):
    scores = np.concatenate([litert(image=one[None].astype(np.float32))["scores"] for one in pixels])
    assert np.abs(scores - keras_scores(exported.model, pixels)).max() <= 1e-3


def test_the_keras_file_loads_with_plain_keras_and_gives_the_same_scores(exported, loaded, pixels):
    assert keras_scores(loaded, pixels) == pytest.approx(keras_scores(exported.model, pixels), abs=1e-6)


def test_the_keras_model_takes_rgb_from_0_to_255_and_gives_a_score_for_each_label(exported, loaded, photos):
    assert loaded.input_shape == (None, 64, 64, 3)
    scores = loaded.predict(photos.pixels(64)[:3], verbose=0)
    assert scores.shape == (3, len(exported.head.labels))
    assert scores.sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_the_keras_file_holds_no_custom_objects_and_no_code(exported):
    with zipfile.ZipFile(exported.folder / KERAS) as archive:
        config = json.loads(archive.read("config.json"))
    found = list(layers(config))
    assert {layer["module"].partition(".")[0] for layer in found} == {"keras"}
    assert "Lambda" not in {layer["class_name"] for layer in found}


def layers(config):
    """Yield whatever a Keras configuration wants to be made, at any depth."""
    if isinstance(config, dict):
        if "class_name" in config and "module" in config:
            yield config
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from layers(part)


def test_litert_takes_one_image_and_gives_scores(litert, exported):
    (image,) = litert.get_input_details().values()
    (scores,) = litert.get_output_details().values()
    assert litert.get_input_details().keys() == {"image"}
    assert litert.get_output_details().keys() == {"scores"}
    assert (image["shape"].tolist(), image["dtype"]) == ([1, 64, 64, 3], np.float32)
    assert scores["shape"].tolist() == [1, len(exported.head.labels)]


def test_the_models_score_photos_as_the_head_scored_their_vectors(exported, vectors, photos):
    from_vectors = scores_at(exported.head.logits(vectors[:, 0]), 1.0)
    assert keras_scores(exported.model, photos.pixels(64)) == pytest.approx(from_vectors, abs=1e-3)


def test_the_litert_file_is_small(exported):
    assert (exported.folder / LITERT).stat().st_size < 1_200_000
