"""What a photo looks like at a glance: a hash, and the picture without the borders that somebody laid around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.imaging import resized

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

HASH_SIDE = 16
"""Side of the grid of a look hash, which has this squared bits."""

_BORDER_SPREAD = 14  # levels between the 2nd and 98th percentile of a line that belongs to a border
_MOST_BORDER = 0.35  # of a side: what is wider than that is a background, not a border


def look_hash(grey: Image.Image, *, mirrored: bool = False) -> str:
    """Return the difference hash of a greyscale picture: is each cell darker than its right neighbour?"""
    cells: npt.NDArray[np.int16] = resized(grey, height=HASH_SIDE, width=HASH_SIDE + 1).astype(np.int16)
    if mirrored:
        cells = cells[:, ::-1]
    return np.packbits(cells[:, :-1] < cells[:, 1:]).tobytes().hex()


def border_of(grey: npt.NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return how many pixels wide the one-coloured border of a picture is: left, top, right, bottom."""
    left, right = _even_lines(grey.T)
    top, bottom = _even_lines(grey)
    return left, top, right, bottom


def _even_lines(grey: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """Return how many lines at the start and at the end are of one grey."""
    low, middle, high = np.percentile(grey, (2, 50, 98), axis=1)
    most = int(len(grey) * _MOST_BORDER)

    def run(order: slice) -> int:
        even = (high - low <= _BORDER_SPREAD)[order] & (np.abs(middle - middle[order][0])[order] <= _BORDER_SPREAD)
        length = len(even) if even.all() else int(np.argmin(even))
        return length if length <= most else 0

    return run(slice(None)), run(slice(None, None, -1))
