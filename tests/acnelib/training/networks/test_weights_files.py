"""Pretrained weights: where they are looked for, and what is said when there are none."""

from __future__ import annotations

import pytest

from acnelib.errors import WeightsUnavailable
from acnelib.storage.files import sha256_of
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.weights_files import (
    STARTER_FILE,
    find_weights,
    public_name,
)

V2 = Backbone.parse("mobilenet_v2_0.35_224")


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """The folder in which Keras keeps what it downloaded, empty."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras" / "models").mkdir(parents=True)
    return tmp_path / "keras" / "models"


@pytest.fixture
def put(tmp_path):
    def write(*names):
        for name in names:
            (tmp_path / name).write_bytes(name.encode())
        return tmp_path

    return write


def never(backbone):
    raise AssertionError(f"{backbone} must not be downloaded")


def refusal(*arguments, **named):
    with pytest.raises(WeightsUnavailable) as failure:
        find_weights(*arguments, **named)
    assert "\n" not in str(failure.value)
    return str(failure.value)


def test_the_starter_weights_are_shipped_and_fit_every_input_size():
    for size in (64, 128, 224):
        found = find_weights("starter", Backbone.parse(f"mobilenet_v1_0.25_{size}"))
        assert (found.name, found.path) == ("starter", STARTER_FILE)
        assert found.sha256 == sha256_of(STARTER_FILE.read_bytes())


@pytest.mark.parametrize("name", ["mobilenet_v1_0.5_128", "mobilenet_v2_0.35_224"])
def test_the_starter_weights_are_refused_for_another_network(name):
    said = refusal("starter", Backbone.parse(name))
    assert "belong to mobilenet_v1 with alpha 0.25" in said
    assert f"not to {name}" in said


def test_a_file_of_weights_is_taken_as_it_is(put):
    path = put("mine.weights.h5") / "mine.weights.h5"
    found = find_weights(str(path), V2)
    assert (found.name, found.path, found.sha256) == ("mine.weights.h5", path, sha256_of(b"mine.weights.h5"))


def test_from_a_folder_comes_the_file_of_the_network(put):
    folder = put(
        "mobilenet_v1_0.35_224_notop.weights.h5",
        "mobilenet_v2_0.35_192_notop.weights.h5",
        "mobilenet_v2_0.35_224_notop.weights.h5",
        "mobilenet_v2_0.5_224_notop.weights.h5",
    )
    assert find_weights(str(folder), V2).name == "mobilenet_v2_0.35_224_notop.weights.h5"


def test_a_folder_without_the_input_size_gives_another_size_of_the_same_network(put):
    folder = put("mobilenet_v2_0.35_224_notop.weights.h5", "mobilenet_v2_0.5_128_notop.weights.h5")
    found = find_weights(str(folder), Backbone.parse("mobilenet_v2_0.35_128"))
    assert found.name == "mobilenet_v2_0.35_224_notop.weights.h5"


def test_a_folder_without_the_network_says_which_file_is_missing(put):
    folder = put("mobilenet_v2_0.5_224_notop.weights.h5")
    said = refusal(str(folder), V2)
    assert f"{folder} holds no mobilenet_v2_0.35_*_notop.weights.h5" in said
    assert "choose a --backbone whose weights are there" in said


def test_weights_that_are_nowhere_are_refused_with_what_can_be_named():
    said = refusal("imagnet", V2)
    assert "no weights 'imagnet'" in said
    assert "name imagenet, starter, a file, or a folder" in said


def test_imagenet_weights_that_keras_has_are_not_downloaded(keras_home):
    path = keras_home / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    path.write_bytes(b"weights")
    found = find_weights("imagenet", V2, download=never)
    assert (found.name, found.path) == ("imagenet", path)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mobilenet_v1_0.25_128", "mobilenet_2_5_128_tf_no_top.h5"),
        ("mobilenet_v1_1.0_100", "mobilenet_1_0_224_tf_no_top.h5"),
        ("mobilenet_v2_1.4_96", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_96_no_top.h5"),
        ("mobilenet_v3_small_0.75_64", "weights_mobilenet_v3_small_224_0.75_float_no_top_v2.h5"),
    ],
)
def test_imagenet_weights_are_known_by_the_names_that_keras_gives_them(keras_home, name, file):
    (keras_home / file).write_bytes(b"weights")
    assert find_weights("imagenet", Backbone.parse(name), download=never).path == keras_home / file


def test_imagenet_weights_that_are_not_here_are_downloaded(keras_home):
    def download(backbone):
        assert backbone == V2
        (keras_home / "fetched.h5").write_bytes(b"weights")
        return keras_home / "fetched.h5"

    assert find_weights("imagenet", V2, download=download).path == keras_home / "fetched.h5"


def test_a_download_that_fails_says_in_one_line_what_to_do(keras_home):
    def download(backbone):
        raise OSError("URL fetch failure on https://storage.example\nand a long story")

    said = refusal("imagenet", V2, download=download)
    assert "URL fetch failure on https://storage.example" in said
    assert f"copy mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5 to {keras_home}" in said
    assert "connect to the internet once" in said
    assert "--weights starter" in said


def test_what_others_see_of_a_path_is_never_the_path(tmp_path):
    path = str(tmp_path / "anna" / "weights.h5")
    assert public_name(path).startswith("file-")
    assert not {"anna", "weights"} & set(public_name(path).split("-"))
    assert (public_name("imagenet"), public_name("starter")) == ("imagenet", "starter")
