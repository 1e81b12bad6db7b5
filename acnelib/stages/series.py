"""Series of a split's photos, found by what the networks and the colours say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.series import MOST_PHOTOS, colours_of, find_series, similarity
from acnelib.imaging import reading
from acnelib.stages.features import embeddings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.dataset.splitting import Split
    from acnelib.stages.results import FeatureResult
    from acnelib.storage.workspace import Workspace

_WORKERS = 2


def series_of(
    feature_results: Sequence[FeatureResult], split: Split, photos: Sequence[str], workspace: Workspace
) -> list[str]:
    """Return the series of each photo; groups where the photos are too many for pairwise comparison.

    Args:
        feature_results: Embeddings of the photos, by recipe; the main network of each is used.
        split: The split, with labels and groups.
        photos: Photos of the classes.
        workspace: Where the photos are.
    """
    groups = [split.photos[sha256].group for sha256 in photos]
    if len(photos) > MOST_PHOTOS:
        return groups
    mains = [one.model_copy(update={"networks": one.networks[-1:]}) for one in feature_results]
    embeddings = np.concatenate([embeddings_of(main, photos) for main in mains], axis=1)
    images = workspace.images

    def colours(sha256: str) -> npt.NDArray[np.float32]:
        with reading(images.path(sha256)) as picture:
            return colours_of(picture.image)

    with ThreadPoolExecutor(_WORKERS) as pool:
        found = np.stack(list(pool.map(colours, photos)))
    labels = [split.label(sha256) for sha256 in photos]
    return find_series(similarity(embeddings, found), labels, groups)
