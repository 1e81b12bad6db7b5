"""What a frozen network sees in photos: vectors, one for each view."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from acnelib.files import digest_of
from acnelib.images import read_picture, resized
from acnelib.training.backbones import build_network
from acnelib.training.tensorflow_quietly import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.backbones import Backbone
    from acnelib.training.weights_files import WeightsFile

VIEWS = ("plain", "mirrored")
"""Views of a photo in the order of its vectors; scoring uses the plain one."""

BATCH = 32
_RECIPE = 2  # to be counted up when pixels or views change, so that old vectors are not taken for new ones


def network_digest(backbone: Backbone, weights: WeightsFile) -> str:
    """Return what vectors are kept by: network, weights and preprocessing."""
    return digest_of("vectors", _RECIPE, str(backbone), weights.sha256, VIEWS)


class FeatureExtractor:
    """A frozen network that turns photos into vectors; made when the first photo needs it."""

    def __init__(self, backbone: Backbone, weights: WeightsFile, *, path_of: Callable[[str], Path]) -> None:
        self._backbone, self._weights, self._path_of = backbone, weights, path_of
        self._network: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]] | None = None

    def vectors(self, names: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors of photos in the image store: [photos, views, D], float32."""
        network = self._network = self._network or _compiled(self._backbone, self._weights)
        batches = []
        with ThreadPoolExecutor(2) as pool:
            for start in range(0, len(names), BATCH):
                pixels = np.stack(list(pool.map(self._pixels, names[start : start + BATCH])))
                batches.append(np.stack([network(pixels), network(pixels[:, :, ::-1])], axis=1))
        return np.concatenate(batches)

    def _pixels(self, name: str) -> npt.NDArray[np.float32]:
        size = self._backbone.size
        picture = read_picture(self._path_of(name))
        return resized(picture.image, height=size, width=size).astype(np.float32)


def _compiled(backbone: Backbone, weights: WeightsFile) -> Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
    tf = import_tensorflow()
    network = build_network(backbone, weights)
    shape = (None, backbone.size, backbone.size, 3)
    graph = tf.function(
        lambda pixels: network(pixels / 127.5 - 1.0, training=False),
        input_signature=[tf.TensorSpec(shape, tf.float32)],
        autograph=False,  # there is no Python in it to translate, and the translation leaves a temporary file
    )

    def run(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        vectors: npt.NDArray[np.float32] = graph(np.ascontiguousarray(pixels)).numpy()
        return vectors

    return run
