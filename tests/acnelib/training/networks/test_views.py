"""Views of photos: a network is built from its weights once, though several graphs see photos with it."""

from __future__ import annotations

import pytest

from acnelib.training.networks import views
from acnelib.training.networks.recipes import STARTER_RECIPE, weights_of
from acnelib.training.networks.weights_files import STARTER

pytest.importorskip("tensorflow")


@pytest.fixture
def built(monkeypatch):
    """The names of the networks that were built."""
    names, build = [], views.build_network

    def counting(backbone, weights):
        names.append(str(backbone))
        return build(backbone, weights)

    views._network.cache_clear()
    monkeypatch.setattr(views, "build_network", counting)
    yield names
    views._network.cache_clear()


def test_the_graphs_of_features_and_candidate_share_one_network(built):
    import keras

    branch, file = STARTER_RECIPE.branches[0], weights_of(STARTER_RECIPE, STARTER)[0]
    for _ in range(2):
        views.branch_maps(keras.Input((STARTER_RECIPE.side, STARTER_RECIPE.side, 3)), branch, file)
    assert built == [str(branch.backbone)]
