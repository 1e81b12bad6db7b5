"""Feature extraction: one embedding for each photo and network, the mean over the views of the photo."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from acnelib.imaging import read_picture, resized
from acnelib.storage.files import digest_of
from acnelib.training.networks.tensorflow_import import import_tensorflow
from acnelib.training.networks.views import branch_maps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.networks.recipes import Branch
    from acnelib.training.networks.weights_files import WeightsFile

BATCH = 8
_CACHE_VERSION = 5
"""Increase it when pixels, views or layers change, so that old embeddings are not reused."""


def network_digest(branch: Branch, weights: WeightsFile, *, side: int) -> str:
    """Return the digest that embeddings are kept by: of network, weights, views, layers and the size of the input."""
    return digest_of(
        "embeddings", _CACHE_VERSION, str(branch.backbone), weights.sha256, branch.corners, branch.layers, side
    )


class FeatureExtractor:
    """A frozen network that turns photos into embeddings; built when the first photo needs it."""

    def __init__(self, branch: Branch, weights: WeightsFile, *, side: int, path_of: Callable[[str], Path]) -> None:
        self._branch, self._weights, self._side, self._path_of = branch, weights, side, path_of
        self._network: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]] | None = None

    def embeddings(self, names: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the embeddings of photos in the image store: [photos, D], float32."""
        network = self._network = self._network or self._compiled()
        parts = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
        with ThreadPoolExecutor(2) as pool:
            return np.concatenate([network(np.stack(list(pool.map(self._pixels, part)))) for part in parts])

    def _pixels(self, name: str) -> npt.NDArray[np.float32]:
        picture = read_picture(self._path_of(name))
        return resized(picture.image, height=self._side, width=self._side).astype(np.float32)

    def _compiled(self) -> Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
        tf = import_tensorflow()
        import keras
        from keras import ops

        image = keras.Input((self._side, self._side, 3), name="image")
        found = branch_maps(image, self._branch, self._weights)
        embeddings = [found.averaged(ops.mean(one, axis=(1, 2))) for one in found.maps]
        model = keras.Model(image, ops.concatenate(embeddings, axis=1))
        graph = tf.function(
            lambda pixels: model(pixels, training=False),
            input_signature=[tf.TensorSpec((None, self._side, self._side, 3), tf.float32)],
            autograph=False,  # there is no Python in it to translate, and the translation leaves a temporary file
        )

        def run(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
            found: npt.NDArray[np.float32] = graph(np.ascontiguousarray(pixels)).numpy()
            return found

        return run
