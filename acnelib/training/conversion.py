"""The candidate's two files of the same function: Keras and LiteRT, views, preprocessing and calibration inside.

LiteRT returns more: how close a photo is to the limits of the scope, and the activation map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.bundle import KERAS, LITERT
from acnelib.training.networks.activation_maps import activation
from acnelib.training.networks.litert import converted_to_litert
from acnelib.training.networks.tensorflow_import import import_tensorflow
from acnelib.training.networks.views import branch_maps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.head import Head
    from acnelib.training.networks.recipes import Recipe
    from acnelib.training.networks.views import BranchMaps
    from acnelib.training.networks.weights_files import WeightsFile
    from acnelib.training.scope import Scope


def export_models(directory: Path, *, recipe: Recipe, weights: Sequence[WeightsFile], head: Head, scope: Scope) -> Any:
    """Write ``model.keras`` and ``model.tflite`` and return the Keras model.

    Both take float32 RGB 0–255 [N, side, side, 3] and give calibrated scores [N, labels]. LiteRT gives besides
    ``distance`` [N, 1], above 1 where the photo is out of scope (:meth:`Scope.excess`), and ``activation``
    [N, grid, grid, labels]: what each place of the photo adds to the logits.

    Args:
        directory: Where to write.
        recipe: Networks, views and layers.
        weights: Of each network, in their order.
        head: Head whose logits are already divided by the temperature, on the embeddings of all networks side by side.
        scope: The distribution of the training photos, with its limits.
    """
    import_tensorflow()
    import keras

    image = keras.Input((recipe.side, recipe.side, 3), name="image")
    branches = [branch_maps(image, branch, file) for branch, file in zip(recipe.branches, weights, strict=True)]
    parts = _Parts(branches, head)
    model = keras.Model(image, parts.scores, name="acne")
    parts.set_weights()
    model.save(directory / KERAS)
    outputs = {
        "scores": parts.scores,
        "distance": _distance(branches, scope),
        "activation": activation(branches, parts.added),
    }
    (directory / LITERT).write_bytes(converted_to_litert(keras.Model(image, outputs), side=recipe.side))
    return model


def keras_scores(model: Any, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the scores [N, labels] that a Keras model gives to inputs [N, H, W, 3]."""
    return np.asarray(model(pixels.astype(np.float32), training=False), dtype=np.float64)


class _Parts:
    """The head, laid over the feature maps: averaging and a linear map may change places.

    Attributes:
        added: For each branch and layer, what each cell of its maps adds to the logits: [views · N, h, w, labels].
        scores: [N, labels].
    """

    def __init__(self, branches: Sequence[BranchMaps], head: Head) -> None:
        import keras
        from keras import ops

        self._head = head
        self._kernels: list[Any] = []
        self.added: list[list[Any]] = []
        logits = None
        for one in branches:
            added = []
            for layer, maps in zip(one.branch.layers, one.maps, strict=True):
                name = f"{one.branch.backbone}_{layer}".replace(".", "_")
                kernel = keras.layers.Conv2D(len(head.labels), 1, use_bias=False, name=name)
                added.append(kernel(maps))
                self._kernels.append(kernel)
                part = one.averaged(ops.mean(added[-1], axis=(1, 2)))
                logits = part if logits is None else logits + part
            self.added.append(added)
        self._bias = keras.layers.EinsumDense("nl,lk->nk", len(head.labels), bias_axes="k", name="bias")
        self.scores = keras.layers.Softmax(name="scores")(self._bias(logits))

    def set_weights(self) -> None:
        """Give the layers the head's numbers."""
        start = 0
        for kernel in self._kernels:
            width = kernel.kernel.shape[2]
            kernel.set_weights([self._head.kernel[start : start + width].astype(np.float32)[None, None]])
            start += width
        labels = len(self._head.labels)
        self._bias.set_weights([np.eye(labels, dtype=np.float32), self._head.bias.astype(np.float32)])


def _distance(branches: Sequence[BranchMaps], scope: Scope) -> Any:
    """Return :meth:`Scope.excess` of the embeddings: [N, 1], float32."""
    from keras import ops

    embedding = ops.concatenate(
        [one.averaged(ops.mean(maps, axis=(1, 2))) for one in branches for maps in one.maps], axis=1
    )
    deviation = embedding - scope.mean.astype(np.float32)
    precision = (scope.precision / scope.limit).astype(np.float32)
    distance = ops.sum(ops.square(deviation) * precision, axis=1, keepdims=True)
    if scope.family is None:
        return distance
    # The excess of each class's score is linear as well. About the mean, its products are small, and exact in float32.
    kernel = (-scope.family.kernel / scope.family.width).astype(np.float32)
    at_mean = scope.family.excess(scope.mean @ scope.family.kernel + scope.family.bias).astype(np.float32)
    excess = ops.min(ops.matmul(deviation, kernel) + at_mean, axis=1, keepdims=True)
    return ops.maximum(distance, excess)
