"""Which photos show the same picture: pairs of similar looks, and the groups that they tie together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.facts import HASH_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from acnelib.dataset.facts import PhotoFacts

SAME_PICTURE_BITS = 12
"""Look hashes (256 bits) at most this far apart are the same picture: recompressed, resized or brightened."""

SAME_GROUP_BITS = 24
"""Look hashes at most this far apart belong together. On clinical photos, pairs from 27 bits on were chance."""

_ROWS_AT_ONCE = 1024


def similar_pairs(facts: Sequence[PhotoFacts], *, bits: int = SAME_GROUP_BITS) -> Iterator[tuple[str, str, int]]:
    """Yield (sha256, sha256, bits apart) of photos whose looks, one perhaps mirrored, are at most ``bits`` apart."""
    names = [fact.sha256 for fact in facts]
    looks = _as_words([fact.look for fact in facts])
    mirrored = _as_words([fact.mirrored_look for fact in facts])
    for start in range(0, len(names), _ROWS_AT_ONCE):
        rows = looks[start : start + _ROWS_AT_ONCE, None]
        apart = np.minimum(_distance(rows, looks[None]), _distance(rows, mirrored[None]))
        for row, column in np.argwhere(apart <= bits):
            if column > row + start:
                yield names[row + start], names[column], int(apart[row, column])


def connected(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the group of each name: the smallest name among all that pairs tie to it."""
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one, other in pairs:
        small, large = sorted((root(one), root(other)))
        parent[large] = small
    return {name: root(name) for name in names}


def _as_words(hashes: Sequence[str]) -> npt.NDArray[np.uint64]:
    # The width is named, for of no hashes at all it cannot be told.
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint64).reshape(-1, HASH_SIDE * HASH_SIDE // 64)


def _distance(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    distance: npt.NDArray[np.int64] = np.bitwise_count(one ^ other).sum(axis=-1, dtype=np.int64)
    return distance
