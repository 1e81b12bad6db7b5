"""What frozen networks see in views of photos, kept on disk between runs."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.building import build_network
from acnelib.training.networks.weights_files import WeightsFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Change = Callable[[Image.Image], Image.Image]

RECIPE = 3
"""To be counted up when views or layers change."""

_BATCH = 8  # photos at a time


@dataclass(frozen=True)
class View:
    """A box of a photo, in shares of its width and height, perhaps mirrored, perhaps changed in colour or focus."""

    left: float = 0.0
    top: float = 0.0
    share: float = 1.0
    mirrored: bool = False
    change: str = "none"

    def of(self, photo: Image.Image, size: int) -> npt.NDArray[np.uint8]:
        """Return the view of a photo as a network's input [size, size, 3], antialiased."""
        width, height = photo.size
        box = (
            self.left * width,
            self.top * height,
            (self.left + self.share) * width,
            (self.top + self.share) * height,
        )
        seen = CHANGES[self.change](photo.resize((size, size), Image.Resampling.BILINEAR, box=box))
        pixels = np.asarray(seen, dtype=np.uint8)
        return pixels[:, ::-1] if self.mirrored else pixels


def grey_world(photo: Image.Image) -> Image.Image:
    """Return a photo whose colours have equal means (Buchsbaum 1980), its brightness kept."""
    pixels = np.asarray(photo, dtype=np.float64)
    means = pixels.mean(axis=(0, 1))
    return Image.fromarray(np.clip(pixels * (means.mean() / np.maximum(means, 1)), 0, 255).astype(np.uint8))


CHANGES: dict[str, Change] = {
    "none": lambda photo: photo,
    "grey-world": grey_world,
    "brighter": lambda photo: ImageEnhance.Brightness(photo).enhance(1.25),
    "darker": lambda photo: ImageEnhance.Brightness(photo).enhance(0.75),
    "blurred": lambda photo: photo.filter(ImageFilter.GaussianBlur(1)),
}


def _corners(share: float, *, mirrored: bool = False) -> tuple[View, ...]:
    far = 1 - share
    return tuple(View(left, top, share, mirrored) for top in (0.0, far) for left in (0.0, far))


WHOLE = (View(), View(mirrored=True))
CORNERS, MIRRORED_CORNERS = _corners(0.85), _corners(0.85, mirrored=True)
CLOSE = (*_corners(0.7), View(0.15, 0.15, 0.7))
CHANGED = tuple(View(change=change) for change in ("grey-world", "brighter", "darker", "blurred"))

EVERY_VIEW = (*WHOLE, *CORNERS, *MIRRORED_CORNERS, *CLOSE, *CHANGED)

VIEWS: dict[str, tuple[View, ...]] = {
    "whole": WHOLE[:1],
    "two": WHOLE,
    "six": (*WHOLE, *CORNERS),
    "ten": (*WHOLE, *CORNERS, *MIRRORED_CORNERS),
    "eleven": (*WHOLE, *CORNERS, *CLOSE),
    "changed": (*WHOLE, *CORNERS, *CHANGED),
}
"""Sets of views by name."""


def places(name: str) -> list[int]:
    """Return where the views of a named set stand in ``EVERY_VIEW``."""
    return [EVERY_VIEW.index(view) for view in VIEWS[name]]


@dataclass(frozen=True)
class Network:
    """A frozen network and where its ImageNet weights lie."""

    backbone: Backbone
    weights: Path

    @classmethod
    def of(cls, name: str, folder: Path) -> Network:
        """Return the network of a name such as ``mobilenet_v2_0.35_224``; weights are those trained at 224 pixels."""
        backbone = Backbone.parse(name)
        return cls(backbone, folder / f"{backbone.architecture}_{backbone.alpha}_224_notop.weights.h5")


LAYERS = ("avg", "max", "spread", "middle", "early")
"""Average, maximum and standard deviation over the last feature map, and averages over two larger ones before it."""

_MIDDLE = {"mobilenet_v1": "conv_pw_11_relu", "mobilenet_v2": "block_13_expand_relu"}
_EARLY = {"mobilenet_v1": "conv_pw_5_relu", "mobilenet_v2": "block_6_expand_relu"}


class Looks:
    """Vectors of photos, computed once for each network, set of views and picture."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        cache.mkdir(parents=True, exist_ok=True)

    def vectors(
        self, network: Network, photos: Sequence[Image.Image], views: Sequence[View]
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Return vectors [photos, views, D] of each layer."""
        key = hashlib.sha256(f"{RECIPE} {network.backbone} {views}".encode())
        for photo in photos:
            key.update(str(photo.size).encode() + hashlib.sha256(photo.tobytes()).digest())
        path = self._cache / f"{key.hexdigest()[:24]}.npz"
        if not path.is_file():
            np.savez(path, **_computed(network, photos, views))
        with np.load(path) as kept:
            return {layer: kept[layer] for layer in LAYERS}


def _computed(
    network: Network, photos: Sequence[Image.Image], views: Sequence[View]
) -> dict[str, npt.NDArray[np.float32]]:
    run = _compiled(network)
    size = network.backbone.size

    def inputs(photo: Image.Image) -> npt.NDArray[np.uint8]:
        return np.stack([view.of(photo, size) for view in views])

    found: dict[str, list[npt.NDArray[np.float32]]] = {layer: [] for layer in LAYERS}
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(photos), _BATCH):
            pixels = np.concatenate(list(pool.map(inputs, photos[start : start + _BATCH])))
            for layer, vectors in zip(LAYERS, run(pixels.astype(np.float32)), strict=True):
                found[layer].append(vectors.numpy().reshape(-1, len(views), vectors.shape[-1]))
    return {layer: np.concatenate(parts) for layer, parts in found.items()}


def _compiled(network: Network) -> Callable[[npt.NDArray[np.float32]], tuple[Any, ...]]:
    import keras
    import tensorflow as tf

    weights = WeightsFile.of(network.weights, name=network.weights.name)
    built = build_network(network.backbone, weights)
    last = built.layers[-2].output
    middle, early = (built.get_layer(names[network.backbone.architecture]).output for names in (_MIDDLE, _EARLY))
    model = keras.Model(built.input, [last, middle, early])

    def pooled(pixels: tf.Tensor) -> tuple[tf.Tensor, ...]:
        last, middle, early = model(pixels / 127.5 - 1.0, training=False)
        means = [tf.reduce_mean(layer, axis=(1, 2)) for layer in (last, middle, early)]
        return means[0], tf.reduce_max(last, axis=(1, 2)), tf.math.reduce_std(last, axis=(1, 2)), *means[1:]

    return tf.function(
        pooled,
        input_signature=[tf.TensorSpec((None, network.backbone.size, network.backbone.size, 3), tf.float32)],
        autograph=False,
    )
