"""Features: the embeddings of a split's photos, computed only where they are not there yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import USED, Split
from acnelib.progress import Progress, no_progress
from acnelib.scraping.sources import SAMPLE
from acnelib.stages.results import FeatureResult, NetworkFeatures, SplitResult
from acnelib.storage.files import digest_of
from acnelib.storage.results import References
from acnelib.storage.workspace import Workspace
from acnelib.training.embeddings import EmbeddingStore
from acnelib.training.networks.feature_extraction import FeatureExtractor, network_digest
from acnelib.training.networks.recipes import Recipe, choose_recipe, weights_of
from acnelib.training.networks.weights_files import IMAGENET, STARTER

if TYPE_CHECKING:
    from acnelib.training.networks.recipes import Branch
    from acnelib.training.networks.weights_files import WeightsFile


def default_weights(source: str) -> str:
    """Return the weights that are used when none are named: the sample atlas needs no download."""
    return STARTER if source == SAMPLE else IMAGENET


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
    """
    started = time.monotonic()
    settings = settings or Settings.load()
    weights = weights or default_weights(split_result.source)
    recipe = Recipe.parse(backbone) if backbone else choose_recipe(weights)
    workspace = Workspace(settings.workdir)
    photos = used_photos(Split.read(split_result.split))
    networks, computed = [], 0
    for branch, file in zip(recipe.branches, weights_of(recipe, weights), strict=True):
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


def used_photos(split: Split) -> list[str]:
    """Return the photos that are used for anything, ordered by hash."""
    return sorted(sha256 for subset in USED for sha256 in split.of(subset))
