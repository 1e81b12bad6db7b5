"""Contours of an activation map: lines around the places that add most to a score; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEVELS = (0.3, 0.55, 0.8)
"""Of the strongest place of the map, from the outer line to the inner one."""


@dataclass(frozen=True)
class Contour:
    """A line around places of at least one strength.

    Attributes:
        level: The strength, as a share of the strongest place.
        segments: Pieces of the line, each ``(x0, y0, x1, y1)`` as shares of the picture's width and height.
    """

    level: float
    segments: tuple[tuple[float, float, float, float], ...]


def contours_of(strength: npt.NDArray[np.float64], levels: tuple[float, ...] = LEVELS) -> tuple[Contour, ...]:
    """Trace a map [rows, columns] of strengths, 0–1, by marching squares (Lorensen and Cline, 1987, in the plane).

    The values are taken to lie in the middle of areas of equal size that cover the whole picture.
    """
    return tuple(Contour(level, _segments(strength, level)) for level in levels)


def _segments(strength: npt.NDArray[np.float64], level: float) -> tuple[tuple[float, float, float, float], ...]:
    import numpy as np

    rows, columns = strength.shape
    if min(rows, columns) < 2:
        return ()
    # The corners of each square of four neighbours, clockwise from the upper left one.
    corners = np.stack([strength[:-1, :-1], strength[:-1, 1:], strength[1:, 1:], strength[1:, :-1]])
    above = corners >= level
    crossed = above != np.roll(above, -1, axis=0)  # the side from each corner to the next
    crossings = crossed.sum(axis=0)
    found = _joined(corners, crossings == 2, level, ends=_first_and_last(crossed))
    # Where all four sides are crossed, the middle tells which corners belong together.
    saddles, middle = crossings == 4, corners.mean(axis=0) >= level
    apart = saddles & (middle == above[0])
    together = saddles & (middle != above[0])
    for where, ends in ((apart, (0, 1)), (apart, (2, 3)), (together, (3, 0)), (together, (1, 2))):
        found += _joined(corners, where, level, ends=ends)
    scaled = np.array([columns, rows, columns, rows])
    return tuple(tuple(map(float, each / scaled)) for each in found)  # type: ignore[misc]


def _first_and_last(crossed: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    return crossed.argmax(axis=0), 3 - crossed[::-1].argmax(axis=0)


def _joined(
    corners: npt.NDArray[np.float64],
    where: npt.NDArray[np.bool_],
    level: float,
    *,
    ends: tuple[int | npt.NDArray[np.intp], int | npt.NDArray[np.intp]],
) -> list[npt.NDArray[np.float64]]:
    """Return a segment [x0, y0, x1, y1] in squares, between the crossings of two sides, for each square in question."""
    import numpy as np

    row, column = np.nonzero(where)
    points = []
    for end in ends:
        side = np.full(row.shape, end) if isinstance(end, int) else end[row, column]
        start, stop = corners[side, row, column], corners[(side + 1) % 4, row, column]
        along = (level - start) / np.where(stop == start, 1.0, stop - start)
        # From the middle of the area of a side's corner to that of the next one.
        x = np.choose(side, [along, np.ones_like(along), 1 - along, np.zeros_like(along)])
        y = np.choose(side, [np.zeros_like(along), along, np.ones_like(along), 1 - along])
        points += [column + 0.5 + x, row + 0.5 + y]
    return list(np.stack(points, axis=1)) if row.size else []
