"""Grey of more than 8 bits made 8, by what the file says is white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from acnelib.errors import ImageUnreadable
from acnelib.imaging.strips import changed, strips_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.imaging.pixel_metadata import PixelMetadata

_DEEP_MODES = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_SHORT = 65_535
_UNUSED = 4_095  # a picture of 16 bits that does not exceed 12 of them, and does not say what is white
_WIDE: tuple[int, ...] = (2**31 - 1, 2**32 - 1)


def eight_bits(image: Image.Image, metadata: PixelMetadata, name: str) -> Image.Image:
    """Return a picture of 8 bits a channel; the same object where it is one.

    Args:
        image: As Pillow decodes it.
        metadata: Depth and polarity that its file states.
        name: What messages call it.

    Raises:
        ImageUnreadable: Nothing says which value is white.
    """
    if image.mode == "F":
        raise _of_unknown_scale(name, "floating-point pixels")
    if image.mode not in _DEEP_MODES:
        return image
    levels = [(int(grey.min()), int(grey.max())) for grey in (_grey(strip, metadata) for strip in strips_of(image))]
    if metadata.bits and min(least for least, _ in levels) < 0:
        raise _of_unknown_scale(name, "grey below zero")
    white = _white(max(most for _, most in levels), metadata, name)

    def eight(strip: Image.Image) -> Image.Image:
        small = _grey(strip, metadata).clip(0, white) * 255 // white
        return Image.fromarray((255 - small if metadata.inverted else small).astype(np.uint8))

    return changed(image, eight)


def _grey(image: Image.Image, metadata: PixelMetadata) -> npt.NDArray[np.int64]:
    grey = np.asarray(image).astype(np.int64)
    return grey & (2**32 - 1) if metadata.bits == 32 else grey  # Pillow takes them for numbers with a sign


def _white(most: int, metadata: PixelMetadata, name: str) -> int:
    """Return the value of white: what is declared, or the largest that the bits in use can have."""
    if metadata.white and most <= metadata.white:
        return metadata.white
    if not metadata.bits:  # PNG, PGM and pixels in memory use all their bits
        return _SHORT
    if metadata.bits < 15:
        return (1 << metadata.bits) - 1
    if _UNUSED < most <= _SHORT:
        return _SHORT >> (16 - min(metadata.bits, 16))
    for wide in _WIDE:
        if wide // 2 < most <= wide:
            return wide
    raise _of_unknown_scale(name, f"grey of {metadata.bits} bits a pixel")


def _of_unknown_scale(name: str, pixels: str) -> ImageUnreadable:
    return ImageUnreadable(f"{name} holds {pixels} of unknown scale: export it as 8-bit JPEG or PNG")
