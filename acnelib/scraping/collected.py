"""What a look at a source brings back, whatever kind of source it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acnelib.manifest import ImageRecord

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and of what: ``pages``, ``pictures`` or ``files``."""


@dataclass(frozen=True)
class Failure:
    """One picture or page that could not be had.

    Attributes:
        url: Its address; in a folder, its path relative to the folder.
        reason: Why, in one line.
    """

    url: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The photos of a source as it stands now.

    Attributes:
        records: One record per photo and label, ordered by path.
        failures: What could not be had, in the order in which it was met.
        downloaded: How many pictures were fetched, or files read.
        unchanged: How many were known already and neither fetched nor read again.
    """

    records: tuple[ImageRecord, ...]
    failures: tuple[Failure, ...]
    downloaded: int
    unchanged: int


def silent(done: int, total: int, what: str) -> None:
    """Report progress to nobody."""
