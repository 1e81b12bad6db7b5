"""The pointer to the latest split of a source, from which the next split goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from acnelib.storage.results import JsonRecord, References

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.storage.workspace import Workspace

_NAME = "latest_split.json"


class LatestSplit(JsonRecord):
    """The latest split of a source; the file is in the source's folder.

    Attributes:
        curated: Digest of the curated photos that were split.
        split: ``split.json``, relative to the working folder.
        sources: Names of the sources that were read for it, those of the background and the test folder among them.
        references: The folders that the split needs.
    """

    curated: str
    split: str
    sources: tuple[str, ...]
    references: References

    @classmethod
    def of(cls, source: Path) -> Self | None:
        """Return the pointer in the folder of a source; None where the source was never split.

        Raises:
            DataUnusable: The file is damaged.
        """
        try:
            return cls.read(source / _NAME)
        except FileNotFoundError:
            return None

    @classmethod
    def all_in(cls, workspace: Workspace) -> Iterator[Self]:
        """Yield the pointers of all sources, ordered by source."""
        return (cls.read(path) for path in sorted(workspace.root.glob(f"*/{_NAME}")))

    @classmethod
    def split_sources(cls, workspace: Workspace) -> frozenset[str]:
        """Return the names of the sources that were split, alone or with others."""
        return frozenset(name for pointer in cls.all_in(workspace) for name in pointer.sources)

    def save(self, source: Path) -> None:
        """Write the pointer into the folder of a source, at once."""
        self.write(source / _NAME)

    def path(self, workspace: Workspace) -> Path | None:
        """Return the path of ``split.json``; None where it is gone."""
        path = workspace.root / self.split
        return path if path.is_file() else None
