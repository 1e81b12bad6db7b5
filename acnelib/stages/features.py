"""Features: the embeddings of a split's photos, computed only where they are not there yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.errors import DataUnusable
from acnelib.progress import Progress, no_progress
from acnelib.scraping.sources import SAMPLE
from acnelib.stages.adapted_weights import check_not_learnt
from acnelib.stages.results import FeatureResult, NetworkFeatures, SplitResult
from acnelib.storage.files import digest_of
from acnelib.storage.results import References
from acnelib.storage.workspace import Workspace
from acnelib.training.adaptation.card import adapted_networks, cards_of
from acnelib.training.embeddings import EmbeddingStore
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.feature_extraction import FeatureExtractor, network_digest
from acnelib.training.networks.recipes import Recipe, choose_recipe, weights_of
from acnelib.training.networks.weights_files import IMAGENET, STARTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.networks.recipes import Branch
    from acnelib.training.networks.weights_files import WeightsFile


def default_weights(source: str) -> str:
    """Return the weights that are used when none are named: the sample atlas needs no download."""
    return STARTER if source == SAMPLE else IMAGENET


def default_recipe(weights: str, *, adapt: bool = False) -> Recipe:
    """Return the recipe that is used when no network is named.

    Fine-tuned weights are for the networks that their card names, at the input size that they were fine-tuned at.

    Args:
        weights: ``imagenet``, ``starter``, a file or a folder.
        adapt: Whether they will be fine-tuned before the embeddings are computed.

    Raises:
        WeightsUnavailable: No weights are available, or their card is damaged.
    """
    networks = adapted_networks(weights)
    if not networks:
        return choose_recipe(weights, adapted=adapt)
    return Recipe.of(*(Backbone.parse(network.backbone) for network in networks), whole=True)


def features(
    split_result: SplitResult,
    *,
    backbone: str | None = None,
    weights: str | None = None,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> FeatureResult:
    """Compute the embeddings of every used photo of a split that has none yet.

    Args:
        split_result: The split.
        backbone: Name of the network, or of several joined by ``+``, the main one last; default: the best whose
            weights are available.
        weights: ``imagenet``, ``starter``, a file or a folder; default: starter for the sample atlas, else imagenet.
        settings: Where the working folder is.
        progress: Called with the progress.

    Raises:
        UsageError: There is no such network.
        WeightsUnavailable: The weights are not available, or belong to another network.
        DataUnusable: The weights were adapted to photos of the classes.
    """
    started = time.monotonic()
    settings = settings or Settings.load()
    weights = weights or default_weights(split_result.source)
    recipe = Recipe.parse(backbone) if backbone else default_recipe(weights)
    workspace = Workspace(settings.workdir)
    split, files = Split.read(split_result.split), weights_of(recipe, weights)
    check_not_learnt(split, cards_of(files))
    photos = split.used
    networks, computed = [], 0
    for branch, file in zip(recipe.branches, files, strict=True):
        network, fresh = _embedded(branch, file, recipe.side, photos, workspace, progress)
        networks.append(network)
        computed = max(computed, fresh)
    return FeatureResult.following(
        split_result,
        References(folders=tuple(workspace.name_of(network.embeddings) for network in networks)),
        backbone=str(recipe),
        networks=networks,
        digest=digest_of("features", [network.embeddings.name for network in networks]),
        computed=computed,
        seconds=time.monotonic() - started if computed else 0.0,
    )


def _embedded(  # noqa: PLR0917
    branch: Branch, file: WeightsFile, side: int, photos: list[str], workspace: Workspace, progress: Progress
) -> tuple[NetworkFeatures, int]:
    store = EmbeddingStore(workspace.embeddings(network_digest(branch, file, side=side)))
    extractor = FeatureExtractor(branch, file, side=side, path_of=workspace.images.path)
    _, computed = store.complete(
        photos, extractor.embeddings, progress=lambda done, total: progress(done, total, "photos embedded")
    )
    network = NetworkFeatures(
        backbone=str(branch.backbone),
        weights=file.name,
        weights_file=file.path,
        weights_sha256=file.sha256,
        embeddings=store.root,
    )
    return network, computed


def embeddings_of(feature_result: FeatureResult, photos: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the embeddings of some photos, those of all networks side by side: [photos, D].

    Raises:
        DataUnusable: A photo was withdrawn after they were computed.
    """
    parts = []
    for network in feature_result.networks:
        known = EmbeddingStore(network.embeddings).load(photos)
        if gone := [sha256 for sha256 in photos if sha256 not in known]:
            raise DataUnusable(f"photo {gone[0][:12]} has no embeddings any more, it may be withdrawn: start a new run")
        parts.append(np.stack([known[sha256] for sha256 in photos]))
    return np.concatenate(parts, axis=1)
