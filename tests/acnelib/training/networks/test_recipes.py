"""What a candidate sees with."""

from __future__ import annotations

import pytest

from acnelib.errors import UsageError
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.recipes import (
    ADAPTED,
    ADAPTED_SINGLE,
    BEST,
    SINGLE,
    STARTER_RECIPE,
    Layer,
    Recipe,
    Views,
    choose_recipe,
    replacement_note,
)


def test_one_network_sees_six_views_with_its_last_and_its_middle_layer():
    (branch,) = Recipe.parse("mobilenet_v2_0.35_224").branches
    assert (branch.views, branch.layers) == (6, (Layer.LAST, Layer.MIDDLE))


def test_networks_before_the_last_lend_the_middle_layer_of_two_views():
    lending, main = Recipe.parse("mobilenet_v1_0.75_160+mobilenet_v2_0.35_224").branches
    assert (str(lending.backbone), lending.views, lending.layers) == ("mobilenet_v1_0.75_160", 2, (Layer.MIDDLE,))
    assert (str(main.backbone), main.views) == ("mobilenet_v2_0.35_224", 6)


def test_networks_of_whole_photos_see_them_once_at_their_own_size():
    recipe = Recipe.parse("mobilenet_v1_0.75_160+mobilenet_v2_0.35_224-whole")
    lending, main = recipe.branches
    assert (lending.views, main.views, main.layers, recipe.side) == (1, 1, (Layer.LAST, Layer.MIDDLE), 224)
    assert Recipe.parse(str(recipe)) == recipe
    assert recipe != Recipe.parse("mobilenet_v1_0.75_160+mobilenet_v2_0.35_224")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (str(BEST), "v1-160+v2"),
        (str(SINGLE), "v2"),
        (str(ADAPTED), "v1-160+v2-160-whole"),
        ("mobilenet_v1_0.25_128", "v1-25%-128"),
        ("mobilenet_v1_0.75_128", "v1-128"),
        ("mobilenet_v2_1.0_224", "v2-100%"),
        ("mobilenet_v3_small_1.0_224", "v3s"),
    ],
)
def test_the_short_name_leaves_out_the_usual_width_and_size(name, short):
    assert Recipe.parse(name).short_name == short


def test_different_networks_have_different_short_names():
    networks = [
        Backbone(architecture, alpha, size)
        for architecture in Architecture
        for alpha in (0.25, 0.35, 0.75, 1.0)
        for size in (32, 96, 224)
    ]
    names = {network.short_name for network in networks}
    assert len(names) == len(networks)
    assert not [name for name in names if "." in name]  # luigid takes what comes before a dot for a module


def test_the_name_of_a_recipe_is_those_of_its_networks():
    assert str(Recipe.parse("mobilenet_v1_0.750_160+mobilenet_v2_0.35_224")) == (
        "mobilenet_v1_0.75_160+mobilenet_v2_0.35_224"
    )


@pytest.mark.parametrize(("name", "side"), [("mobilenet_v2_0.35_224", 264), ("mobilenet_v1_0.25_128", 151)])
def test_the_input_is_so_large_that_a_corner_has_as_many_pixels_as_the_network_wants(name, side):
    assert Recipe.parse(name).side == side


def test_a_network_without_a_middle_layer_that_we_know_sees_with_its_last():
    (branch,) = Recipe.parse("mobilenet_v3_small_1.0_224").branches
    assert branch.layers == (Layer.LAST,)


@pytest.mark.parametrize(
    "name", ["mobilenet_v1_0.25_96+mobilenet_v1_0.25_96", "mobilenet_v1_0.25_96+", "+", "", "-whole"]
)
def test_what_names_no_network_or_one_twice_is_refused(name):
    with pytest.raises(UsageError):
        Recipe.parse(name)


@pytest.fixture
def folder(tmp_path):
    """Return a folder that seems to hold the weights of some networks."""

    def fill(*names):
        for name in names:
            (tmp_path / f"{name}_notop.weights.h5").write_bytes(b"weights")
        return str(tmp_path)

    return fill


def test_the_best_recipe_is_taken_where_all_its_weights_are(folder):
    assert choose_recipe(folder("mobilenet_v1_0.75_224", "mobilenet_v2_0.35_224")) == BEST


def test_the_next_one_is_taken_where_they_are_not(folder):
    assert choose_recipe(folder("mobilenet_v2_0.35_224")) == SINGLE


def test_networks_that_are_adapted_have_a_recipe_of_their_own_of_whole_photos(folder):
    assert choose_recipe(folder("mobilenet_v1_0.75_224", "mobilenet_v2_0.35_224"), adapted=True) == ADAPTED
    assert all(branch.views == Views.WHOLE for branch in ADAPTED.branches)
    assert choose_recipe("starter", adapted=True) == STARTER_RECIPE


def test_the_main_network_is_adapted_alone_where_there_are_no_weights_of_the_other(folder):
    assert choose_recipe(folder("mobilenet_v2_0.35_224"), adapted=True) == ADAPTED_SINGLE
    assert ADAPTED_SINGLE.branches == ADAPTED.branches[-1:]


def test_a_line_says_so_where_one_network_replaces_the_best_recipe():
    for adapted, best, single in ((False, BEST, SINGLE), (True, ADAPTED, ADAPTED_SINGLE)):
        assert replacement_note((str(single),), adapted=adapted) == (
            f"The weights for {best} are incomplete, so {single} alone is trained"
        )
        assert replacement_note((str(best),), adapted=adapted) is None


def test_one_file_of_weights_is_for_one_network(folder, tmp_path):
    folder("mobilenet_v2_0.35_224")
    assert choose_recipe(str(tmp_path / "mobilenet_v2_0.35_224_notop.weights.h5")) == SINGLE


def test_starter_weights_have_a_recipe_of_their_own():
    assert choose_recipe("starter") == STARTER_RECIPE
