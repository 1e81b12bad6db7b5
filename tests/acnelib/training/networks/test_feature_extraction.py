"""Every network of the families works from its weights to a LiteRT model; weights of another are refused."""

from __future__ import annotations

import functools
import itertools
import shutil
from dataclasses import replace

import numpy as np
import pytest

from acnelib.atlas.drawing import draw_pictures
from acnelib.bundle import KERAS, LITERT
from acnelib.errors import WeightsUnavailable
from acnelib.native_output import native_output_logged
from acnelib.training.conversion import export_models, keras_scores
from acnelib.training.head import fit_head
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.building import build_network
from acnelib.training.networks.feature_extraction import FeatureExtractor
from acnelib.training.networks.recipes import Recipe
from acnelib.training.networks.tensorflow_import import import_tensorflow
from acnelib.training.networks.weights_files import WeightsFile, find_weights
from acnelib.training.scope import Scope

PARITY = 1e-3
SAMPLE = ("mobilenet_v1_0.33_100", "mobilenet_v2_0.35_96", "mobilenet_v3_small_0.75_100")
"""One of each family; nobody pretrained a v1 of width 0.33, and 100 is no input size of ImageNet's."""
ALPHAS = {
    "mobilenet_v1": (0.25, 0.5, 0.75, 1.0, 0.33),
    "mobilenet_v2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4, 0.9),
    "mobilenet_v3_small": (0.75, 1.0, 0.5),
}
GRID = [
    f"{architecture}_{alpha}_{size}"
    for architecture, alphas in ALPHAS.items()
    for alpha, size in itertools.product(alphas, (96, 100, 128, 160, 192, 224))
]


@functools.lru_cache(maxsize=4)
def random_network(name, *, top=False):
    """Make a network as keras.applications does; its weights are random, and no layer swallows the picture."""
    import_tensorflow()
    import keras

    make, options = {
        Architecture.V1: (keras.applications.MobileNet, {}),
        Architecture.V2: (keras.applications.MobileNetV2, {}),
        Architecture.V3_SMALL: (keras.applications.MobileNetV3Small, {"include_preprocessing": False}),
    }[Backbone.parse(name).architecture]
    keras.utils.set_random_seed(0)
    size = Backbone.parse(name).size
    pooling = None if top else "avg"
    network = make(
        input_shape=(size, size, 3),
        alpha=Backbone.parse(name).alpha,
        include_top=top,
        weights=None,
        pooling=pooling,
        **options,
    )
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0  # one look at some noise settles what it expects of its input
    network(np.random.default_rng(0).uniform(-1, 1, (8, size, size, 3)).astype(np.float32), training=True)
    return network


@pytest.fixture(scope="module")
def random_weights(tmp_path_factory):
    """Write random weights of a network, once, named as in a folder of weights."""
    folder = tmp_path_factory.mktemp("weights")

    def write(name):
        path = folder / f"{name}_notop.weights.h5"
        if not path.is_file():
            random_network(name).save_weights(path)
        return WeightsFile.of(path, name=path.name)

    return write


@pytest.fixture
def drawn(tmp_path):
    """Drawn photos by their names, with their labels."""
    labels = {}
    for picture in draw_pictures(12, seed=5):
        labels[f"{picture.name}.jpg"] = picture.label
        (tmp_path / f"{picture.name}.jpg").write_bytes(picture.jpeg())
    return labels


def litert_outputs(path, pixels):
    from ai_edge_litert.interpreter import Interpreter

    with native_output_logged():
        interpreter = Interpreter(model_path=str(path), num_threads=1)
        interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner("serving_default")
    found = [runner(image=one[np.newaxis].astype(np.float32)) for one in pixels]
    return {name: np.concatenate([one[name] for one in found]) for name in ("scores", "activation")}


