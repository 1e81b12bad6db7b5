"""Whether two photos show the same: key points that lie alike, and how alike details are when one is laid on the other.

The look decides, and all of it, so that a watermark or letters that many photos carry tie nothing together. Points must
agree in many parts of both photos; where they agree in one corner only, they are set aside and the others asked again.
And the quietest third of the details must agree too: skin is quiet, letters and marks are loud.
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
"""A copy: so many points that lie alike, in so many of the 36 parts of each photo, and details that correlate so well.
Of 192 copies planted among clinical and drawn photos the weakest had 13 points in 9 parts, and 0.80. Strangers, such as
two faces, came to 15 points in 7 parts, and to 0.56; with the same large letters all across, to 0.69."""

SCENE_POINTS, SCENE_CELLS, SCENE_CORRELATION = 16, 7, 0.6
"""The same scene from elsewhere, so that one photo is turned or enlarged: the weakest seen had 18 points, and 0.63."""

STANDING_CORRELATION = 0.9
"""A copy, where photos have hardly any key points and are compared as they stand."""

_ROUND_AGAIN = 6  # parts; where fewer agree, it may be a watermark that hides what else does
_ALIKE = 0.85  # how much nearer the nearest point of the other photo must be than the second nearest (Lowe's ratio)
_APART = 2.0  # pixels of the picture of 160 by which a point may lie off
_FEWEST_MATCHES, _TRIES, _CERTAINTY, _ROUNDS = 8, 1000, 0.995, 3
_MOST_ZOOM = 2.5
_STILL = 0.03  # of a turn in radians, or of the size, below which a photo was not moved
_WINDOW = 5  # pixels of the small picture in which details are compared
_TEXTURE = 0.7  # levels of standard deviation below which a window shows nothing
_LEAST_SEEN = 0.04  # of the small picture that must show something
_QUIET = 1 / 3  # of the windows, those with least texture: letters and marks, which are loud, are no evidence


@dataclass(frozen=True)
class Evidence:
    """How much speaks for two photos showing the same.

    Attributes:
        points: Key points that lie alike.
        cells: Parts of the photos, of 36, in which these are; the lesser number of the two.
        correlation: Median correlation of the quietest details when one is laid on the other; 0: too little to see.
        moved: Whether one had to be turned or enlarged to lie on the other, which no mark in common explains.
        as_they_stand: The photos have hardly any key points, so neither was moved, and the correlation decides.
    """

    points: int
    cells: int
    correlation: float
    moved: bool = False
    as_they_stand: bool = False

    @property
    def copy(self) -> bool:
        """Whether one is a copy of the other."""
        if self.as_they_stand:
            return self.correlation >= STANDING_CORRELATION
        enough = self.points >= COPY_POINTS and self.cells >= COPY_CELLS
        return enough and self.correlation >= COPY_CORRELATION

    @property
    def same_scene(self) -> bool:
        """Whether both show the same place of the same person."""
        enough = self.points >= SCENE_POINTS and self.cells >= SCENE_CELLS
        return self.copy or (enough and self.moved and self.correlation >= SCENE_CORRELATION)

    def __str__(self) -> str:
        if self.as_they_stand:
            return f"details correlate at {self.correlation:.2f} as the photos stand"
        laid = f"details correlate at {self.correlation:.2f} when laid on each other"
        return f"{self.points} points lie alike in {self.cells} of {GRID * GRID} parts, {laid}"


def compare(one: KeyPoints, other: KeyPoints) -> Evidence:
    """Compare two photos; to see whether they are mirrored, give one of them mirrored."""
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


def correlation_as_they_stand(one: KeyPoints, other: KeyPoints) -> float:
    """Return the median correlation of the details of two photos, neither moved, the second stretched to fit."""
    scale = np.array(other.small.shape[::-1]) / np.array(one.small.shape[::-1])
    return round(_correlation(one, other, np.array([[scale[0], 0.0, 0.0], [0.0, scale[1], 0.0]])), 3)


def _movements(one: KeyPoints, other: KeyPoints) -> Iterator[tuple[npt.NDArray[np.float64], int, int]]:
    """Yield how the first photo may lie in the second, with the points that agree and the parts in which they are."""
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
        # What lies where these were is left out as well: another letter of the same watermark.
        low, high = mine[agree].min(axis=0), mine[agree].max(axis=0)
        outside = ((mine < low) | (mine > high)).any(axis=1)
        mine, theirs = mine[outside], theirs[outside]


def _matches(one: KeyPoints, other: KeyPoints) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the places of points that are each other's likest, and clearly so."""
    if min(len(one), len(other)) < _FEWEST_MATCHES:
        return one.places[:0], other.places[:0]
    likeness = one.directions @ other.directions.T
    rows, likest = np.arange(len(one)), likeness.argmax(axis=1)
    first = likeness[rows, likest]
    mutual = likeness.argmax(axis=0)[likest] == rows
    likeness[rows, likest] = -1.0
    second = likeness.max(axis=1)
    clear = mutual & (1 - first < _ALIKE**2 * (1 - second))
    return one.places[clear], other.places[likest[clear]]


def _correlation(one: KeyPoints, other: KeyPoints, movement: npt.NDArray[np.float64]) -> float:
    """Return the median correlation of the quietest details of two photos, the less enlarged one laid on the other."""
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
    """Return what differs from its surroundings, without the finest grain: not the light, nor that a mouth is dark."""
    import cv2

    levels = small.astype(np.float32)
    details: npt.NDArray[np.float32] = cv2.GaussianBlur(levels, (0, 0), 1.0) - cv2.GaussianBlur(levels, (0, 0), 4.0)
    return details
