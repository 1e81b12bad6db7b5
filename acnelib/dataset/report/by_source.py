"""Photos by source in the data report: numbers of each class, photos of each source side by side, and background."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.curation import Reason
from acnelib.dataset.splitting import Subset
from acnelib.labels import ordered_labels
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acnelib.dataset.curation import CuratedPhoto
    from acnelib.dataset.report.sections import ReportContent

MOST_SIDE_BY_SIDE = 8
"""Most photos shown of one class of one source."""

MOST_CONDITIONS = 300
"""Most conditions listed; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """The number of photos, and of those that are used."""

    photos: int
    used: int


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One class, or the total, with the photos of each source."""

    label: str
    of: Mapping[str, Count]
    total: Count


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """Photos of the classes by class and source; a photo in two sources counts in both, but once in the total."""

    sources: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    total: SourceRow
    shared: int


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of the background photos."""

    name: str
    count: Count
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BackgroundSummary:
    """The background photos.

    Attributes:
        count: Their number.
        conditions: A row per condition, the first :data:`MOST_CONDITIONS`.
        condition_count: Number of conditions.
        sources: Photos of each source.
        copies: Photos left out because they belong together with a photo of a class.
        classes: Conditions that are named like a class.
    """

    count: Count
    conditions: tuple[Condition, ...]
    condition_count: int
    sources: Mapping[str, Count]
    copies: int
    classes: tuple[str, ...]

    @property
    def left_out(self) -> int:
        """Number of photos that are not used."""
        return self.count.photos - self.count.used

    @property
    def more(self) -> int:
        """Number of conditions that are not listed."""
        return self.condition_count - len(self.conditions)


class SourceCounts:
    """Counts of the curated photos of a report by source.

    Args:
        content: The content of the report.
    """

    def __init__(self, content: ReportContent) -> None:
        placed = content.split.photos
        self._used = {sha256 for sha256, photo in placed.items() if photo.subset != Subset.EXCLUDED}
        self._photos = [photo for photo in content.photos if photo.role == PhotoRole.CLASS]
        self._background = [photo for photo in content.photos if photo.role == PhotoRole.BACKGROUND]

    def table(self) -> SourceTable:
        """Return the photos by class and source."""
        sources = _sources(self._photos)
        return SourceTable(
            sources=sources,
            rows=tuple(self._row(label, sources) for label in ordered_labels(_labels(self._photos))),
            total=self._row(None, sources),
            shared=sum(len(photo.sources) > 1 for photo in self._photos),
        )

    def side_by_side(self) -> dict[str, dict[str, list[str]]]:
        """Return photos of each class that two or more sources have, by class and source.

        Photos of different groups come first, then by hash. Photos that two sources share are shown only if a source
        has no others: they show no difference.
        """
        shown: dict[str, dict[str, list[str]]] = {}
        for label in ordered_labels(_labels(self._photos)):
            members = [photo for photo in self._photos if label in photo.labels and photo.sha256 in self._used]
            sources = _sources(members)
            if len(sources) > 1:
                shown[label] = {name: _examples(members, source=name) for name in sources}
        return shown

    def background(self) -> BackgroundSummary:
        """Return the summary of the background photos."""
        by_condition: defaultdict[str, list[CuratedPhoto]] = defaultdict(list)
        for photo in self._background:
            for label in photo.labels:
                by_condition[label].append(photo)
        by_source = {
            name: [photo for photo in self._background if name in photo.sources] for name in _sources(self._background)
        }
        return BackgroundSummary(
            count=self._count(self._background),
            conditions=tuple(
                Condition(name=name, count=self._count(photos), sources=_sources(photos))
                for name, photos in sorted(by_condition.items())[:MOST_CONDITIONS]
            ),
            condition_count=len(by_condition),
            sources={name: self._count(photos) for name, photos in by_source.items()},
            copies=sum(photo.reason == Reason.COPY_OF_CLASS for photo in self._background),
            classes=ordered_labels(set(by_condition) & _labels(self._photos)),
        )

    def _row(self, label: str | None, sources: Sequence[str]) -> SourceRow:
        photos = [photo for photo in self._photos if label is None or label in photo.labels]
        return SourceRow(
            label=label or "all",
            of={name: self._count(photo for photo in photos if name in photo.sources) for name in sources},
            total=self._count(photos),
        )

    def _count(self, photos: Iterable[CuratedPhoto]) -> Count:
        hashes = {photo.sha256 for photo in photos}
        return Count(photos=len(hashes), used=len(hashes & self._used))


def _examples(photos: Iterable[CuratedPhoto], *, source: str) -> list[str]:
    members = [photo for photo in photos if source in photo.sources]
    own = [photo for photo in members if len(photo.sources) == 1] or members
    place_in_group: Counter[str] = Counter()
    ordered = []
    for photo in sorted(own, key=lambda photo: photo.sha256):
        ordered.append((place_in_group[photo.group], photo.sha256))
        place_in_group[photo.group] += 1
    return [sha256 for _, sha256 in sorted(ordered)[:MOST_SIDE_BY_SIDE]]


def _labels(photos: Iterable[CuratedPhoto]) -> set[str]:
    return {label for photo in photos for label in photo.labels}


def _sources(photos: Iterable[CuratedPhoto]) -> tuple[str, ...]:
    return tuple(sorted({name for photo in photos for name in photo.sources}))
