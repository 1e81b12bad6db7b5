"""Writes ``tiny.tflite`` and ``tiny_with_maps.tflite``: three classes, told apart by a picture's mean red, green, blue.

The second also says where it looked, and takes what is nearly white to be out of scope. Needs TensorFlow. Run it again
only when the contract of the bundle's graph changes: ``python tests/gui/data/make_tiny_model.py``.
"""

from pathlib import Path

SHARPNESS = 3.0  # a pure colour scores e³ / (e³ + 2) = 0.909, grey scores a third for each
BRIGHTEST = 200.0  # a mean over all pixels and channels above this is out of scope


def main() -> None:
    import keras
    import numpy as np

    pixels = keras.Input((8, 8, 3), name="image")
    means = keras.layers.GlobalAveragePooling2D()(pixels)
    head = keras.layers.Dense(3, activation="softmax", use_bias=False, name="scores")
    model = keras.Model(pixels, {"scores": head(means)})
    head.set_weights([np.eye(3, dtype=np.float32) * SHARPNESS / 255])
    _write(model, "tiny.tflite")

    places = keras.layers.AveragePooling2D(2)(pixels)
    each = keras.layers.Dense(3, use_bias=False, name="activation")
    activation = each(places)
    scores = keras.layers.Softmax(name="scores")(keras.layers.GlobalAveragePooling2D()(activation))
    brightness = keras.layers.Dense(1, use_bias=False, name="distance")
    model = keras.Model(pixels, {"scores": scores, "distance": brightness(means), "activation": activation})
    # The same for every class is taken off: the scores stay as they are, and other colours speak against a class.
    each.set_weights([(np.eye(3, dtype=np.float32) - 1 / 3) * SHARPNESS / 255])
    brightness.set_weights([np.full((3, 1), 1 / (3 * BRIGHTEST), dtype=np.float32)])
    _write(model, "tiny_with_maps.tflite")


def _write(model: object, name: str) -> None:
    import tensorflow as tf

    Path(__file__).with_name(name).write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


if __name__ == "__main__":
    main()
