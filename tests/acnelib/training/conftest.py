"""One tiny real model for all tests of a worker: TensorFlow takes seconds to import and to convert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from acnelib.atlas.drawing import draw_pictures
from acnelib.imaging import read_picture, resized
from acnelib.training.conversion import export_models
from acnelib.training.family_score import BackgroundEmbeddings
from acnelib.training.head import Head, fit_head
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.feature_extraction import FeatureExtractor
from acnelib.training.networks.recipes import Recipe
from acnelib.training.networks.weights_files import STARTER, WeightsFile, find_weights
from acnelib.training.scope import Scope, fit_scope

if TYPE_CHECKING:
    from pathlib import Path

TEMPERATURE = 5.0


@dataclass(frozen=True)
class Photos:
    """Drawn photos in a folder."""

    folder: Path
    labels: dict[str, str]

    @property
    def names(self) -> list[str]:
        return list(self.labels)

    def path(self, name: str) -> Path:
        return self.folder / name

    def pixels(self, size: int) -> np.ndarray:
        """Return them as networks see them: [photos, size, size, 3], uint8."""
        pictures = [read_picture(self.path(name)) for name in self.names]
        return np.stack([resized(picture.image, height=size, width=size) for picture in pictures])


@dataclass(frozen=True)
class Exported:
    """A candidate's two models, and the head that is inside both."""

    folder: Path
    head: Head
    scope: Scope
    model: Any


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Photos:
    folder, labels = tmp_path_factory.mktemp("photos"), {}
    for picture in draw_pictures(20, seed=5):
        labels[f"{picture.name}.jpg"] = picture.label
        (folder / f"{picture.name}.jpg").write_bytes(picture.jpeg())
    return Photos(folder, labels)


@pytest.fixture(scope="session")
def backbone() -> Backbone:
    return Backbone.parse("mobilenet_v1_0.25_64")


@pytest.fixture(scope="session")
def weights(backbone: Backbone) -> WeightsFile:
    return find_weights(STARTER, backbone)


@pytest.fixture(scope="session")
def recipe(backbone: Backbone) -> Recipe:
    return Recipe.of(backbone)


@pytest.fixture(scope="session")
def extractor(recipe: Recipe, weights: WeightsFile, photos: Photos) -> FeatureExtractor:
    return FeatureExtractor(recipe.branches[0], weights, side=recipe.side, path_of=photos.path)


@pytest.fixture(scope="session")
def embeddings(extractor: FeatureExtractor, photos: Photos) -> np.ndarray:
    return extractor.embeddings(photos.names)


@pytest.fixture(scope="session")
def exported(
    tmp_path_factory: pytest.TempPathFactory,
    recipe: Recipe,
    weights: WeightsFile,
    embeddings: np.ndarray,
    photos: Photos,
) -> Exported:
    folder = tmp_path_factory.mktemp("candidate")
    labels = list(photos.labels.values())
    head = fit_head(embeddings, labels).cooled(TEMPERATURE)
    spread = np.random.default_rng(0).normal(0.5, 1, size=(30, embeddings.shape[1])) * embeddings.std(axis=0)
    background = BackgroundEmbeddings(
        (embeddings.mean(axis=0) + spread).astype(np.float32), [f"condition {place % 10}" for place in range(30)]
    )
    scope = fit_scope(embeddings, labels, background=background)
    scope = scope.limited(distances=np.array([1.5]), family_scores=scope.family_scores(embeddings))
    return Exported(
        folder, head, scope, export_models(folder, recipe=recipe, weights=[weights], head=head, scope=scope)
    )
