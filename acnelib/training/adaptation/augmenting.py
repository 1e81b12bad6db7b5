"""Random changes of training photos, each a pure function of pixels and a source of random numbers.

What is changed is what gives a source away: framing, light and white balance, sharpness, resolution, compression, and
the corner or strip where an atlas has its watermark. Pixels are uint8 RGB [height, width, 3].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from acnelib.training.adaptation.options import Augmentation

Pixels: TypeAlias = npt.NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_ASPECT = 0.1  # largest relative difference between the shares of width and height of a crop
_LARGEST_BLUR = 1.5  # pixels
_LEAST_RESOLUTION = 0.4
_QUALITIES = (30, 90)
_LARGEST_CORNER, _LARGEST_STRIP = 0.4, 0.15  # of width and height


def augmented(image: Image.Image, *, size: int, options: Augmentation, rng: np.random.Generator) -> Pixels:
    """Return a changed photo at the input size of a network: [size, size, 3]."""
    pixels = cropped(image, size=size, least_share=options.least_share, rng=rng)
    if rng.random() < 0.5:
        pixels = mirrored(pixels)
    pixels = relit(pixels, light=options.light, cast=options.cast, rng=rng)
    for share, change in (
        (options.corner_painted, corner_painted),
        (options.strip_painted, strip_painted),
        (options.blurred, blurred),
        (options.coarsened, coarsened),
        (options.recompressed, recompressed),
    ):
        if rng.random() < share:
            pixels = change(pixels, rng)
    return np.ascontiguousarray(pixels)


def cropped(image: Image.Image, *, size: int, least_share: float, rng: np.random.Generator) -> Pixels:
    """Return a random part of a photo, its proportions given up: [size, size, 3]."""
    share = rng.uniform(least_share, 1)
    across, down = np.clip(share * rng.uniform(1 - _ASPECT / 2, 1 + _ASPECT / 2, 2), least_share, 1)
    width, height = across * image.width, down * image.height
    left, top = rng.random() * (image.width - width), rng.random() * (image.height - height)
    box = (left, top, left + width, top + height)
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR, box=box), dtype=np.uint8)


def mirrored(pixels: Pixels) -> Pixels:
    """Return the mirror image."""
    return pixels[:, ::-1]


def relit(pixels: Pixels, *, light: float, cast: float, rng: np.random.Generator) -> Pixels:
    """Return a photo in another light: brightness, contrast, saturation and white balance changed at once.

    Args:
        pixels: The photo.
        light: Largest relative change of brightness, contrast and saturation.
        cast: Largest relative change of a channel.
        rng: Source of random numbers.
    """
    brightness, contrast, saturation = 1 + light * rng.uniform(-1, 1, 3)
    gains = 1 + cast * rng.uniform(-1, 1, 3)
    grey = pixels.reshape(-1, 3).mean(axis=0, dtype=np.float64)
    matrix = brightness * contrast * (saturation * np.eye(3) + (1 - saturation) * np.outer(_LUMA, np.ones(3))) * gains
    offset = brightness * (1 - contrast) * grey @ _LUMA * gains
    changed = pixels.reshape(-1, 3).astype(np.float32) @ matrix.astype(np.float32) + offset.astype(np.float32)
    relit_pixels: Pixels = np.clip(changed + 0.5, 0, 255).astype(np.uint8).reshape(pixels.shape)
    return relit_pixels


def blurred(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a photo out of focus."""
    radius = float(rng.uniform(0.3, _LARGEST_BLUR))
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)), dtype=np.uint8)


def coarsened(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a photo of a lower resolution, enlarged again."""
    height, width = pixels.shape[:2]
    share = rng.uniform(_LEAST_RESOLUTION, 0.9)
    small = (max(1, round(width * share)), max(1, round(height * share)))
    image = Image.fromarray(pixels).resize(small, Image.Resampling.BILINEAR)
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR), dtype=np.uint8)


def recompressed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a photo after JPEG compression."""
    import simplejpeg

    quality = int(rng.integers(*_QUALITIES))
    coded = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorsubsampling="420")
    decoded: Pixels = simplejpeg.decode_jpeg(coded)
    return decoded


def corner_painted(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a photo with one corner painted over, in the colour beside it or at random."""
    height, width = pixels.shape[:2]
    down, across = (max(1, round(side * rng.uniform(0.1, _LARGEST_CORNER))) for side in (height, width))
    top, left = (rng.choice((0, height - down))), (rng.choice((0, width - across)))
    return _painted(pixels, slice(top, top + down), slice(left, left + across), rng)


def strip_painted(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a photo with a strip across it painted over."""
    height, width = pixels.shape[:2]
    thick = max(1, round(height * rng.uniform(0.03, _LARGEST_STRIP)))
    top = int(rng.integers(0, height - thick + 1))
    return _painted(pixels, slice(top, top + thick), slice(0, width), rng)


def _painted(pixels: Pixels, rows: slice, columns: slice, rng: np.random.Generator) -> Pixels:
    """Return a photo with a rectangle in the mean colour of the photo, or in any colour."""
    colour = pixels.reshape(-1, 3).mean(axis=0) if rng.random() < 0.5 else rng.uniform(0, 255, 3)
    painted = pixels.copy()
    painted[rows, columns] = colour.astype(np.uint8)
    return painted
