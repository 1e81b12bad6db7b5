"""Writes ``tiny.tflite``: three classes, told apart by a picture's mean red, green and blue. Needs TensorFlow.

Run it again only when the contract of the bundle's graph changes: ``python tests/gui/data/make_tiny_model.py``.
"""

from pathlib import Path

SHARPNESS = 3.0  # a pure colour scores e³ / (e³ + 2) = 0.909, grey scores a third for each


def main() -> None:
    import keras
    import numpy as np
    import tensorflow as tf

    pixels = keras.Input((8, 8, 3), name="image")
    means = keras.layers.GlobalAveragePooling2D()(pixels)
    head = keras.layers.Dense(3, activation="softmax", use_bias=False, name="scores")
    model = keras.Model(pixels, {"scores": head(means)})
    head.set_weights([np.eye(3, dtype=np.float32) * SHARPNESS / 255])
    Path(__file__).with_name("tiny.tflite").write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


if __name__ == "__main__":
    main()
