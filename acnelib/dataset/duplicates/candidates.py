"""Which photos are worth comparing: found through an index, never by comparing each with each.

Two indices, both of short words that copies share. *Looks*: a look hash of 256 bits is sixteen words of 16 bits; two
hashes that differ in at most twelve bits have four words in common for certain. *Points*: what is around a key point
becomes a few words by the signs of fixed random projections (Charikar 2002); photos get a vote for each word that they
share and whose points are turned and enlarged alike (weak geometric consistency, Jégou et al. 2008). Words that few
photos have weigh more; those that very many have, such as a watermark's, say nothing and are left out.
"""

from __future__ import annotations

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
"""Look hashes (256 bits) at most this far apart are worth comparing."""

MOST_PHOTOS_OF_A_WORD = 64
"""A word that stands in more photos than this says nothing; it bounds the work for each photo."""

LEAST_WEIGHT = 3.0
"""Photos with less weight of shared words are not worth comparing; the fifth best stranger has about 4.5."""

MOST_CANDIDATES = 24
"""Candidates of each photo, best first."""

_WORD_BITS, _TABLES = 20, 12
_TURNS = 12  # bins of the angle by which one photo is turned against the other
_GROWTH, _GROWTHS = 8, 10  # bins of half a doubling of the size, and how many
_LOOK_WORD_BITS = 16
_SEED = 20  # of the projections


@dataclass(frozen=True, order=True)
class CandidatePair:
    """A photo that may belong to another one.

    Attributes:
        sha256: Which.
        mirrored: Whether it would have to be mirrored.
    """

    sha256: str
    mirrored: bool


def hash_candidates(facts: Sequence[PhotoFacts]) -> set[tuple[str, CandidatePair]]:
    """Return pairs of photos whose looks, the other's perhaps mirrored, are at most twelve bits apart.

    Of a flood of copies each is paired with some others, so that all of them hang together.
    """
    plain = _hash_words([fact.look for fact in facts])
    index = _Index(plain + _offsets(plain.shape[1], _LOOK_WORD_BITS))
    needed = plain.shape[1] - MOST_DIFFERENT_BITS
    found = set()
    for mirrored in (False, True):
        looks = _hash_words([fact.mirrored_look for fact in facts]) if mirrored else plain
        for row, words in enumerate(looks + _offsets(looks.shape[1], _LOOK_WORD_BITS)):
            others, counts = np.unique(index.holders(words, around=row)[0], return_counts=True)
            for other in others[(counts >= needed) & (others != row)]:
                if int(np.bitwise_count(looks[row] ^ plain[other]).sum()) <= MOST_DIFFERENT_BITS:
                    one, two = sorted((facts[row].sha256, facts[int(other)].sha256))
                    found.add((one, CandidatePair(two, mirrored)))
    return found


def point_candidates(
    points: Mapping[str, KeyPoints], *, about: Collection[str] | None = None
) -> Iterator[tuple[str, list[CandidatePair]]]:
    """Yield each photo, or each of some, with those that have most votes, best first."""
    names = sorted(points)
    if not names:
        return
    words = {name: _point_words(points[name].descriptors) for name in names}
    index = _Index(np.concatenate([words[name] for name in names]), [len(words[name]) for name in names])
    poses = np.concatenate([_poses(points[name]) for name in names])
    for row, name in enumerate(names):
        if about is not None and name not in about:
            continue
        votes: dict[CandidatePair, float] = {}
        for mirrored in (False, True):
            own = points[name].mirrored if mirrored else points[name]
            own_words = _point_words(own.descriptors) if mirrored else words[name]
            for other, weight in _votes(index, own_words, _poses(own), poses):
                if other != row:
                    votes[CandidatePair(names[other], mirrored)] = weight
        best = sorted(votes, key=lambda candidate: (-votes[candidate], candidate))
        yield name, best[:MOST_CANDIDATES]


def _votes(
    index: _Index, words: npt.NDArray[np.int64], own: npt.NDArray[np.int64], poses: npt.NDArray[np.int64]
) -> Iterator[tuple[int, float]]:
    """Yield photos with the weight of the words that they share in one movement: the fullest of neighbouring bins."""
    photos, rows, asked = index.holders(words.ravel())
    turn, growth = (poses[rows] - own[asked // words.shape[1]]).T
    turns, growths = turn % 256 * _TURNS // 256, np.clip(growth // _GROWTH + _GROWTHS // 2, 0, _GROWTHS - 1)
    # A word that few photos have says more; each photo gets a table of turns and growths, with room at its edges.
    weights = 1 / np.sqrt(np.bincount(asked)[asked])
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
    """Which photos have a word: rows of words, looked up by bisection."""

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
        """Return the photos that have some words, the rows in which they have them, and the words' places.

        Args:
            words: The words.
            around: A photo; of words that very many photos have, those next to it are returned. None: none are.
        """
        starts = np.searchsorted(self._words, words)
        counts = np.searchsorted(self._words, words, side="right") - starts
        for place in np.flatnonzero(counts > MOST_PHOTOS_OF_A_WORD):
            before = 0
            if around is not None:
                held = self._photos[starts[place] : starts[place] + counts[place]]
                before = max(0, int(np.searchsorted(held, around)) - MOST_PHOTOS_OF_A_WORD // 2)
            starts[place] += before
            counts[place] = 0 if around is None else min(MOST_PHOTOS_OF_A_WORD, counts[place] - before)
        asked = np.repeat(np.arange(len(words)), counts)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = starts[asked] + within
        return self._photos[entries], self._rows[entries], asked


def _point_words(descriptors: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the words of descriptors, one of each table: int64 [n, tables]."""
    signs = (np.sqrt(descriptors.astype(np.float32)) @ _PROJECTIONS > 0).reshape(len(descriptors), _TABLES, _WORD_BITS)
    words: npt.NDArray[np.int64] = (signs * (1 << np.arange(_WORD_BITS))).sum(axis=-1)
    return words + _offsets(_TABLES, _WORD_BITS)


def _projections() -> npt.NDArray[np.float32]:
    """Return random projections that see which way edges run, and not how strong they are, in each part of a patch."""
    chance = np.random.default_rng(_SEED)
    weights = chance.normal(size=(16, 8, _TABLES * _WORD_BITS))
    weights -= weights.mean(axis=1, keepdims=True)
    return weights.reshape(128, -1).astype(np.float32)


_PROJECTIONS = _projections()


def _offsets(tables: int, bits: int) -> npt.NDArray[np.int64]:
    return np.arange(tables, dtype=np.int64) << bits


def _hash_words(hashes: Sequence[str]) -> npt.NDArray[np.int64]:
    words = np.frombuffer(bytes.fromhex("".join(hashes)), dtype=">u2")
    # The width is named, for of no hashes at all it cannot be told.
    return words.reshape(-1, HASH_SIDE * HASH_SIDE // _LOOK_WORD_BITS).astype(np.int64)
