"""Feature vectors on disk, by photo: a new photo costs only itself, and a killed run loses one shard at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.storage.files import digest_of, written_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

SHARD = 256
"""Photos per file."""


@dataclass(frozen=True)
class EmbeddingStore:
    """The vectors that one network gave: files of arrays ``sha256`` [n] and ``vectors`` [n, D]."""

    root: Path

    def load(self, wanted: Collection[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Return the vectors [D] of those wanted photos that have them."""
        wanted = set(wanted)
        found: dict[str, npt.NDArray[np.float32]] = {}
        for path in sorted(self.root.glob("*.npz")):
            with np.load(path, allow_pickle=False) as shard:
                names = [str(name) for name in shard["sha256"]]
                if wanted.intersection(names):
                    vectors = shard["vectors"]
                    found.update({name: vectors[row] for row, name in enumerate(names) if name in wanted})
        return found

    def complete(
        self,
        wanted: Collection[str],
        compute: Callable[[Sequence[str]], npt.NDArray[np.float32]],
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> tuple[Mapping[str, npt.NDArray[np.float32]], int]:
        """Return the vectors of every wanted photo and how many of them had to be computed.

        Args:
            wanted: Photos.
            compute: Gives the vectors [n, D] of some photos.
            progress: Told how many of the missing ones are done.
        """
        known = self.load(wanted)
        missing = sorted(set(wanted) - known.keys())
        for start in range(0, len(missing), SHARD):
            names = missing[start : start + SHARD]
            vectors = compute(names)
            self._keep(names, vectors)
            known.update(dict(zip(names, vectors, strict=True)))
            progress(start + len(names), len(missing))
        return known, len(missing)

    def remove(self, photos: Collection[str]) -> int:
        """Forget photos for good; return how many files named one.

        The vectors of others are written anew before the old file goes, so that a kill, or a reader that comes
        between, loses nothing.
        """
        photos, rewritten = set(photos), 0
        for path in sorted(self.root.glob("*.npz")):
            with np.load(path, allow_pickle=False) as shard:
                names = [str(name) for name in shard["sha256"]]
                kept = [row for row, name in enumerate(names) if name not in photos]
                vectors = shard["vectors"][kept] if 0 < len(kept) < len(names) else None
            if vectors is not None:
                self._keep([names[row] for row in kept], vectors)
            if len(kept) < len(names):
                path.unlink()
                rewritten += 1
        return rewritten

    def _keep(self, names: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        with written_whole(self.root / f"{digest_of(list(names))[:16]}.npz") as part, part.open("wb") as stream:
            np.savez(stream, sha256=np.array(names), vectors=vectors)
