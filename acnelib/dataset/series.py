"""Series: photos that are likely of one patient, by similarity; coarser and less certain than groups.

Photos of one patient are not copies, so they are in different groups. They still share skin, background, lamp and
camera, so a head trained on some of them recognises the others. File names and times are ignored. Similarity is no
proof: series are rather too large than too small, serve for evaluation only, and exclude no photo.
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
"""Nearest neighbours per photo; two photos are linked if each is among those of the other, within their class."""

LARGEST = 8
"""Most photos in a series, so that chains do not absorb a class."""

LEAST_SIMILARITY = 4.0
"""Lowest similarity of linked photos, in standard deviations over all pairs.

On 278 clinical photos this finds 84 % of the links that all six views of two networks find, and somewhat more others.
"""

MOST_PHOTOS = 5000
"""Most photos for pairwise comparison, which takes half a gigabyte and some seconds for so many."""

_SIDE = 64
_CORNER = _SIDE // 4
_TINT_BINS, _LIGHT_BINS = 16, 8
_TINTS, _LIGHTS = (110, 190), (0, 256)


def colours_of(image: Image.Image) -> npt.NDArray[np.float32]:
    """Return square-root histograms of colour and lightness in the centre and in the border region of a photo.

    The border region captures the background. Its corners are left out because an atlas has the same watermark there
    on every photo.

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
        soft = cv2.GaussianBlur(tint, (3, 3), 0.7)  # tolerates small shifts of the hue
        parts += [np.sqrt(soft.ravel() / max(soft.sum(), 1.0)), np.sqrt(bright / max(bright.sum(), 1))]
    return np.concatenate(parts).astype(np.float32)


def similarity(embeddings: npt.NDArray[np.float32], colours: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return pairwise similarities [N, N]: cosine of embeddings plus overlap of colours, both standardised.

    Args:
        embeddings: [N, D].
        colours: [N, 528], from :func:`colours_of`.

    Raises:
        DataUnusable: There are too many photos for pairwise comparison.
    """
    if len(embeddings) > MOST_PHOTOS:
        raise DataUnusable(
            f"{len(embeddings)} photos are too many to hold each against each other (at most {MOST_PHOTOS}): "
            "name a source with fewer photos"
        )
    centred = embeddings - embeddings.mean(axis=0)
    centred /= centred.std(axis=0) + 1e-9
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9
    return _standardised(centred @ centred.T) + _standardised(colours @ colours.T)


def find_series(similarities: npt.NDArray[np.float32], labels: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the series of each photo, named after one of its groups.

    Mutual nearest neighbours within a class are linked, the most similar first, while the series stays small enough.
    Groups are never divided; a group that is larger than a series is a series by itself.

    Args:
        similarities: [N, N], from :func:`similarity`.
        labels: Label of each photo; series stay within one, unless a group has several.
        groups: Group of each photo.
    """
    group_of, label_of = np.asarray(groups), np.asarray(labels)
    series = group_of.copy()
    ones, others = _links(similarities, label_of, group_of)
    for one, other in zip(ones, others, strict=True):
        mine, theirs = series == series[one], series == series[other]
        if (mine | theirs).sum() <= LARGEST:
            series[mine | theirs] = min(series[one], series[other])
    return [str(name) for name in series]


def _links(
    similarities: npt.NDArray[np.float32], label_of: npt.NDArray[np.str_], group_of: npt.NDArray[np.str_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the two photos of each link, the most similar first."""
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for label in np.unique(label_of):
        members = np.flatnonzero(label_of == label)
        inside = similarities[np.ix_(members, members)]
        inside[group_of[members][:, None] == group_of[members]] = -np.inf  # photos of the same group are no neighbours
        near = np.zeros(inside.shape, dtype=bool)
        nearest = np.argsort(-inside, axis=1, kind="stable")[:, :NEIGHBOURS]
        np.put_along_axis(near, nearest, values=True, axis=1)
        rows, columns = np.nonzero(np.triu(near & near.T & (inside >= LEAST_SIMILARITY)))
        ones.append(members[rows])
        others.append(members[columns])
    one, other = np.concatenate(ones), np.concatenate(others)
    order = np.argsort(-similarities[one, other], kind="stable")
    return one[order], other[order]


def _standardised(similarity: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
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
