"""Embeddings: what a frozen network sees, computed once for each photo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from acnelib.training import embeddings as vectors_module
from acnelib.training.embeddings import EmbeddingStore
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.feature_extraction import FeatureExtractor, network_digest
from acnelib.training.networks.recipes import Views
from acnelib.training.networks.weights_files import WeightsFile


@pytest.fixture
def store(tmp_path):
    return EmbeddingStore(tmp_path / "embeddings")


@pytest.fixture
def compute():
    """Gives each photo the embedding of its number, and remembers what it was asked for."""

    class Network:
        def __init__(self):
            self.asked = []

        def __call__(self, names):
            self.asked += names
            return np.array([[int(name), -int(name)] for name in names], dtype=np.float32)

    return Network()


def test_every_photo_has_one_vector_of_the_last_and_the_middle_layer(embeddings, photos):
    assert embeddings.shape == (len(photos.names), 256 + 128)
    assert embeddings.dtype == np.float32
    assert np.isfinite(embeddings).all()


def test_a_mirrored_photo_has_the_same_vector(embeddings, photos, recipe, weights, tmp_path):
    with Image.open(photos.path(photos.names[0])) as image:
        ImageOps.mirror(image).save(tmp_path / "mirrored.png")
    extractor = FeatureExtractor(recipe.branches[0], weights, side=recipe.side, path_of=lambda name: tmp_path / name)
    mirrored = extractor.embeddings(["mirrored.png"])[0]
    assert np.abs(mirrored - embeddings[0]).max() < 0.05 * np.abs(embeddings[1] - embeddings[0]).max()


def test_a_photo_has_the_same_vectors_alone_and_among_others(embeddings, photos, extractor):
    alone = extractor.embeddings([photos.names[7]])
    assert alone[0] == pytest.approx(embeddings[7], abs=1e-4)


def test_only_missing_vectors_are_computed(store, compute):
    store.complete(["1", "2"], compute)
    found, computed = store.complete(["1", "2", "3"], compute)
    assert (computed, compute.asked) == (1, ["1", "2", "3"])
    assert {name: found[name].tolist() for name in found} == {"1": [1, -1], "2": [2, -2], "3": [3, -3]}


def test_nothing_missing_asks_no_network(store, compute):
    store.complete(["1", "2"], compute)
    _, computed = store.complete(["2"], pytest.fail)
    assert computed == 0


def test_a_killed_run_loses_no_finished_shard(store, compute, monkeypatch):
    monkeypatch.setattr(vectors_module, "SHARD", 2)

    def killed(names):
        if "5" in names:
            raise KeyboardInterrupt
        return compute(names)

    with pytest.raises(KeyboardInterrupt):
        store.complete(list("123456"), killed)
    assert list(store.root.iterdir()) == list(store.root.glob("*.npz"))
    _, computed = store.complete(list("123456"), compute)
    assert computed == 2


def test_progress_counts_the_photos_that_are_new(store, compute, monkeypatch):
    monkeypatch.setattr(vectors_module, "SHARD", 2)
    store.complete(["1"], compute)
    reported = []
    store.complete(list("1234"), compute, progress=lambda *step: reported.append(step))
    assert reported == [(0, 3), (2, 3), (3, 3)]


def test_only_wanted_vectors_are_loaded(store, compute):
    store.complete(["1", "2", "3"], compute)
    assert store.load(["2", "unknown"]).keys() == {"2"}


def test_a_removed_photo_is_forgotten_and_the_others_are_not(store, compute):
    store.complete(["1", "2", "3"], compute)
    store.complete(["4"], compute)
    assert store.remove(["2", "4"]) == 2
    found = store.load(["1", "2", "3", "4"])
    assert {name: found[name].tolist() for name in found} == {"1": [1, -1], "3": [3, -3]}
    assert len(list(store.root.iterdir())) == 1


def test_removing_a_photo_that_is_not_there_touches_no_file(store, compute):
    store.complete(["1"], compute)
    (path,) = store.root.iterdir()
    before = path.stat().st_mtime_ns
    assert store.remove(["2"]) == 0
    assert path.stat().st_mtime_ns == before


def test_vectors_are_kept_by_network_weights_views_layers_and_input(recipe, weights):
    (branch,) = recipe.branches
    other_weights = WeightsFile(name=weights.name, path=weights.path, sha256="0" * 64)
    digests = {
        network_digest(branch, weights, side=recipe.side),
        network_digest(replace(branch, backbone=Backbone.parse("mobilenet_v1_0.25_96")), weights, side=recipe.side),
        network_digest(branch, other_weights, side=recipe.side),
        network_digest(replace(branch, views=Views.WHOLE), weights, side=recipe.side),
        network_digest(replace(branch, layers=branch.layers[:1]), weights, side=recipe.side),
        network_digest(branch, weights, side=recipe.side + 1),
    }
    assert len(digests) == 6


def test_where_the_weights_lie_does_not_matter(recipe, weights, tmp_path):
    (branch,) = recipe.branches
    moved = WeightsFile(name="other", path=tmp_path / "other.h5", sha256=weights.sha256)
    assert network_digest(branch, moved, side=75) == network_digest(branch, weights, side=75)
