"""Features: the vectors of a split's photos, computed only where they are not there yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import USED, Split
from acnelib.progress import Progress, no_progress
from acnelib.stages.results import FeatureResult, NetworkFeatures, SplitResult
from acnelib.stages.sources import SAMPLE
from acnelib.storage.files import digest_of
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
    splitted: SplitResult,
    *,
    backbone: str | None = None,
    weights: str | None = None,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> FeatureResult:
    """See that every used photo of a split has its vectors.

    Args:
        splitted: The split.
        backbone: Name of the network, or of several joined by ``+``, the main one last; default: the best of which all
            weights can be had.
        weights: ``imagenet``, ``starter``, a file or a folder; default: starter for the sample atlas, else imagenet.
        settings: Where the working folder is.
        progress: Told how far it is.

    Raises:
        UsageError: There is no such network.
        WeightsUnavailable: The weights cannot be had, or belong to another network.
    """
    started = time.monotonic()
    settings = settings or Settings.load()
    weights = weights or default_weights(splitted.curated.scraped.source)
    recipe = Recipe.parse(backbone) if backbone else choose_recipe(weights)
    photos = used_photos(Split.read(splitted.split))
    networks, computed = [], 0
    for branch, file in zip(recipe.branches, weights_of(recipe, weights), strict=True):
        seen, fresh = _seen_by(branch, file, recipe.side, photos, Workspace(settings.workdir), progress)
        networks.append(seen)
        computed = max(computed, fresh)
    return FeatureResult(
        splitted=splitted,
        backbone=str(recipe),
        networks=networks,
        digest=digest_of("features", [seen.vectors.name for seen in networks]),
        computed=computed,
        seconds=time.monotonic() - started if computed else 0.0,
    )


def _seen_by(  # noqa: PLR0917
    branch: Branch, file: WeightsFile, side: int, photos: list[str], workspace: Workspace, progress: Progress
) -> tuple[NetworkFeatures, int]:
    store = EmbeddingStore(workspace.vectors(network_digest(branch, file, side=side)))
    extractor = FeatureExtractor(branch, file, side=side, path_of=workspace.images.path)
    _, computed = store.complete(
        photos, extractor.vectors, progress=lambda done, total: progress(done, total, "photos seen by the network")
    )
    seen = NetworkFeatures(
        backbone=str(branch.backbone),
        weights=file.name,
        weights_file=file.path,
        weights_sha256=file.sha256,
        vectors=store.root,
    )
    return seen, computed


def used_photos(split: Split) -> list[str]:
    """Return the photos that are used for anything, ordered by hash."""
    return sorted(sha256 for subset in USED for sha256 in split.of(subset))
