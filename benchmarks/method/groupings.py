"""Groups coarser than near-duplicates: likely series of one patient, and clusters of photos that look alike.

Names, times and sizes of files are not looked at: here all have the same size and JPEG tables, and a product must work
without names. The product's own series (:mod:`acnelib.dataset.series`) came of these; they look at the main network's
vectors only, and leave out all corners of the rim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL import Image

    Matrix = npt.NDArray[np.float64]
    Groups = npt.NDArray[np.int64]

NEIGHBOURS = 2
"""Photos are linked when each is among so many nearest of the other."""

LARGEST_SERIES, LARGEST_CLUSTER = 8, 15
"""Photos at most in a series of one patient and in a cluster."""

_BINS = 8  # of each of two colour axes
_SIDE = 64


def colours(photo: Image.Image) -> Matrix:
    """Return root histograms of lightness and colour of a photo's rim (skin apart from background) and of its middle.

    The lower left corner, where the watermark is, is left out.
    """
    import cv2

    pixels = np.asarray(photo.resize((_SIDE, _SIDE)), dtype=np.uint8)
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float64)
    inner = np.zeros((_SIDE, _SIDE), bool)
    inner[_SIDE // 4 : -_SIDE // 4, _SIDE // 4 : -_SIDE // 4] = True
    rim = np.ones((_SIDE, _SIDE), bool)
    rim[_SIDE // 8 : -_SIDE // 8, _SIDE // 8 : -_SIDE // 8] = False
    rim[_SIDE // 2 :, : _SIDE // 2] = False
    parts = []
    for mask in (inner, rim):
        light, red, yellow = lab[mask].T
        tint, _, _ = np.histogram2d(red, yellow, bins=2 * _BINS, range=[(110, 190), (110, 190)])
        bright, _ = np.histogram(light, bins=_BINS, range=(0, 256))
        parts += [np.sqrt(_smooth(tint).ravel() / max(tint.sum(), 1)), np.sqrt(bright / max(bright.sum(), 1))]
    return np.concatenate(parts)


def _smooth(histogram: Matrix) -> Matrix:
    import cv2

    return cv2.GaussianBlur(histogram, (3, 3), 0.7)


def likeness(photos: Sequence[Image.Image], vectors: Matrix) -> Matrix:
    """Return how alike photos are [N, N]: cosine of centred vectors plus overlap of colours, each in its own spread."""
    centred = vectors - vectors.mean(axis=0)
    centred /= centred.std(axis=0) + 1e-9
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    tints = np.stack([colours(photo) for photo in photos])
    return _spread(centred @ centred.T) + _spread(tints @ tints.T)


def _spread(similarity: Matrix) -> Matrix:
    others = similarity[~np.eye(len(similarity), dtype=bool)]
    return (similarity - others.mean()) / others.std()


def series(alike: Matrix, truth: Groups, duplicates: Groups, *, least: float) -> Groups:
    """Link mutual near neighbours within a class, most alike first, until a series is too large.

    Args:
        alike: How alike photos are.
        truth: Label of each; series stay within one.
        duplicates: Groups that are kept whole.
        least: Likeness below which nothing is linked.
    """
    alike = np.where(truth[:, None] == truth, alike, -np.inf)
    alike[duplicates[:, None] == duplicates] = -np.inf
    order = np.argsort(-alike, axis=1)[:, :NEIGHBOURS]
    near = np.zeros_like(alike, bool)
    np.put_along_axis(near, order, values=True, axis=1)
    ones, others = np.nonzero(np.triu(near & near.T & (alike >= least)))
    groups = duplicates.copy()
    for place in np.argsort(-alike[ones, others]):
        one, other = groups[ones[place]], groups[others[place]]
        if (np.isin(groups, (one, other))).sum() <= LARGEST_SERIES:
            groups[groups == other] = one
    return groups


def clusters(alike: Matrix, truth: Groups, duplicates: Groups, *, share: float = 0.3) -> Groups:
    """Join the most alike groups of one class (average linkage, capped) until few are left.

    Args:
        alike: How alike photos are.
        truth: Label of each; clusters stay within one.
        duplicates: Groups that are kept whole.
        share: Groups that are left in a class, as a share of its photos, five at least.
    """
    groups = duplicates.copy()
    for label in np.unique(truth):
        members = np.flatnonzero(truth == label)
        names = list(dict.fromkeys(groups[members]))
        parts = [members[groups[members] == name] for name in names]
        while len(parts) > max(5, share * len(members)):
            best, pair = -np.inf, None
            for i, one in enumerate(parts):
                for j in range(i):
                    if len(one) + len(parts[j]) <= min(LARGEST_CLUSTER, max(3, len(members) // 4)):
                        value = alike[np.ix_(one, parts[j])].mean()
                        if value > best:
                            best, pair = value, (i, j)
            if pair is None:
                break
            i, j = pair
            parts[j] = np.concatenate([parts[j], parts.pop(i)])
        for part in parts:
            groups[part] = groups[part[0]]
    return groups
