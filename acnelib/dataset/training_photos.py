"""Detection of a model's training photos: identical files by hash, copies by their content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.appearance.facts import measure_photo
from acnelib.dataset.duplicates.detection import connected, find_pairs
from acnelib.dataset.duplicates.pairs import PairKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acnelib.bundle import TrainingHashes
    from acnelib.dataset.appearance.facts import FactStore, PhotoFacts
    from acnelib.dataset.appearance.keypoints import KeyPoints

_WORKERS = 2
_COPIES = {PairKind.EQUAL, PairKind.NEAR_EQUAL}


@dataclass(frozen=True, kw_only=True)
class TrainingPhotos:
    """Training photos of a model among a set of photos, by the SHA-256 of their files.

    Attributes:
        exact: Identical files.
        copies: Copies of training photos: recompressed, resized, cropped or mirrored.
        compared: Training photos with facts in the store; with 0, copies cannot be detected.
    """

    exact: frozenset[str]
    copies: frozenset[str]
    compared: int

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self.exact or sha256 in self.copies


@dataclass(frozen=True, kw_only=True)
class MeasuredPhotos:
    """The appearance of photos that can be decoded, by the SHA-256 of their files.

    Attributes:
        facts: Facts, such as perceptual hashes.
        points: Key points.
    """

    facts: Mapping[str, PhotoFacts]
    points: Mapping[str, KeyPoints]


def find_training_photos(
    photos: Mapping[str, Path],
    learnt_from: TrainingHashes,
    *,
    store: FactStore,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> TrainingPhotos:
    """Find the training photos of a model among a set of photos; nothing about the set is stored.

    Args:
        photos: Their files, by SHA-256.
        learnt_from: Hashes of the model's training photos.
        store: Facts in a working folder, possibly including those of the training photos.
        progress: Callback with the number of photos processed.
    """
    exact = frozenset(sha256 for sha256 in photos if sha256 in learnt_from)
    others = [sha256 for sha256 in sorted(photos) if sha256 not in exact]
    known = {fact.sha256: fact for fact in store.kept() if fact.sha256 in learnt_from and fact.error is None}
    if not known or not others:
        return TrainingPhotos(exact=exact, copies=frozenset(), compared=len(known))
    measured = measure_photos({sha256: photos[sha256] for sha256 in others}, progress=progress)
    facts = {sha256: measured.facts[sha256] for sha256 in others if sha256 in measured.facts}
    points = {sha256: measured.points[sha256] for sha256 in facts}
    pairs = find_pairs(known | facts, store.key_points(known) | points, about=facts)
    groups = connected([*known, *facts], ((pair.one, pair.other) for pair in pairs if pair.kind in _COPIES))
    learnt = {groups[sha256] for sha256 in known}
    copies = frozenset(sha256 for sha256 in facts if groups[sha256] in learnt)
    return TrainingPhotos(exact=exact, copies=copies, compared=len(known))


def measure_photos(
    photos: Mapping[str, Path], *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> MeasuredPhotos:
    """Measure the appearance of photos; nothing is stored.

    Args:
        photos: Their files, by SHA-256.
        progress: Callback with the number of photos processed.

    Returns:
        The facts of those that can be decoded.
    """
    names = sorted(photos)
    facts, points = {}, {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        results = pool.map(measure_photo, names, [photos[sha256] for sha256 in names])
        for done, (sha256, (fact, key_points)) in enumerate(zip(names, results, strict=True), start=1):
            if key_points is not None:
                facts[sha256], points[sha256] = fact, key_points
            progress(done, len(names))
    return MeasuredPhotos(facts=facts, points=points)
