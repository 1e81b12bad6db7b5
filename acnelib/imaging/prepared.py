"""A picture prepared for a model: at the model's size, with what was measured on the whole picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import LIMITS, DecodingLimits
from acnelib.imaging.quality import SMALLEST_SIDE, Quality, is_clearly_fit, measures_of, quality_of, unfitness
from acnelib.imaging.reading import reading, resized

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    from acnelib.imaging.reading import PictureSource


@dataclass(frozen=True, kw_only=True, eq=False)
class PreparedPicture:
    """All that a classifier needs of a picture.

    Attributes:
        sha256: SHA-256 of the file; None for an image that never was a file here.
        pixels: The input of the model, [height, width, 3], uint8, RGB.
        fit: Whether the picture passes curation.
        quality: Problems that make the scores less reliable.
    """

    sha256: str | None
    pixels: npt.NDArray[np.uint8]
    fit: bool
    quality: tuple[Quality, ...]


def prepared(
    source: PictureSource, *, height: int, width: int, name: str | None = None, limits: DecodingLimits = LIMITS
) -> PreparedPicture:
    """Decode a picture and prepare it for a model.

    Args:
        source: A path, the bytes of a file, or a Pillow image.
        height: Pixels of the model's input.
        width: Pixels of the model's input.
        name: What messages call it; default: its path, or "picture" and the start of its hash.
        limits: What it may have and cost.

    Raises:
        ImageUnreadable: The source cannot be decoded, or that would cost too much.
    """
    with reading(source, name=name, limits=limits) as picture:
        pixels = resized(picture.image, height=height, width=width)
        fit, quality = _quality(picture.image, pixels)
        return PreparedPicture(sha256=picture.sha256, pixels=pixels, fit=fit, quality=quality)


def _quality(image: Image.Image, pixels: npt.NDArray[np.uint8]) -> tuple[bool, tuple[Quality, ...]]:
    """Return whether a picture is fit, and its quality; measured exactly unless it is far from every limit."""
    if min(image.size) >= 2 * SMALLEST_SIDE and is_clearly_fit(pixels):
        return True, ()
    measures = measures_of(image)
    return unfitness(measures) is None, quality_of(measures)
