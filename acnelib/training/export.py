"""The candidate's two files of the same function: Keras and LiteRT, preprocessing and calibration inside."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.bundle import KERAS, LITERT
from acnelib.nativelog import native_output_logged
from acnelib.training.backbones import build_network
from acnelib.training.tensorflow_quietly import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.backbones import Backbone
    from acnelib.training.fitting import Head
    from acnelib.training.weights_files import WeightsFile


def export_models(directory: Path, *, backbone: Backbone, weights: WeightsFile, head: Head) -> Any:
    """Write ``model.keras`` and ``model.tflite`` and return the Keras model.

    Both take float32 RGB 0–255 [N, size, size, 3] and give calibrated scores [N, labels].

    Args:
        directory: Where to write.
        backbone: The frozen network.
        weights: Its weights.
        head: Head whose logits are already divided by the temperature.
    """
    model = _scoring_model(backbone, weights, head)
    model.save(directory / KERAS)
    (directory / LITERT).write_bytes(_converted(model))
    return model


def keras_scores(model: Any, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the scores [N, labels] that a Keras model gives to inputs [N, H, W, 3]."""
    return np.asarray(model(pixels.astype(np.float32), training=False), dtype=np.float64)


def _scoring_model(backbone: Backbone, weights: WeightsFile, head: Head) -> Any:
    import keras

    network = build_network(backbone, weights)
    image = keras.Input((backbone.size, backbone.size, 3), name="image")
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="scaled")(image)
    dense = keras.layers.Dense(len(head.labels), activation="softmax", name="scores")
    model = keras.Model(image, dense(network(scaled)), name="acne")
    dense.set_weights([head.kernel.astype(np.float32), head.bias.astype(np.float32)])
    return model


def _converted(model: Any) -> bytes:
    import keras

    tf = import_tensorflow()
    # A dictionary gives the output its name; LiteRT's signature then says what is what.
    named = keras.Model(model.input, {"scores": model.output})
    with native_output_logged(), _no_traces():
        return bytes(tf.lite.TFLiteConverter.from_keras_model(named).convert())


@contextlib.contextmanager
def _no_traces() -> Iterator[None]:
    """Undo what the converter leaves: a folder among the temporary files, and a handler on the root logger."""
    handlers, before = logging.root.handlers[:], tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="acne-export-") as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir, logging.root.handlers[:] = before, handlers
