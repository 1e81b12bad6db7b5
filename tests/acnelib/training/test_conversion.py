"""The candidate's two files: one function for Keras and LiteRT, preprocessing and calibration inside."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from acnelib.bundle import KERAS, LITERT
from acnelib.training.calibration import scores_at
from acnelib.training.conversion import _distance, keras_scores
from acnelib.training.family_score import BackgroundEmbeddings
from acnelib.training.networks.activation_maps import GRID
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.recipes import Branch, Layer, Views
from acnelib.training.networks.views import BranchMaps
from acnelib.training.scope import fit_scope


@pytest.fixture(scope="session")
def pixels(photos, recipe):
    """Photos, noise, black and white: [N, side, side, 3], uint8."""
    shape = (recipe.side, recipe.side, 3)
    noise = np.random.default_rng(0).integers(0, 256, size=(4, *shape), dtype=np.uint8)
    plain = np.stack([np.full(shape, value, np.uint8) for value in (0, 255)])
    return np.concatenate([photos.pixels(recipe.side), noise, plain])


@pytest.fixture(scope="session")
def loaded(exported):
    """What anybody's Keras makes of the file."""
    import keras

    return keras.models.load_model(exported.folder / KERAS)


@pytest.fixture(scope="session")
def litert(exported):
    from ai_edge_litert.interpreter import Interpreter

    from acnelib.native_output import native_output_logged

    with native_output_logged():
        interpreter = Interpreter(model_path=str(exported.folder / LITERT), num_threads=1)
        interpreter.allocate_tensors()
    return interpreter.get_signature_runner("serving_default")


def test_keras_and_litert_give_the_same_scores(exported, litert, pixels):
    scores = np.concatenate([litert(image=one[None].astype(np.float32))["scores"] for one in pixels])
    assert np.abs(scores - keras_scores(exported.model, pixels)).max() <= 1e-3


def test_the_keras_file_loads_with_plain_keras_and_gives_the_same_scores(exported, loaded, pixels):
    assert keras_scores(loaded, pixels) == pytest.approx(keras_scores(exported.model, pixels), abs=1e-6)


def test_the_keras_model_takes_rgb_from_0_to_255_and_gives_a_score_for_each_label(exported, loaded, photos, recipe):
    assert loaded.input_shape == (None, recipe.side, recipe.side, 3)
    scores = loaded.predict(photos.pixels(recipe.side)[:3], verbose=0)
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


def test_litert_takes_one_image_and_gives_scores_a_distance_and_maps(litert, exported, recipe):
    (image,) = litert.get_input_details().values()
    outputs = {name: value["shape"].tolist() for name, value in litert.get_output_details().items()}
    labels = len(exported.head.labels)
    assert litert.get_input_details().keys() == {"image"}
    assert (image["shape"].tolist(), image["dtype"]) == ([1, recipe.side, recipe.side, 3], np.float32)
    assert outputs == {"scores": [1, labels], "distance": [1, 1], "activation": [1, GRID, GRID, labels]}


@pytest.fixture(scope="session")
def reported(litert, photos, recipe):
    """What LiteRT tells of the photos, by output."""
    answers = [litert(image=one[None].astype(np.float32)) for one in photos.pixels(recipe.side)]
    return {name: np.concatenate([answer[name] for answer in answers]) for name in answers[0]}


def test_the_models_score_photos_as_the_head_scored_their_vectors(exported, embeddings, reported):
    assert reported["scores"] == pytest.approx(scores_at(exported.head.logits(embeddings), 1.0), abs=1e-3)


def test_the_distance_is_the_excess_of_the_embeddings_over_the_limits_of_the_scope(exported, embeddings, reported):
    scope = exported.scope
    expected, by_distance = scope.excess(embeddings), scope.distances(embeddings) / scope.limit
    assert 0 < (expected > by_distance).sum() < len(embeddings)  # each of the two measures decides for some photos
    assert reported["distance"][:, 0] == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("learnt", ["distance alone", "family score", "no limits"])
def test_the_graph_decides_on_feature_maps_as_the_scope_does_on_their_means(learnt):
    import keras

    rng = np.random.default_rng(0)
    maps = (3 + 2 * rng.normal(size=(80, 4, 4, 300)) + rng.normal(size=(80, 1, 1, 300))).astype(np.float32)
    means = maps.reshape(2, 40, 16, 300).mean(axis=(0, 2))  # over views and cells
    background = BackgroundEmbeddings(means[20:] + np.float32(0.3), ["eczema", "psoriasis"] * 10)
    scope = fit_scope(means[:20], ["acne", "rosacea"] * 10, background=background if learnt == "family score" else None)
    if learnt != "no limits":
        scope = scope.limited(scope.distances(means), family_scores=scope.family_scores(means))
    image = keras.Input((4, 4, 300))
    branch = Branch(Backbone.parse("mobilenet_v1_0.25_64"), views=Views.MIRRORED, layers=(Layer.LAST,))
    graph = keras.Model(image, _distance([BranchMaps(branch, (image,))], scope))
    excess = np.asarray(graph(maps))[:, 0]
    assert excess == pytest.approx(scope.excess(means), abs=1e-4)
    beside_limit = np.abs(excess - 1) > 1e-4
    assert np.array_equal((excess <= 1)[beside_limit], scope.contains(means)[beside_limit])


def test_an_activation_map_adds_up_to_the_logit(exported, embeddings, reported):
    added = reported["activation"].mean(axis=(1, 2))
    assert added + exported.head.bias == pytest.approx(exported.head.logits(embeddings), abs=1e-3)


@pytest.fixture
def mirrored(photos, recipe):
    """The photos, each turned round."""
    return np.ascontiguousarray(photos.pixels(recipe.side)[:3, :, ::-1])


def test_a_mirrored_photo_has_the_same_scores(litert, reported, mirrored):
    scores = np.concatenate([litert(image=one[None].astype(np.float32))["scores"] for one in mirrored])
    assert scores == pytest.approx(reported["scores"][:3], abs=1e-4)


def test_the_map_of_a_mirrored_photo_is_mirrored(litert, reported, mirrored):
    for one, plain in zip(mirrored, reported["activation"], strict=False):
        turned = litert(image=one[None].astype(np.float32))["activation"][0]
        assert np.abs(turned - plain[:, ::-1]).max() < 1e-3 * np.abs(plain).max()


def test_the_litert_file_is_small(exported):
    assert (exported.folder / LITERT).stat().st_size < 1_200_000
