"""Feature extraction: one embedding for each photo and network, the mean over the views of the photo.

The networks run in LiteRT, as they do in the candidate: on CPUs it takes a fifth of TensorFlow's time for one photo.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.imaging import reading, resized
from acnelib.native_output import native_output_logged
from acnelib.storage.files import digest_of
from acnelib.training.networks.litert import converted_to_litert
from acnelib.training.networks.tensorflow_import import import_tensorflow
from acnelib.training.networks.views import branch_maps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.networks.recipes import Branch
    from acnelib.training.networks.weights_files import WeightsFile

_CACHE_VERSION = 7
"""Increase it when pixels, views or layers change, so that old embeddings are not reused."""

_EMBEDDING = "embedding"


def network_digest(branch: Branch, weights: WeightsFile, *, side: int) -> str:
    """Return the digest that embeddings are kept by: of network, weights, views, layers and the size of the input."""
    return digest_of(
        "embeddings", _CACHE_VERSION, str(branch.backbone), weights.sha256, branch.views, branch.layers, side
    )


class FeatureExtractor:
    """A frozen network that turns photos into embeddings; converted when the first photo needs it."""

    def __init__(self, branch: Branch, weights: WeightsFile, *, side: int, path_of: Callable[[str], Path]) -> None:
        self._branch, self._weights, self._side, self._path_of = branch, weights, side, path_of
        self._model: bytes | None = None
        self._idle: list[Any] = []  # runners of the model; each serves one thread at a time

    def embeddings(self, names: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the embeddings of photos in the image store: [photos, D], float32."""
        self._model = self._model or self._converted()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.stack(list(pool.map(self._embedding, names)))

    def _embedding(self, name: str) -> npt.NDArray[np.float32]:
        pixels = self._pixels(name)[np.newaxis]
        try:
            run = self._idle.pop()
        except IndexError:
            run = self._new_runner()
        embedding: npt.NDArray[np.float32] = run(image=pixels)[_EMBEDDING][0]
        self._idle.append(run)
        return embedding

    def _pixels(self, name: str) -> npt.NDArray[np.float32]:
        with reading(self._path_of(name)) as picture:
            return resized(picture.image, height=self._side, width=self._side).astype(np.float32)

    def _converted(self) -> bytes:
        import_tensorflow()
        import keras
        from keras import ops

        image = keras.Input((self._side, self._side, 3), name="image")
        found = branch_maps(image, self._branch, self._weights)
        embeddings = [found.averaged(ops.mean(one, axis=(1, 2))) for one in found.maps]
        model = keras.Model(image, {_EMBEDDING: ops.concatenate(embeddings, axis=1)})
        return converted_to_litert(model, side=self._side)

    def _new_runner(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        with native_output_logged():
            interpreter = Interpreter(model_content=self._model, num_threads=1)
            interpreter.allocate_tensors()
        return interpreter.get_signature_runner("serving_default")
