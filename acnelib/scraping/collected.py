"""The result of collecting a source, site or folder: records and failures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acnelib.storage.manifest import ImageRecord


class FailureKind(StrEnum):
    """Kinds of failures, in the words of a summary."""

    FORBIDDEN = "forbidden by robots.txt"
    REFUSED = "refused"
    MISSING = "not there"
    UNANSWERED = "without an answer"
    ELSEWHERE = "led elsewhere"
    TOO_LARGE = "too large"
    NO_PICTURE = "no picture"
    NO_FIT = "not as the layout says"
    UNLICENSED = "without a licence"
    MISPLACED = "misplaced"
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"
    OTHER = "of another kind"


@dataclass(frozen=True)
class Failure:
    """One picture or page that could not be collected.

    Attributes:
        url: Its address; in a folder, its path relative to the folder.
        reason: The reason, in one line.
        kind: Its kind in the summary.
    """

    url: str
    reason: str
    kind: str

    def __str__(self) -> str:
        """Return address and reason in one line, the address once."""
        return self.reason if self.url and self.url in self.reason else f"{self.url}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The current photos of a source.

    Attributes:
        records: One record per photo and label, ordered by path.
        failures: Pictures and pages that could not be collected, in the order of their occurrence.
        downloaded: How many pictures were fetched, or files read.
        unchanged: How many were known already and neither fetched nor read again.
        notes: Remarks for the user: classes that became one, hidden files that were passed over.
    """

    records: tuple[ImageRecord, ...]
    failures: tuple[Failure, ...]
    downloaded: int
    unchanged: int
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """Numbers of photos, of unchanged ones and of failures, in one line."""
        photos = len({record.sha256 for record in self.records})
        came = f"{photos} photos: {self.downloaded} fetched, {self.unchanged} unchanged"
        return f"{came}; {counted(self.failures)}" if self.failures else came


def counted(failures: tuple[Failure, ...]) -> str:
    """Return how many failures there are of each kind, the most frequent first."""
    kinds = Counter(failure.kind for failure in failures).most_common()
    counts = ", ".join(f"{number} {kind}" for kind, number in kinds)
    return f"{len(failures)} failure{'s' if len(failures) > 1 else ''} ({counts})"
