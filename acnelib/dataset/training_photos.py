"""Which of some photos a model learnt from: the very files, and copies by their look where the look is known here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.appearance.facts import measure_photo
from acnelib.dataset.duplicates.detection import connected, find_pairs
from acnelib.dataset.duplicates.pairs import PairKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from acnelib.bundle import TrainingHashes
    from acnelib.dataset.appearance.facts import FactStore, PhotoFacts
    from acnelib.dataset.appearance.keypoints import KeyPoints

_WORKERS = 2
_COPIES = {PairKind.EQUAL, PairKind.NEAR_EQUAL}


@dataclass(frozen=True, kw_only=True)
class TrainingPhotos:
    """Photos that a model learnt from, by the SHA-256 of their files.

    Attributes:
        exact: The very files.
        copies: Other files that show the same as one that it learnt from: recompressed, resized, cropped, mirrored.
        compared: Photos that it learnt from whose look is known here; 0: no copy could be found.
    """

    exact: frozenset[str]
    copies: frozenset[str]
    compared: int

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self.exact or sha256 in self.copies


def find_training_photos(
    photos: Mapping[str, Path],
    learnt_from: TrainingHashes,
    *,
    store: FactStore,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> TrainingPhotos:
    """Find out which of some photos a model learnt from; nothing about them is kept.

    Args:
        photos: Their files, by SHA-256.
        learnt_from: What the model's bundle says.
        store: Facts of a working folder, which perhaps has those of the photos that the model learnt from.
        progress: Told how many photos have been looked at.
    """
    exact = frozenset(sha256 for sha256 in photos if sha256 in learnt_from)
    asked = [sha256 for sha256 in sorted(photos) if sha256 not in exact]
    known = {facts.sha256: facts for facts in store.kept() if facts.sha256 in learnt_from and facts.error is None}
    if not known or not asked:
        return TrainingPhotos(exact=exact, copies=frozenset(), compared=len(known))
    looks, points = _looked_at(asked, photos, progress)
    pairs = find_pairs(known | looks, store.key_points(known) | points, about=looks)
    groups = connected([*known, *looks], ((pair.one, pair.other) for pair in pairs if pair.kind in _COPIES))
    learnt = {groups[sha256] for sha256 in known}
    copies = frozenset(sha256 for sha256 in looks if groups[sha256] in learnt)
    return TrainingPhotos(exact=exact, copies=copies, compared=len(known))


def _looked_at(
    asked: Iterable[str], photos: Mapping[str, Path], progress: Callable[[int, int], None]
) -> tuple[dict[str, PhotoFacts], dict[str, KeyPoints]]:
    """Return the facts and the key points of those photos that can be decoded."""
    asked = list(asked)
    facts, points = {}, {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        seen = pool.map(measure_photo, asked, [photos[sha256] for sha256 in asked])
        for done, (sha256, (fact, found)) in enumerate(zip(asked, seen, strict=True), start=1):
            if found is not None:
                facts[sha256], points[sha256] = fact, found
            progress(done, len(asked))
    return facts, points
