"""Key points: places in a photo that are found again in a copy, whatever was done to it, and what they look like.

Scale-invariant features (Lowe 2004) of a small greyscale picture. They are spread over the picture by taking the
strongest of each cell of a grid, so that a watermark or a line of text gets no more than the cells it covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from acnelib.imaging import resized

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

SIDE = 160
"""Pixels of the longer side of the picture in which key points are looked for."""

GRID = 6
"""Cells along each side of the grid over which key points are spread."""

PER_CELL = 6
"""Key points that are kept in each cell."""

_CONTRAST, _EDGE = 0.005, 20.0  # of SIFT, so low that smooth skin has points and so high that hairs have some
_SMALLEST = 24  # pixels of a side below which there is nothing to be found
_STATURE = SIDE // 2  # pixels of the longer side of the picture that is kept for comparing

_MIRRORED = np.array([((3 - i) * 4 + j) * 8 + (8 - o) % 8 for i in range(4) for j in range(4) for o in range(8)])
"""Where each of the 128 numbers of a descriptor comes from when the picture is mirrored."""


@dataclass(frozen=True, eq=False)
class KeyPoints:
    """The key points of one photo, and the photo made small.

    Attributes:
        places: Columns and rows in the picture of :data:`SIDE` pixels, float32 [n, 2].
        angles: Direction of each point in 256ths of a turn, uint8 [n].
        sizes: How large each point's surroundings are: sixteenths of a doubling of one pixel, uint8 [n].
        descriptors: What is around each point, uint8 [n, 128].
        small: The photo at half that size, uint8 [height, width].
    """

    places: npt.NDArray[np.float32]
    angles: npt.NDArray[np.uint8]
    sizes: npt.NDArray[np.uint8]
    descriptors: npt.NDArray[np.uint8]
    small: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in which the places are."""
        return 2 * self.small.shape[1], 2 * self.small.shape[0]

    @cached_property
    def mirrored(self) -> KeyPoints:
        """The key points of the mirrored photo, without looking at it again."""
        places = (np.float32(self.size[0] - 1), np.float32(0)) + self.places * np.array((-1, 1), np.float32)
        angles = (128 - self.angles.astype(np.int16)).astype(np.uint8)
        return KeyPoints(places, angles, self.sizes, self.descriptors[:, _MIRRORED], self.small[:, ::-1])

    @cached_property
    def directions(self) -> npt.NDArray[np.float32]:
        """Descriptors as unit vectors whose products are their likeness (Arandjelović and Zisserman 2012)."""
        numbers = self.descriptors.astype(np.float32)
        directions: npt.NDArray[np.float32] = np.sqrt(numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1.0))
        return directions


def find_key_points(grey: Image.Image) -> KeyPoints:
    """Find the key points of a greyscale picture."""
    import cv2

    factor = _STATURE / max(grey.size)
    width, height = (max(1, round(side * factor)) for side in grey.size)
    picture = resized(grey, height=2 * height, width=2 * width)
    small = resized(grey, height=height, width=width)
    if min(picture.shape) < _SMALLEST:
        return _nothing(small)
    finder = cv2.SIFT.create(contrastThreshold=_CONTRAST, edgeThreshold=_EDGE)
    found, descriptors = finder.detectAndCompute(picture, None)
    if descriptors is None:
        return _nothing(small)
    places = np.array([point.pt for point in found], np.float32)
    kept = _spread(places, np.array([point.response for point in found]), size=(2 * width, 2 * height))
    angles = np.array([point.angle for point in found])[kept] * (256 / 360)
    sizes = np.log2(np.array([point.size for point in found])[kept]) * 16
    return KeyPoints(
        places=places[kept],
        angles=(np.round(angles).astype(np.int64) % 256).astype(np.uint8),
        sizes=np.clip(np.round(sizes), 0, 255).astype(np.uint8),
        descriptors=descriptors[kept].astype(np.uint8),
        small=small,
    )


def cells_of(places: npt.NDArray[np.float32], *, size: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Return the number of the grid's cell in which each place is."""
    column, row = np.clip(places * (GRID / np.array(size)), 0, GRID - 1).astype(np.int64).T
    cells: npt.NDArray[np.int64] = row * GRID + column
    return cells


def _spread(
    places: npt.NDArray[np.float32], strengths: npt.NDArray[np.float64], *, size: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Return the strongest few points of each cell; equally strong ones by place, so that no chance decides."""
    cells = cells_of(places, size=size)
    order = np.lexsort((places[:, 0], places[:, 1], -strengths, cells))
    _, starts, counts = np.unique(cells[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    return order[rank < PER_CELL]


def _nothing(small: npt.NDArray[np.uint8]) -> KeyPoints:
    return KeyPoints(
        places=np.zeros((0, 2), np.float32),
        angles=np.zeros(0, np.uint8),
        sizes=np.zeros(0, np.uint8),
        descriptors=np.zeros((0, 128), np.uint8),
        small=small,
    )