def check_from_weights_to_scores(name, weights, photos, folder):
    """Train on photos with a network and compare the two files of it: on the photos, on noise, black and white."""
    import keras

    recipe = Recipe.parse(name)
    (branch,) = recipe.branches
    extractor = FeatureExtractor(branch, weights, side=recipe.side, path_of=folder.joinpath)
    embeddings = extractor.embeddings(list(photos))
    assert len(embeddings) == len(photos)
    assert embeddings.std(axis=0).mean() > 1e-3  # it sees something
    head = fit_head(embeddings, list(photos.values())).cooled(5.0)
    scope = replace(Scope.of(embeddings), limit=1.0)
    export_models(folder, recipe=recipe, weights=[weights], head=head, scope=scope)
    shape = (recipe.side, recipe.side, 3)
    noise = np.random.default_rng(0).integers(0, 256, (3, *shape), dtype=np.uint8)
    seen = np.stack([extractor._pixels(photo).astype(np.uint8) for photo in photos])
    pixels = np.concatenate([seen, noise, np.zeros((1, *shape), np.uint8), np.full((1, *shape), 255, np.uint8)])
    outputs = litert_outputs(folder / LITERT, pixels)
    scores, added = outputs["scores"], outputs["activation"].mean(axis=(1, 2))[: len(photos)]
    assert added + head.bias == pytest.approx(head.logits(embeddings), abs=1e-2)
    assert np.ptp(scores, axis=0).max() > 0.1
    assert scores.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(scores - keras_scores(keras.models.load_model(folder / KERAS), pixels)).max() <= PARITY


@pytest.mark.parametrize("name", [SAMPLE[0], *(pytest.param(name, marks=pytest.mark.slow) for name in SAMPLE[1:])])
def test_a_network_works_from_a_file_of_weights_to_equal_scores(random_weights, drawn, tmp_path, name):
    check_from_weights_to_scores(name, random_weights(name), drawn, tmp_path)


