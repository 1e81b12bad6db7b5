"""Features: the vectors of a split's photos, computed only where they are not there yet."""

from __future__ import annotations

import time

from acnelib.dataset.splitting import USED, Split
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, silent
from acnelib.stages.results import Featured, Splitted
from acnelib.stages.sources import SAMPLE
from acnelib.training.backbones import Backbone
from acnelib.training.features import FeatureExtractor, network_digest
from acnelib.training.vectors import VectorStore
from acnelib.training.weights_files import IMAGENET, STARTER, default_backbone, find_weights
from acnelib.workspace import Workspace


def default_weights(source: str) -> str:
    """Return the weights that are used when none are named: the sample atlas needs no download."""
    return STARTER if source == SAMPLE else IMAGENET


def features(
    splitted: Splitted,
    *,
    backbone: str | None = None,
    weights: str | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Featured:
    """See that every used photo of a split has its vectors.

    Args:
        splitted: The split.
        backbone: Name of the network; default: the one that goes with the weights.
        weights: ``imagenet``, ``starter``, a file or a folder; default: starter for the sample atlas, else imagenet.
        settings: Where the working folder is.
        progress: Told how far it is.

    Raises:
        UsageError: There is no such network.
        WeightsUnavailable: The weights cannot be had, or belong to another network.
    """
    started = time.monotonic()
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    weights = weights or default_weights(splitted.curated.scraped.source)
    network = Backbone.parse(backbone) if backbone else default_backbone(weights)
    file = find_weights(weights, network)
    digest = network_digest(network, file)
    store = VectorStore(workspace.vectors(digest))
    extractor = FeatureExtractor(network, file, path_of=workspace.images.path)
    _, computed = store.complete(
        used_photos(Split.read(splitted.split)),
        extractor.vectors,
        progress=lambda done, total: progress(done, total, "photos seen by the network"),
    )
    return Featured(
        splitted=splitted,
        backbone=str(network),
        weights=file.name,
        weights_file=file.path,
        weights_sha256=file.sha256,
        vectors=store.root,
        network=digest,
        computed=computed,
        seconds=time.monotonic() - started if computed else 0.0,
    )


def used_photos(split: Split) -> list[str]:
    """Return the photos that are used for anything, ordered by hash."""
    return sorted(sha256 for subset in USED for sha256 in split.of(subset))
