"""Conversion of Keras models to LiteRT."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from typing import TYPE_CHECKING, Any

from acnelib.native_output import native_output_logged
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Iterator


def converted_to_litert(model: Any, *, side: int) -> bytes:
    """Return a Keras model of named outputs as LiteRT, with one signature that has their names.

    What Keras offers for it traces the model several times and writes its variables to disk, only to read and freeze
    them: three times as long. Here it is traced once, and frozen in memory.

    Args:
        model: Takes an image, float32 [N, side, side, 3].
        side: Height and width of the image.
    """
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    image = tf.TensorSpec([None, side, side, 3], tf.float32, name="image")
    with native_output_logged(), _no_traces():
        traced = tf.function(lambda image: model(image, training=False), autograph=False).get_concrete_function(image)
        frozen, names = convert_variables_to_constants_v2(traced), sorted(traced.structured_outputs)
        served = tf.function(lambda image: dict(zip(names, frozen(image), strict=True)), autograph=False)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([served.get_concrete_function(image)], tf.Module())
        return bytes(converter.convert())


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
