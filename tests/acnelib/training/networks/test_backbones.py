"""Networks: their names, and weights that belong to them."""

from __future__ import annotations

import pytest

from acnelib.errors import UsageError, WeightsUnavailable
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.building import build_network
from acnelib.training.networks.weights_files import WeightsFile


@pytest.mark.parametrize(
    ("name", "backbone"),
    [
        ("mobilenet_v1_0.25_128", Backbone(Architecture.V1, 0.25, 128)),
        ("mobilenet_v2_0.35_224", Backbone(Architecture.V2, 0.35, 224)),
        ("mobilenet_v2_1.4_96", Backbone(Architecture.V2, 1.4, 96)),
        ("mobilenet_v3_small_0.75_32", Backbone(Architecture.V3_SMALL, 0.75, 32)),
    ],
)
def test_a_name_says_architecture_width_and_input_size(name, backbone):
    assert Backbone.parse(name) == backbone
    assert str(backbone) == name


def test_a_whole_width_may_be_written_without_a_point():
    assert str(Backbone.parse("mobilenet_v2_1_224")) == "mobilenet_v2_1.0_224"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "resnet50",
        "mobilenet_v2",
        "mobilenet_v2_0.35",
        "mobilenet_v2_0.35_224.5",
        "mobilenet_v2_0.35_224 ",
        "mobilenet_v2_0.35_31",  # a MobileNet halves its input five times
        "mobilenet_v2_0_224",
        "mobilenet_v2_0.0_224",
        "MobileNet_v2_0.35_224",
        "mobilenet_v4_0.35_224",
        "mobilenet_v2_-1_224",
    ],
)
def test_another_name_is_refused_with_the_form_and_an_example(name):
    with pytest.raises(UsageError) as failure:
        Backbone.parse(name)
    assert repr(name) in str(failure.value)
    assert "<mobilenet_v1|mobilenet_v2|mobilenet_v3_small>_<alpha>_<size>" in str(failure.value)
    assert "mobilenet_v2_0.35_224" in str(failure.value)


@pytest.mark.parametrize("name", ["mobilenet_v1_0.5_64", "mobilenet_v2_0.35_64", "mobilenet_v3_small_0.75_64"])
def test_weights_of_another_network_are_refused_and_both_are_named(name, weights):
    with pytest.raises(WeightsUnavailable) as failure:
        build_network(Backbone.parse(name), weights)
    assert weights.path.name in str(failure.value)
    assert f"do not belong to {name}" in str(failure.value)


def test_a_file_that_holds_no_weights_is_refused(backbone, tmp_path):
    path = tmp_path / "noise.weights.h5"
    path.write_bytes(b"noise")
    with pytest.raises(WeightsUnavailable, match=r"noise\.weights\.h5 do not belong to mobilenet_v1_0\.25_64"):
        build_network(backbone, WeightsFile.of(path, name=path.name))


def test_a_network_is_frozen_and_gives_one_vector_a_picture(backbone, weights):
    network = build_network(backbone, weights)
    assert network.input_shape == (None, 64, 64, 3)
    assert network.output_shape == (None, 256)
    assert network.trainable_weights == []
