"""Confirmation of candidate pairs by matching key points and by correlation of the registered photos.

The whole picture decides, so that a shared watermark or caption does not link photos. Points must match in many parts
of both photos; if they match in one corner only, they are set aside and the remaining points are matched again. The
third of the details with the least contrast must correlate too: skin has low contrast, letters and marks have high.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.appearance.keypoints import GRID, KeyPoints, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

COPY_POINTS, COPY_CELLS, COPY_CORRELATION = 12, 7, 0.75
"""Thresholds of a copy: matching points, parts with such points (of 36 per photo), and correlation of the details.

Of 192 copies planted among clinical and drawn photos the weakest had 13 points in 9 parts, and 0.80. Unrelated photos,
such as two faces, reached 15 points in 7 parts, and 0.56; with the same large letters all across, 0.69.
"""

SCENE_POINTS, SCENE_CELLS, SCENE_CORRELATION = 16, 7, 0.6
"""Thresholds of one scene with rotation or scaling between the photos: the weakest had 18 points, and 0.63."""

STANDING_CORRELATION = 0.9
"""Lowest correlation of a copy among photos with too few key points, compared without registration."""

_ROUND_AGAIN = 6  # parts; fewer may come from a watermark that hides other matches
_RATIO = 0.85  # how much nearer the nearest point of the other photo must be than the second nearest (Lowe's ratio)
_APART = 2.0  # pixels of the picture of 160 by which a point may lie off
_FEWEST_MATCHES, _TRIES, _CERTAINTY, _ROUNDS = 8, 1000, 0.995, 3
_MOST_ZOOM = 2.5
_STILL = 0.03  # radians of rotation, or log scale, below which a photo counts as unmoved
_WINDOW = 5  # pixels of the small picture in which details are compared
_TEXTURE = 0.7  # standard deviation in levels below which a window is empty
_LEAST_SEEN = 0.04  # share of the small picture that must have texture
_QUIET = 1 / 3  # share of windows with least texture; letters and marks, with high contrast, are no evidence


@dataclass(frozen=True)
class Evidence:
    """Evidence that two photos are related.

    Attributes:
        points: Matching key points.
        cells: Parts of the photos, of 36, with such points; the smaller number of the two.
        correlation: Median correlation of the low-contrast details after registration; 0: too little texture.
        moved: Whether registration needs rotation or scaling, which a shared watermark does not explain.
        unregistered: Whether the photos have too few key points, so only the correlation without registration counts.
    """

    points: int
    cells: int
    correlation: float
    moved: bool = False
    unregistered: bool = False

    @property
    def copy(self) -> bool:
        """Whether one is a copy of the other."""
        if self.unregistered:
            return self.correlation >= STANDING_CORRELATION
        enough = self.points >= COPY_POINTS and self.cells >= COPY_CELLS
        return enough and self.correlation >= COPY_CORRELATION

    @property
    def same_scene(self) -> bool:
        """Whether both show the same body site of the same person."""
        enough = self.points >= SCENE_POINTS and self.cells >= SCENE_CELLS
        return self.copy or (enough and self.moved and self.correlation >= SCENE_CORRELATION)

    def __str__(self) -> str:
        if self.unregistered:
            return f"details correlate at {self.correlation:.2f} without registration"
        laid = f"details correlate at {self.correlation:.2f} after registration"
        return f"{self.points} points match in {self.cells} of {GRID * GRID} parts, {laid}"


def compare(one: KeyPoints, other: KeyPoints) -> Evidence:
    """Compare two photos; to detect mirrored copies, pass one of them mirrored."""
    best = Evidence(points=0, cells=0, correlation=0.0)
    for movement, points, cells in _movements(one, other):
        if (cells, points) > (best.cells, best.points):
            worth_it = cells >= min(COPY_CELLS, SCENE_CELLS)
            best = Evidence(
                points=points,
                cells=cells,
                correlation=round(_correlation(one, other, movement), 3) if worth_it else 0.0,
                moved=_turned_or_enlarged(movement),
            )
    return best


def _turned_or_enlarged(movement: npt.NDArray[np.float64]) -> bool:
    across, along = movement[:, 0]
    return bool(abs(np.log(np.hypot(across, along))) > _STILL or abs(np.arctan2(along, across)) > _STILL)


def unregistered_correlation(one: KeyPoints, other: KeyPoints) -> float:
    """Return the median correlation of the details of two photos without registration, resized to one size."""
    scale = np.array(other.small.shape[::-1]) / np.array(one.small.shape[::-1])
    return round(_correlation(one, other, np.array([[scale[0], 0.0, 0.0], [0.0, scale[1], 0.0]])), 3)


def _movements(one: KeyPoints, other: KeyPoints) -> Iterator[tuple[npt.NDArray[np.float64], int, int]]:
    """Yield transformations of the first photo to the second, with the numbers of matching points and parts."""
    import cv2

    mine, theirs = _matches(one, other)
    for _ in range(_ROUNDS):
        if len(mine) < _FEWEST_MATCHES:
            return
        movement, agreeing = cv2.estimateAffinePartial2D(
            mine,
            theirs,
            method=cv2.RANSAC,
            ransacReprojThreshold=_APART,
            maxIters=_TRIES,
            confidence=_CERTAINTY,
        )
        if movement is None:
            return
        agree = agreeing.ravel().astype(bool)
        places = (mine[agree], one.size), (theirs[agree], other.size)
        cells = min(len(np.unique(cells_of(own, size=size))) for own, size in places)
        if 1 / _MOST_ZOOM < float(np.hypot(*movement[:, 0])) < _MOST_ZOOM:
            yield movement.astype(np.float64), int(agree.sum()), cells
        if cells >= _ROUND_AGAIN:
            return
        # Points within the same area are left out too, such as other letters of the same watermark.
        low, high = mine[agree].min(axis=0), mine[agree].max(axis=0)
        outside = ((mine < low) | (mine > high)).any(axis=1)
        mine, theirs = mine[outside], theirs[outside]


def _matches(one: KeyPoints, other: KeyPoints) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the positions of points that are unambiguous mutual nearest neighbours."""
    if min(len(one), len(other)) < _FEWEST_MATCHES:
        return one.places[:0], other.places[:0]
    similarity = one.directions @ other.directions.T
    rows, nearest = np.arange(len(one)), similarity.argmax(axis=1)
    first = similarity[rows, nearest]
    mutual = similarity.argmax(axis=0)[nearest] == rows
    similarity[rows, nearest] = -1.0
    second = similarity.max(axis=1)
    clear = mutual & (1 - first < _RATIO**2 * (1 - second))
    return one.places[clear], other.places[nearest[clear]]


