"""The starter weights: a small MobileNet pretrained from scratch on drawn pictures.

They make a demo and quick tests possible without a download, and are no match for ImageNet's on photos.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from acnelib.errors import DataUnusable, UsageError
from acnelib.storage.files import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_log = logging.getLogger(__name__)

ALPHA: Final = 0.25
INPUT_SIZE: Final = 128
WEIGHTS_NAME: Final = f"mobilenet_v1_{ALPHA}_{INPUT_SIZE}_notop.weights.h5"


def pretrain_starter(
    images: npt.NDArray[np.uint8],
    targets: npt.NDArray[np.float32],
    *,
    to: Path,
    seed: int,
    epochs: int = 15,
    batch_size: int = 32,
    peak_rate: float = 4e-3,
) -> float:
    """Train a MobileNet v1 to read numbers off pictures, and keep all of it but the head.

    The head is linear on the averaged features, so everything that the network learns can be separated
    linearly in its vectors.

    Args:
        images: uint8 RGB 0-255, [pictures, 128, 128, 3].
        targets: what to read off each picture, [pictures, targets]; scaled here to mean 0 and deviation 1.
        to: file to write; its name must end with ``.weights.h5``.
        seed: of the first weights, the order and the mirroring.
        epochs: number of passes over the pictures.
        batch_size: pictures a step.
        peak_rate: learning rate at the start; it falls to 0 along a cosine.

    Returns:
        The mean squared error of the last epoch (1 would be guessing the mean).

    Raises:
        DataUnusable: images and targets do not fit each other or the network.
        UsageError: the file's name does not end as Keras wants it.
    """
    check_weights_name(to)
    _check(images, targets)
    import keras

    keras.utils.set_random_seed(seed)
    backbone = build_starter()
    model = keras.Sequential([backbone, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(targets.shape[1])])
    steps = math.ceil(len(images) / batch_size)
    rate = keras.optimizers.schedules.CosineDecay(peak_rate, decay_steps=epochs * steps)
    model.compile(optimizer=keras.optimizers.AdamW(rate), loss="mse")
    scaled = (targets - targets.mean(axis=0)) / np.maximum(targets.std(axis=0), 1e-6)
    rng = np.random.default_rng(seed)
    error = float("nan")
    for epoch in range(epochs):
        model.reset_metrics()
        for chosen in np.array_split(rng.permutation(len(images)), steps):
            batch = _mirrored(images[chosen], rng)
            logs = model.train_on_batch(batch, scaled[chosen], return_dict=True)
        error = float(logs["loss"])
        _log.info("epoch %d of %d: mean squared error %.4f", epoch + 1, epochs, error)
    save_compact(backbone, to=to)
    return error


def build_starter() -> Any:
    """Return the network without head and with random weights, fit for a short training."""
    import keras

    network = keras.applications.MobileNet(
        alpha=ALPHA, include_top=False, input_shape=(INPUT_SIZE, INPUT_SIZE, 3), weights=None
    )
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras' 0.99 lags behind for longer than a short training lasts.
            layer.momentum = 0.9
    return network


def check_weights_name(path: Path) -> None:
    """Refuse a file name that Keras would not load weights from.

    Raises:
        UsageError: the name does not end with ``.weights.h5``.
    """
    if not path.name.endswith(".weights.h5"):
        raise UsageError(f"cannot write weights to {path}: the name must end with .weights.h5")


def save_compact(network: Any, *, to: Path) -> None:
    """Write a network's weights as Keras does, but compressed and without HDF5's roomy defaults.

    Raises:
        UsageError: the name does not end as Keras wants it.
    """
    check_weights_name(to)
    import h5py

    with atomic_write(to) as part:
        roomy = part.with_name(f"{part.name}.weights.h5")
        try:
            network.save_weights(roomy)
            with h5py.File(roomy, "r") as source, h5py.File(part, "w", libver="latest") as target:
                _copy_compressed(source, target)
        finally:
            roomy.unlink(missing_ok=True)


def _copy_compressed(source: Any, target: Any) -> None:
    import h5py

    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            _copy_compressed(item, target.create_group(name))
        elif item.size < 1024:
            target.create_dataset(name, data=item[()]).attrs.update(item.attrs)
        else:
            # One chunk each: the file is read whole anyway.
            stored = target.create_dataset(
                name, data=item[()], chunks=item.shape, compression="gzip", compression_opts=9, shuffle=True
            )
            stored.attrs.update(item.attrs)


def _mirrored(images: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return a batch as the network wants it (-1 to 1), each picture mirrored or not in both directions."""
    batch = images.astype(np.float32) / np.float32(127.5) - 1
    across, down = rng.random(len(batch)) < 0.5, rng.random(len(batch)) < 0.5
    batch[across] = batch[across][:, :, ::-1]
    batch[down] = batch[down][:, ::-1]
    return batch


def _check(images: npt.NDArray[np.uint8], targets: npt.NDArray[np.float32]) -> None:
    expected = (INPUT_SIZE, INPUT_SIZE, 3)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != expected:
        raise DataUnusable(
            f"images are {images.dtype} of shape {images.shape}: "
            f"give uint8 of shape (pictures, {INPUT_SIZE}, {INPUT_SIZE}, 3)"
        )
    if targets.ndim != 2 or len(targets) != len(images) or len(images) == 0:
        raise DataUnusable(
            f"{len(images)} images and targets of shape {targets.shape}: give one row of targets for each image"
        )