def test_a_network_that_sees_the_whole_photo_alone_works_to_equal_scores(random_weights, drawn, tmp_path):
    check_from_weights_to_scores(f"{SAMPLE[0]}-whole", random_weights(SAMPLE[0]), drawn, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", GRID)
def test_every_network_works_from_a_file_of_weights_to_equal_scores(random_weights, drawn, tmp_path, name):
    check_from_weights_to_scores(name, random_weights(name), drawn, tmp_path)


@pytest.mark.parametrize("written", ["mobilenet_v2_1.0_96", "mobilenet_v2_1_96", "mobilenet_v2_1.00_96"])
def test_a_whole_width_finds_its_weights_however_it_is_written(tmp_path, written):
    path = tmp_path / "mobilenet_v2_1.0_96_notop.weights.h5"
    path.write_bytes(b"weights")
    assert find_weights(str(tmp_path), Backbone.parse(written)).path == path


@pytest.mark.parametrize(
    "name",
    [
        "mobilenet_v1_0.33_64",
        pytest.param("mobilenet_v2_0.35_160", marks=pytest.mark.slow),
        pytest.param("mobilenet_v3_small_0.75_33", marks=pytest.mark.slow),
    ],
)
def test_weights_fit_every_input_size(random_weights, name):
    trained = next(sample for sample in SAMPLE if sample.startswith(name.rpartition("_")[0]))
    network = build_network(Backbone.parse(name), random_weights(trained))
    assert network.input_shape == (None, *[Backbone.parse(name).size] * 2, 3)


@pytest.mark.parametrize("name", SAMPLE[:1])
def test_a_file_with_the_top_gives_the_same_network(random_weights, tmp_path, name):
    path = tmp_path / "with_top.weights.h5"
    with_top = random_network(name, top=True)
    with_top.save_weights(path)
    weights = build_network(Backbone.parse(name), WeightsFile.of(path, name=path.name)).get_weights()
    assert all(map(np.array_equal, weights, with_top.get_weights()))


def write_legacy(path, name, *, top=False):
    """Write a file as Keras 2 did, and as the ImageNet weights still are."""
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    with h5py.File(path, "w") as file:
        save_weights_to_hdf5_group(file, random_network(name, top=top))
    return WeightsFile.of(path, name=path.name)


def test_a_file_of_older_versions_gives_the_same_network(random_weights, tmp_path):
    name = SAMPLE[0]
    weights = write_legacy(tmp_path / "legacy_no_top.h5", name)
    loaded = (build_network(Backbone.parse(name), one).get_weights() for one in (weights, random_weights(name)))
    assert all(map(np.array_equal, *loaded))


class TestRefused:
    @pytest.fixture
    def refusal(self):
        """Build a network from weights that must be refused; return the one line that says why."""

        def refusal(name, weights):
            with pytest.raises(WeightsUnavailable) as failure:
                build_network(Backbone.parse(name), weights)
            said = str(failure.value)
            assert "\n" not in said
            assert weights.path.name in said
            assert f"do not belong to {name}" in said
            return said

        return refusal

    @pytest.mark.parametrize(
        ("name", "others"),
        [
            ("mobilenet_v1_0.25_100", "mobilenet_v1_0.33_100"),
            ("mobilenet_v2_0.35_96", "mobilenet_v1_0.33_100"),
            pytest.param("mobilenet_v2_0.5_96", "mobilenet_v2_0.35_96", marks=pytest.mark.slow),
            pytest.param("mobilenet_v3_small_1.0_96", "mobilenet_v3_small_0.75_100", marks=pytest.mark.slow),
            pytest.param("mobilenet_v1_0.75_96", "mobilenet_v3_small_0.75_100", marks=pytest.mark.slow),
        ],
    )
    def test_weights_of_another_family_or_width(self, refusal, random_weights, name, others):
        wanted = Backbone.parse(name)
        said = refusal(name, random_weights(others))
        assert f"name weights of {wanted.architecture} with alpha {wanted.alpha}, without its top" in said

    @pytest.mark.parametrize("other", ["mobilenet_v1_0.5_100", "mobilenet_v2_0.35_96"])
    def test_another_networks_weights_in_a_file_of_older_versions(self, refusal, tmp_path, other):
        assert "without its top" in refusal(other, write_legacy(tmp_path / "legacy_no_top.h5", SAMPLE[0]))

    def test_a_file_of_older_versions_with_the_top(self, refusal, tmp_path):
        weights = write_legacy(tmp_path / "legacy.h5", SAMPLE[0], top=True)
        assert "without its top" in refusal(SAMPLE[0], weights)

    @pytest.mark.parametrize("ending", [".h5", ".hdf5", ".npz"])
    def test_a_file_under_a_name_by_which_keras_does_not_know_it(self, refusal, random_weights, tmp_path, ending):
        path = tmp_path / f"renamed{ending}"
        shutil.copy(random_weights(SAMPLE[0]).path, path)
        assert ".weights.h5" in refusal(SAMPLE[0], WeightsFile.of(path, name=path.name))

    @pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
    def test_a_truncated_file(self, refusal, random_weights, tmp_path, share):
        path, content = tmp_path / "cut.weights.h5", random_weights(SAMPLE[0]).path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        assert "the file is damaged" in refusal(SAMPLE[0], WeightsFile.of(path, name=path.name))

    def test_a_file_with_a_hole(self, refusal, random_weights, tmp_path):
        path, content = tmp_path / "hole.weights.h5", bytearray(random_weights(SAMPLE[0]).path.read_bytes())
        content[2000:6000] = bytes(4000)
        path.write_bytes(content)
        assert "the file is damaged" in refusal(SAMPLE[0], WeightsFile.of(path, name=path.name))

    def test_weights_that_are_no_numbers(self, refusal, random_weights, tmp_path):
        import h5py

        path = tmp_path / "nan.weights.h5"
        shutil.copy(random_weights(SAMPLE[0]).path, path)
        with h5py.File(path, "r+") as file:
            file["layers/conv2d/vars/0"][0] = np.nan
        assert "not all in it are numbers" in refusal(SAMPLE[0], WeightsFile.of(path, name=path.name))