def _correlation(one: KeyPoints, other: KeyPoints, movement: npt.NDArray[np.float64]) -> float:
    """Return the median correlation of the low-contrast details of two registered photos."""
    import cv2

    if np.linalg.det(movement[:, :2]) > 1:
        one, other, movement = other, one, cv2.invertAffineTransform(movement).astype(np.float64)
    turn = movement[:, :2]
    # A pixel of the small picture is the middle of two by two of the larger one.
    halved = np.column_stack([turn, (turn @ (0.5, 0.5) + movement[:, 2] - 0.5) / 2])
    size, flags = one.small.shape[::-1], cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    mine = _details(one.small)
    laid = cv2.warpAffine(_details(other.small), halved, size, flags=flags).astype(np.float32)
    covered = cv2.warpAffine(np.ones(other.small.shape, np.float32), halved, size, flags=flags) > 0.99

    def around(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (_WINDOW, _WINDOW)), np.float32)

    my_mean, their_mean = around(mine), around(laid)
    mine_varies, theirs_varies = around(mine * mine) - my_mean**2, around(laid * laid) - their_mean**2
    seen = covered & (np.minimum(mine_varies, theirs_varies) > _TEXTURE**2)
    if seen.sum() < _LEAST_SEEN * seen.size:
        return 0.0
    together = (around(mine * laid) - my_mean * their_mean)[seen]
    correlation = together / np.sqrt(mine_varies[seen] * theirs_varies[seen])
    loudness = np.maximum(mine_varies, theirs_varies)[seen]
    return float(np.median(correlation[loudness <= np.quantile(loudness, _QUIET)]))


def _details(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return band-pass filtered details, without fine grain, lighting and large dark areas."""
    import cv2

    levels = small.astype(np.float32)
    details: npt.NDArray[np.float32] = cv2.GaussianBlur(levels, (0, 0), 1.0) - cv2.GaussianBlur(levels, (0, 0), 4.0)
    return details
