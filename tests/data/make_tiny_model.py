"""Writes ``tiny.tflite``: three labels, told apart by which colour a picture holds most of. Needs TensorFlow.

Run it again only when the contract of the bundle's graph changes: ``python tests/data/make_tiny_model.py``.
"""

from pathlib import Path

LABELS = ("blue", "green", "red")
SHARPNESS = 4.0  # a pure colour scores e⁴ / (e⁴ + 2) = 0.965; grey scores a third for each label


def main() -> None:
    import keras
    import numpy as np
    import tensorflow as tf

    pixels = keras.Input((8, 8, 3), name="image")
    means = keras.layers.GlobalAveragePooling2D()(pixels)
    head = keras.layers.Dense(len(LABELS), activation="softmax", use_bias=False, name="scores")
    model = keras.Model(pixels, {"scores": head(means)})
    # Pixels come red, green, blue; labels are alphabetical.
    head.set_weights([np.eye(len(LABELS), dtype=np.float32)[::-1] * SHARPNESS / 255])
    Path(__file__).with_name("tiny.tflite").write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


if __name__ == "__main__":
    main()
