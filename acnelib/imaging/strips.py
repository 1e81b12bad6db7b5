"""Changes of a large picture made strip by strip, so that nothing but the result is as large as the picture.

Every change here looks at one pixel at a time, so that the result is that of the whole picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STRIP = 2_000_000
"""Pixels of a strip; smaller pictures are one."""


def strips_of(image: Image.Image) -> Iterator[Image.Image]:
    """Yield a picture from top to bottom in strips of about the same size; a small one as it is."""
    if image.width * image.height <= _STRIP:
        yield image
        return
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def changed(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Return a picture of which each strip was changed.

    Args:
        image: The picture.
        change: Returns the changed strip, in its size; looks at one pixel at a time.
    """
    made, top = None, 0
    for strip in strips_of(image):
        part = change(strip)
        if part.size == image.size:
            return part
        made = made or Image.new(part.mode, image.size)
        made.paste(part, (0, top))
        top += part.height
    return made or image
