"""The photos and folders that were opened last; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 10


@dataclass(frozen=True)
class RecentPaths:
    """What was opened, the last first.

    Attributes:
        paths: Photos and folders as they were chosen, each once.
    """

    paths: tuple[Path, ...] = ()

    def with_opened(self, paths: Iterable[Path]) -> RecentPaths:
        """Return them after more were opened together; of many, the first few are kept."""
        first = tuple(dict.fromkeys(paths))[:MOST]
        return RecentPaths((*first, *(path for path in self.paths if path not in first))[:MOST])
