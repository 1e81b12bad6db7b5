"""Pairs of related photos with their evidence, and a cache of comparisons."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.dataset.duplicates.confirmation import Evidence
from acnelib.storage.files import digest_of, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

CACHE_VERSION = 1
"""Version of the comparison; increment it when results change, to invalidate the cache."""

_SHARD = 4096


class PairKind(StrEnum):
    """Relation of two photos."""

    EQUAL = "equal"
    NEAR_EQUAL = "near-equal"
    SAME_SCENE = "same-scene"
    OVERRULED = "overruled"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two related photos.

    Attributes:
        one: SHA-256 of the photo whose hash is smaller.
        other: SHA-256 of the other.
        kind: Their relation.
        evidence: Evidence, in words and numbers.
    """

    one: str
    other: str
    kind: PairKind
    evidence: str


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write pairs as JSON lines, ordered by their hashes."""
    write_text(path, "".join(json.dumps(asdict(pair)) + "\n" for pair in sorted(pairs, key=lambda p: (p.one, p.other))))


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Read pairs."""
    with path.open(encoding="utf-8") as stream:
        return tuple(Pair(**values | {"kind": PairKind(values["kind"])}) for values in map(json.loads, stream))


@dataclass(frozen=True, order=True)
class PairKey:
    """Key of a comparison: two photos, the second possibly mirrored.

    Attributes:
        one: SHA-256 of the photo whose hash is smaller.
        other: SHA-256 of the other.
        mirrored: Whether one photo is mirrored.
    """

    one: str
    other: str
    mirrored: bool

    @classmethod
    def of(cls, one: str, other: str, *, mirrored: bool) -> PairKey:
        """Return the key of two photos in any order."""
        return cls(min(one, other), max(one, other), mirrored)


class PairStore:
    """Cache of comparisons in small JSON Lines files, written atomically; in memory only without a folder."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root
        self._known: dict[PairKey, Evidence] = {}
        self._fresh: dict[PairKey, Evidence] = {}
        self.comparisons = 0
        """Number of pairs that were compared."""

    def load(self, photos: Mapping[str, object]) -> None:
        """Load the cached comparisons of these photos."""
        for path in sorted(self._root.glob(f"{CACHE_VERSION}-*.jsonl")) if self._root else ():
            with path.open(encoding="utf-8") as stream:
                for one, other, mirrored, *evidence in map(json.loads, stream):
                    if one in photos and other in photos:
                        self._known[PairKey(one, other, mirrored)] = Evidence(*evidence)

    def evidence(self, key: PairKey, compare: Callable[[], Evidence]) -> Evidence:
        """Return the cached evidence of a pair, or compare the photos."""
        if key not in self._known:
            self._known[key] = self._fresh[key] = compare()
            self.comparisons += 1
            if len(self._fresh) >= _SHARD:
                self.keep()
        return self._known[key]

    def keep(self) -> None:
        """Write the new comparisons."""
        if self._fresh and self._root:
            lines = list(_lines(sorted(self._fresh.items())))
            write_text(self._root / f"{CACHE_VERSION}-{digest_of(lines)[:16]}.jsonl", "".join(lines))
        self._fresh = {}


def _lines(answers: Sequence[tuple[PairKey, Evidence]]) -> Iterator[str]:
    for key, evidence in answers:
        values = (key.one, key.other, key.mirrored)
        yield json.dumps([*values, *astuple(evidence)]) + "\n"
