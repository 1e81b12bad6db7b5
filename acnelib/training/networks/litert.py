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
    them: more than three times as long. Here it is traced once, with constants in place of its variables.

    Args:
        model: Takes an image, float32 [N, side, side, 3].
        side: Height and width of the image.
    """
    tf = import_tensorflow()
    image = tf.TensorSpec([None, side, side, 3], tf.float32, name="image")
    trained, others = (
        [variable.numpy() for variable in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    )

    def served(image: Any) -> Any:
        constants = ([tf.constant(value) for value in values] for values in (trained, others))
        outputs, _ = model.stateless_call(*constants, image, training=False)
        return outputs

    with native_output_logged(), _no_traces():
        traced = tf.function(served, autograph=False).get_concrete_function(image)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], tf.Module())
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
