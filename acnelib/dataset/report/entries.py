"""Entries of the data report: photos, pairs and changes with the decisions about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acnelib.dataset.curation import Reason
    from acnelib.dataset.splitting import Subset

_Shown = TypeVar("_Shown")


@dataclass(frozen=True, kw_only=True)
class PhotoLocation:
    """One location of a photo in the source.

    Attributes:
        label: Class label of the location.
        path: Its path in the source.
        addresses: Its page and its URL, by name, where known.
    """

    label: str
    path: str
    addresses: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The way to override a decision.

    Attributes:
        text: Instruction.
        line: Line to copy into the file; empty where none applies.
    """

    text: str
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownPhoto:
    """A photo with the decisions about it; a photo that has left the source has only a hash.

    Its sources are given only where there are several.
    """

    sha256: str
    is_background: bool = False
    sources: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    subset: Subset | None = None
    reason: Reason | None = None
    detail: str = ""
    places: tuple[PhotoLocation, ...] = ()
    more_places: int = 0
    advice: Advice | None = None


@dataclass(frozen=True, kw_only=True)
class ShownPair:
    """Two related photos, side by side."""

    one: ShownPhoto
    other: ShownPhoto
    evidence: str
    advice: Advice

    @property
    def conflict(self) -> bool:
        """Whether they show different classes; the conditions of background photos do not matter."""
        is_class = not (self.one.is_background or self.other.is_background)
        return is_class and self.one.labels != self.other.labels


@dataclass(frozen=True, kw_only=True)
class ShownChange:
    """A photo that was added, removed or changed."""

    photo: ShownPhoto
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportPart(Generic[_Shown]):
    """The entries under one heading.

    Attributes:
        name: The heading.
        total: Number of entries.
        shown: The first entries.
        file: File with all entries.
    """

    name: str
    total: int
    shown: tuple[_Shown, ...]
    file: str

    @property
    def more(self) -> int:
        """Number of entries that are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, kw_only=True)
class SharedClass:
    """A class that several sources have, with photos of each."""

    label: str
    sources: tuple[ReportPart[ShownPhoto], ...]


@dataclass(frozen=True, kw_only=True)
class Sections:
    """The sections that show photos."""

    alike: tuple[SharedClass, ...]
    changes: tuple[ReportPart[ShownChange], ...]
    pairs: tuple[ReportPart[ShownPair], ...]
    conflicting_pairs: int
    two_labels: ReportPart[ShownPhoto]
    left_out: tuple[ReportPart[ShownPhoto], ...]
    groups: tuple[ReportPart[ShownPhoto], ...]
    group_count: int

    @property
    def photos(self) -> list[str]:
        """Hashes of all photos shown, each once, in order of appearance."""
        return list(dict.fromkeys(photo.sha256 for photo in self._shown()))

    def _shown(self) -> Iterator[ShownPhoto]:
        for shared in self.alike:
            for of_source in shared.sources:
                yield from of_source.shown
        for changed in self.changes:
            yield from (change.photo for change in changed.shown)
        for paired in self.pairs:
            for pair in paired.shown:
                yield from (pair.one, pair.other)
        for part in (self.two_labels, *self.left_out, *self.groups):
            yield from part.shown
