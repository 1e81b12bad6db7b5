"""Detection of related photos, which are copies or shots of one scene, and their groups."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from acnelib.dataset.appearance.keypoints import GRID, SIDE
from acnelib.dataset.duplicates.candidates import MOST_DIFFERENT_BITS, hash_candidates, point_candidates
from acnelib.dataset.duplicates.confirmation import (
    COPY_CELLS,
    COPY_CORRELATION,
    COPY_POINTS,
    SCENE_CELLS,
    SCENE_CORRELATION,
    SCENE_POINTS,
    Evidence,
    compare,
    unregistered_correlation,
)
from acnelib.dataset.duplicates.pairs import Pair, PairKey, PairKind, PairStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from acnelib.dataset.appearance.facts import PhotoFacts
    from acnelib.dataset.appearance.keypoints import KeyPoints

GROUPED_BY = (
    f"look-hash-256 ≤ {MOST_DIFFERENT_BITS} bits or shared words of SIFT key points at {SIDE} px; then "
    f"copies: ≥ {COPY_POINTS} points in ≥ {COPY_CELLS} of {GRID * GRID} parts, correlation ≥ {COPY_CORRELATION}; "
    f"scenes: ≥ {SCENE_POINTS} points in ≥ {SCENE_CELLS} parts, correlation ≥ {SCENE_CORRELATION}; network: none"
)
"""Description of the grouping method, stored in the split."""

PATIENCE = 4
"""Unrelated candidates in a row after which the comparison of a photo stops."""


def find_pairs(
    facts: Mapping[str, PhotoFacts],
    points: Mapping[str, KeyPoints],
    *,
    store: PairStore | None = None,
    about: Collection[str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Pair]:
    """Return the pairs of related photos, ordered by their hashes.

    Args:
        facts: Facts of the photos, all of which can be decoded.
        points: Their key points.
        store: Cache of comparisons, to which new ones are added.
        about: Photos of which each pair must contain at least one; None: all pairs.
        progress: Callback with the number of photos processed.
    """
    from threadpoolctl import threadpool_limits

    store = store or PairStore()
    found = {(pair.one, pair.other): pair for pair in _equal(facts.values())}
    # Threads slow down such small matrices, and far more so on a busy processor.
    with threadpool_limits(1, user_api="blas"):
        for key, evidence in _judged(facts, points, store, about=about, progress=progress):
            pair = _pair(key, evidence)
            if pair and _strength(pair) > _strength(found.get((pair.one, pair.other))):
                found[pair.one, pair.other] = pair
    store.keep()
    return [found[key] for key in sorted(found)]


def connected(names: Collection[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the group of each name: the smallest name in its connected component."""
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


def _equal(facts: Iterable[PhotoFacts]) -> Iterator[Pair]:
    by_pixels: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        by_pixels[fact.pixels].append(fact.sha256)
    for names in by_pixels.values():
        for one, other in pairwise(sorted(names)):
            yield Pair(one=one, other=other, kind=PairKind.EQUAL, evidence="the same pixels in another file")


def _judged(
    facts: Mapping[str, PhotoFacts],
    points: Mapping[str, KeyPoints],
    store: PairStore,
    *,
    about: Collection[str] | None,
    progress: Callable[[int, int], None],
) -> Iterator[tuple[PairKey, Evidence]]:
    def compared(one: str, other: str, *, mirrored: bool) -> tuple[PairKey, Evidence]:
        key = PairKey.of(one, other, mirrored=mirrored)
        return key, store.evidence(key, lambda: _evidence(key, points))

    for one, candidate in sorted(hash_candidates([facts[name] for name in sorted(facts)])):
        if about is None or one in about or candidate.sha256 in about:
            yield compared(one, candidate.sha256, mirrored=candidate.mirrored)
    voted = point_candidates({name: points[name] for name in facts}, about=about)
    for done, (name, candidates) in enumerate(voted, start=1):
        failed = 0
        for candidate in candidates:
            key, evidence = compared(name, candidate.sha256, mirrored=candidate.mirrored)
            yield key, evidence
            failed = 0 if evidence.same_scene else failed + 1
            if failed == PATIENCE:
                break
        progress(done, len(facts if about is None else about))


def _evidence(key: PairKey, points: Mapping[str, KeyPoints]) -> Evidence:
    one, other = points[key.one], points[key.other]
    other = other.mirrored if key.mirrored else other
    evidence = compare(one, other)
    if not evidence.same_scene and min(len(one), len(other)) < COPY_POINTS:
        return Evidence(points=0, cells=0, correlation=unregistered_correlation(one, other), unregistered=True)
    return evidence


def _pair(key: PairKey, evidence: Evidence) -> Pair | None:
    if not evidence.same_scene:
        return None
    kind = PairKind.NEAR_EQUAL if evidence.copy else PairKind.SAME_SCENE
    words = f"{evidence}{', mirrored' if key.mirrored else ''}"
    return Pair(one=key.one, other=key.other, kind=kind, evidence=words)


def _strength(pair: Pair | None) -> int:
    """Return the rank of a pair's relation: equal above near-equal above same scene."""
    order: Sequence[PairKind | None] = (None, PairKind.SAME_SCENE, PairKind.NEAR_EQUAL, PairKind.EQUAL)
    return order.index(pair.kind if pair else None)
