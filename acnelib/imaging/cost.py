"""What decoded pixels cost in Pillow's memory, from the decoder's picture to upright sRGB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.imaging.bounds import DecodingCost

if TYPE_CHECKING:
    from PIL import Image

    from acnelib.imaging.pixel_metadata import PixelMetadata

_NARROW = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
_WIDE = 4  # bytes in which Pillow keeps a pixel of every other mode, RGB included
_HANDED_OVER = {"L": 1, "RGB": 3, "CMYK": 4}
_COPIES = 2  # of the file: itself, and without its metadata
_BASE = 16_000_000  # bytes for a strip of rows in work, and tables


def cost_in_memory(image: Image.Image, metadata: PixelMetadata, *, size: int) -> DecodingCost:
    """Return the memory for the pixels themselves.

    Args:
        image: As it was opened.
        metadata: What must be done to its pixels.
        size: Bytes of the file.
    """
    pixels = image.width * image.height
    decoded = _NARROW.get(image.mode, _WIDE)
    as_it_is = image.mode == "RGB" and not image.has_transparency_data and not metadata.profile and not metadata.coded
    made = 0 if as_it_is else _WIDE
    turned = _WIDE if metadata.orientation != 1 else 0
    # What simplejpeg hands over is copied into Pillow's picture before anything is made of that.
    handed_over = _HANDED_OVER.get(image.mode, 0) if image.format in {"JPEG", "MPO"} else 0
    return DecodingCost(memory=_COPIES * size + _BASE + pixels * (decoded + max(handed_over, made + turned)))
