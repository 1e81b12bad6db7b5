"""Embeddings on disk, by photo: a new photo costs only itself, and a killed run loses one shard at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.storage.files import atomic_write, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

SHARD = 256
"""Photos per file."""

_REPORTED = 32  # photos between two reports of progress


@dataclass(frozen=True)
class EmbeddingStore:
    """The embeddings from one network: files of arrays ``sha256`` [n] and ``embeddings`` [n, D]."""

    root: Path

    def load(self, requested: Collection[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Return the embeddings [D] of those requested photos that have one."""
        requested = set(requested)
        found: dict[str, npt.NDArray[np.float32]] = {}
        for path in sorted(self.root.glob("*.npz")):
            with np.load(path, allow_pickle=False) as shard:
                names = [str(name) for name in shard["sha256"]]
                if requested.intersection(names):
                    embeddings = shard["embeddings"]
                    found.update({name: embeddings[row] for row, name in enumerate(names) if name in requested})
        return found

    def complete(
        self,
        requested: Collection[str],
        compute: Callable[[Sequence[str]], npt.NDArray[np.float32]],
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> tuple[Mapping[str, npt.NDArray[np.float32]], int]:
        """Return the embeddings of every requested photo and how many of them had to be computed.

        Args:
            requested: Photos.
            compute: Returns the embeddings [n, D] of some photos.
            progress: Called with how many of the missing ones are done.
        """
        known = self.load(requested)
        missing = sorted(set(requested) - known.keys())
        if missing:
            progress(0, len(missing))
        for start in range(0, len(missing), SHARD):
            names = missing[start : start + SHARD]
            parts = []
            for first in range(0, len(names), _REPORTED):
                parts.append(compute(names[first : first + _REPORTED]))
                progress(min(start + first + _REPORTED, start + len(names)), len(missing))
            embeddings = np.concatenate(parts)
            self._keep(names, embeddings)
            known.update(dict(zip(names, embeddings, strict=True)))
        return known, len(missing)

    def remove(self, photos: Collection[str]) -> int:
        """Forget photos for good; return how many files named one.

        The embeddings of other photos are rewritten before the old file is deleted, so that neither a kill nor a
        concurrent reader loses any.
        """
        photos, rewritten = set(photos), 0
        for path in sorted(self.root.glob("*.npz")):
            with np.load(path, allow_pickle=False) as shard:
                names = [str(name) for name in shard["sha256"]]
                kept = [row for row, name in enumerate(names) if name not in photos]
                embeddings = shard["embeddings"][kept] if 0 < len(kept) < len(names) else None
            if embeddings is not None:
                self._keep([names[row] for row in kept], embeddings)
            if len(kept) < len(names):
                path.unlink()
                rewritten += 1
        return rewritten

    def size_of(self, photos: Collection[str]) -> int:
        """Return approximately how many bytes the embeddings of some photos take."""
        size = 0.0
        for path in self.root.glob("*.npz") if photos else ():
            with np.load(path, allow_pickle=False) as shard:
                named = np.isin(shard["sha256"], list(photos))
            size += path.stat().st_size * named.mean()
        return round(size)

    def _keep(self, names: Sequence[str], embeddings: npt.NDArray[np.float32]) -> None:
        with atomic_write(self.root / f"{digest_of(list(names))[:16]}.npz") as part, part.open("wb") as stream:
            np.savez(stream, sha256=np.array(names), embeddings=embeddings)
