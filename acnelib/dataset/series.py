"""Series: photos that are likely of one patient, by how alike they look; coarser than groups, and less certain.

Photos of one patient are no copies, so they stand in different groups. They share skin, background, lamp and camera
all the same, so a head that learnt from some of them knows the others. Names and times of files decide nothing.
Likeness is no proof: series are made too large rather than too small, serve for measuring only, and leave nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.imaging import resized

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL import Image

NEIGHBOURS = 2
"""Photos are linked when each is among so many nearest of the other, within their class."""

LARGEST = 8
"""Photos in a series at most, so that chains do not swallow a class."""

LEAST_SIMILARITY = 4.0
"""Of linked photos; the unit is the spread of all pairs. On 278 clinical photos it finds 84 % of the links that
were found with all six views of two networks, and somewhat more others."""

MOST_PHOTOS = 5000
"""Every photo is held against every other: so many take half a gigabyte and some seconds."""

_SIDE = 64
_CORNER = _SIDE // 4
_TINT_BINS, _LIGHT_BINS = 16, 8
_TINTS, _LIGHTS = (110, 190), (0, 256)


def colours_of(image: Image.Image) -> npt.NDArray[np.float32]:
    """Return root histograms of colour and lightness of a photo's middle and of its rim.

    The rim tells skin apart from background. Its corners are left out, since watermarks stand there, and a whole atlas
    has the same one.

    Returns:
        [528], float32; the product of two of them is their overlap (Bhattacharyya 1943), 4 for equal ones.
    """
    import cv2

    lab = cv2.cvtColor(resized(image, height=_SIDE, width=_SIDE), cv2.COLOR_RGB2LAB).astype(np.float64)
    parts = []
    for mask in (_middle(), _rim()):
        light, red, yellow = lab[mask].T
        tint, _, _ = np.histogram2d(red, yellow, bins=_TINT_BINS, range=[_TINTS, _TINTS])
        bright, _ = np.histogram(light, bins=_LIGHT_BINS, range=_LIGHTS)
        soft = cv2.GaussianBlur(tint, (3, 3), 0.7)  # a shade more or less is no other colour
        parts += [np.sqrt(soft.ravel() / max(soft.sum(), 1.0)), np.sqrt(bright / max(bright.sum(), 1))]
    return np.concatenate(parts).astype(np.float32)


def similarity(vectors: npt.NDArray[np.float32], colours: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how alike photos are [N, N]: cosine of standardised vectors plus overlap of colours, each in its spread.

    Args:
        vectors: [N, D].
        colours: [N, 528], from :func:`colours_of`.

    Raises:
        DataUnusable: There are more photos than can be held against each other.
    """
    if len(vectors) > MOST_PHOTOS:
        raise DataUnusable(
            f"{len(vectors)} photos are too many to hold each against each other (at most {MOST_PHOTOS}): "
            "name a source with fewer photos"
        )
    centred = vectors - vectors.mean(axis=0)
    centred /= centred.std(axis=0) + 1e-9
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    return _in_its_spread(centred @ centred.T) + _in_its_spread(colours @ colours.T)


def find_series(alike: npt.NDArray[np.float32], labels: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the series of each photo, named by one of its groups.

    Mutual near neighbours within a class are linked, the most alike first, until a series would be too large. Groups
    stay whole; a larger one is a series by itself.

    Args:
        alike: [N, N], from :func:`likeness`.
        labels: Label of each photo; series stay within one, unless a group has several.
        groups: Group of each photo.
    """
    group_of, label_of = np.asarray(groups), np.asarray(labels)
    series = group_of.copy()
    ones, others = _links(alike, label_of, group_of)
    for one, other in zip(ones, others, strict=True):
        mine, theirs = series == series[one], series == series[other]
        if (mine | theirs).sum() <= LARGEST:
            series[mine | theirs] = min(series[one], series[other])
    return [str(name) for name in series]


def _links(
    alike: npt.NDArray[np.float32], label_of: npt.NDArray[np.str_], group_of: npt.NDArray[np.str_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the two photos of each link, the most alike first."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for label in np.unique(label_of):
        members = np.flatnonzero(label_of == label)
        inside = alike[np.ix_(members, members)]
        inside[group_of[members][:, None] == group_of[members]] = -np.inf  # one's own group is no neighbour
        near = np.zeros(inside.shape, dtype=bool)
        nearest = np.argsort(-inside, axis=1, kind="stable")[:, :NEIGHBOURS]
        np.put_along_axis(near, nearest, values=True, axis=1)
        rows, columns = np.nonzero(np.triu(near & near.T & (inside >= LEAST_SIMILARITY)))
        ones.append(members[rows])
        others.append(members[columns])
    one, other = np.concatenate(ones), np.concatenate(others)
    order = np.argsort(-alike[one, other], kind="stable")
    return one[order], other[order]


def _in_its_spread(similarity: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    apart = similarity[~np.eye(len(similarity), dtype=bool)]
    if not len(apart):
        return np.zeros_like(similarity)
    spread: npt.NDArray[np.float32] = (similarity - apart.mean()) / (apart.std() or 1.0)
    return spread


def _middle() -> npt.NDArray[np.bool_]:
    mask = np.zeros((_SIDE, _SIDE), dtype=bool)
    mask[_CORNER:-_CORNER, _CORNER:-_CORNER] = True
    return mask


def _rim() -> npt.NDArray[np.bool_]:
    width = _SIDE // 8
    mask = np.ones((_SIDE, _SIDE), dtype=bool)
    mask[width:-width, width:-width] = False
    for rows in (slice(_CORNER), slice(-_CORNER, None)):
        for columns in (slice(_CORNER), slice(-_CORNER, None)):
            mask[rows, columns] = False
    return mask
