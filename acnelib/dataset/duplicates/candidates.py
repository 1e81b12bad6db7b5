"""Candidate pairs of related photos, found through indices rather than by pairwise comparison.

Both indices hold short words that copies share. *Hashes*: a perceptual hash of 256 bits is sixteen words of 16 bits;
two hashes that differ in at most twelve bits share at least four words. *Points*: the descriptor of a key point becomes
a few words by the signs of fixed random projections (Charikar 2002). Photos get a vote for each shared word whose
points have the same rotation and scale (weak geometric consistency, Jégou et al. 2008). Rare words weigh more; very
common words, such as those of a watermark, are ignored.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.appearance.perceptual_hash import HASH_SIDE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from acnelib.dataset.appearance.facts import PhotoFacts
    from acnelib.dataset.appearance.keypoints import KeyPoints

MOST_DIFFERENT_BITS = 12
"""Largest Hamming distance of the perceptual hashes (256 bits) of a candidate pair."""

MOST_PHOTOS_OF_A_WORD = 64
"""Most photos with a word; more common words are ignored, which bounds the work per photo."""

LEAST_WEIGHT = 3.0
"""Lowest weight of shared words of a candidate pair; the fifth best unrelated photo has about 4.5."""

MOST_CANDIDATES = 24
"""Most candidates per photo, best first."""

_WORD_BITS, _TABLES = 20, 12
_TURNS = 12  # bins of the rotation between two photos
_GROWTH, _GROWTHS = 8, 10  # width of a bin, half a doubling of the scale, and number of bins
_HASH_WORD_BITS = 16
_SEED = 20  # of the projections
_WORKERS = 2


@dataclass(frozen=True, order=True)
class CandidatePair:
    """A photo that may be related to another one.

    Attributes:
        sha256: SHA-256 of the photo.
        mirrored: Whether it is compared mirrored.
    """

    sha256: str
    mirrored: bool


def hash_candidates(facts: Sequence[PhotoFacts]) -> set[tuple[str, CandidatePair]]:
    """Return pairs of photos whose hashes, possibly of the mirrored photo, differ in at most twelve bits.

    In a large set of copies, each is paired with some of the others, enough to connect all of them.
    """
    plain = _hash_words([fact.perceptual_hash for fact in facts])
    index = _Index(plain + _offsets(plain.shape[1], _HASH_WORD_BITS))
    needed = plain.shape[1] - MOST_DIFFERENT_BITS
    found = set()
    for mirrored in (False, True):
        hashes = _hash_words([fact.mirrored_hash for fact in facts]) if mirrored else plain
        for row, words in enumerate(hashes + _offsets(hashes.shape[1], _HASH_WORD_BITS)):
            others, counts = np.unique(index.holders(words, around=row)[0], return_counts=True)
            for other in others[(counts >= needed) & (others != row)]:
                if int(np.bitwise_count(hashes[row] ^ plain[other]).sum()) <= MOST_DIFFERENT_BITS:
                    one, two = sorted((facts[row].sha256, facts[int(other)].sha256))
                    found.add((one, CandidatePair(two, mirrored)))
    return found


def point_candidates(
    points: Mapping[str, KeyPoints], *, about: Collection[str] | None = None
) -> Iterator[tuple[str, list[CandidatePair]]]:
    """Yield photos with their candidates, most votes first; of all photos, or of those in ``about``."""
    names = sorted(points)
    if not names:
        return
    words = {name: _point_words(points[name].descriptors) for name in names}
    index = _Index(np.concatenate([words[name] for name in names]), [len(words[name]) for name in names])
    poses = np.concatenate([_poses(points[name]) for name in names])

    def candidates_of(row: int) -> list[CandidatePair]:
        votes: dict[CandidatePair, float] = {}
        for mirrored in (False, True):
            own = points[names[row]].mirrored if mirrored else points[names[row]]
            own_words = _point_words(own.descriptors) if mirrored else words[names[row]]
            for other, weight in _votes(index, own_words, _poses(own), poses):
                if other != row:
                    votes[CandidatePair(names[other], mirrored)] = weight
        return sorted(votes, key=lambda candidate: (-votes[candidate], candidate))[:MOST_CANDIDATES]

    wanted = [row for row, name in enumerate(names) if about is None or name in about]
    with ThreadPoolExecutor(_WORKERS) as pool:
        yield from zip([names[row] for row in wanted], pool.map(candidates_of, wanted), strict=True)


def _votes(
    index: _Index, words: npt.NDArray[np.int64], own: npt.NDArray[np.int64], poses: npt.NDArray[np.int64]
) -> Iterator[tuple[int, float]]:
    """Yield photos with the weight of shared words with consistent rotation and scale, in the fullest bins."""
    photos, rows, queries = index.holders(words.ravel())
    turn, growth = (poses[rows] - own[queries // words.shape[1]]).T
    turns, growths = turn % 256 * _TURNS // 256, np.clip(growth // _GROWTH + _GROWTHS // 2, 0, _GROWTHS - 1)
    # Rare words weigh more; each photo gets a table of rotations and scales.
    weights = 1 / np.sqrt(np.bincount(queries)[queries])
    found, places = np.unique(photos, return_inverse=True)
    shape = len(found), _TURNS, _GROWTHS
    bins = np.ravel_multi_index((places, turns, growths), shape)
    table = np.bincount(bins, weights, minlength=len(found) * _TURNS * _GROWTHS).reshape(shape)
    table += np.roll(table, 1, axis=1)
    table[:, :, 1:] += table[:, :, :-1].copy()
    best = table.max(axis=(1, 2), initial=0.0)
    return ((int(found[place]), float(best[place])) for place in np.flatnonzero(best >= LEAST_WEIGHT))


def _poses(points: KeyPoints) -> npt.NDArray[np.int64]:
    """Return the angle and the size of each point: int64 [n, 2]."""
    return np.column_stack([points.angles, points.sizes]).astype(np.int64)


class _Index:
    """Index of the photos with each word, by binary search in sorted rows."""

    def __init__(self, words: npt.NDArray[np.int64], rows_of_photo: Sequence[int] | None = None) -> None:
        rows = np.arange(len(words))
        photos = rows if rows_of_photo is None else np.repeat(np.arange(len(rows_of_photo)), rows_of_photo)
        order = np.argsort(words, axis=None, kind="stable")
        self._words = words.ravel()[order]
        self._rows = np.repeat(rows, words.shape[1])[order]
        self._photos = photos[self._rows]

    def holders(
        self, words: npt.NDArray[np.int64], *, around: int | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the photos with any of some words, their rows, and the indices of the words.

        Args:
            words: The words.
            around: Photo whose neighbours are returned for very common words; None: such words are ignored.
        """
        starts = np.searchsorted(self._words, words)
        counts = np.searchsorted(self._words, words, side="right") - starts
        common = counts > MOST_PHOTOS_OF_A_WORD
        if around is None:
            counts[common] = 0
        else:
            for place in np.flatnonzero(common):
                held = self._photos[starts[place] : starts[place] + counts[place]]
                before = max(0, int(np.searchsorted(held, around)) - MOST_PHOTOS_OF_A_WORD // 2)
                starts[place] += before
                counts[place] = min(MOST_PHOTOS_OF_A_WORD, counts[place] - before)
        queries = np.repeat(np.arange(len(words)), counts)
        within = np.arange(len(queries)) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = starts[queries] + within
        return self._photos[entries], self._rows[entries], queries


def _point_words(descriptors: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the words of descriptors, one of each table: int64 [n, tables]."""
    signs = (np.sqrt(descriptors.astype(np.float32)) @ _PROJECTIONS > 0).reshape(len(descriptors), _TABLES, _WORD_BITS)
    words: npt.NDArray[np.int64] = (signs * (1 << np.arange(_WORD_BITS))).sum(axis=-1)
    return words + _offsets(_TABLES, _WORD_BITS)


def _projections() -> npt.NDArray[np.float32]:
    """Return random projections that depend on the direction of edges in each part of a patch, not their strength."""
    chance = np.random.default_rng(_SEED)
    weights = chance.normal(size=(16, 8, _TABLES * _WORD_BITS))
    weights -= weights.mean(axis=1, keepdims=True)
    return weights.reshape(128, -1).astype(np.float32)


_PROJECTIONS = _projections()


def _offsets(tables: int, bits: int) -> npt.NDArray[np.int64]:
    return np.arange(tables, dtype=np.int64) << bits


def _hash_words(hashes: Sequence[str]) -> npt.NDArray[np.int64]:
    words = np.frombuffer(bytes.fromhex("".join(hashes)), dtype=">u2")
    # The width is explicit because it cannot be inferred from an empty list.
    return words.reshape(-1, HASH_SIDE * HASH_SIDE // _HASH_WORD_BITS).astype(np.int64)
