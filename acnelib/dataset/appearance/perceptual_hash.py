"""Perceptual hash of a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.imaging import resized

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

HASH_SIDE = 16
"""Side of the hash grid; a hash has as many bits as the grid has cells."""


def perceptual_hash(grey: Image.Image, *, mirrored: bool = False) -> str:
    """Return the difference hash of a greyscale picture: is each cell darker than its right neighbour?"""
    cells: npt.NDArray[np.int16] = resized(grey, height=HASH_SIDE, width=HASH_SIDE + 1).astype(np.int16)
    if mirrored:
        cells = cells[:, ::-1]
    return np.packbits(cells[:, :-1] < cells[:, 1:]).tobytes().hex()
