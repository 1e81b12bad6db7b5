"""What the data report shows: photos, pairs and changes with what was decided about them."""

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
    """One place where a photo stands.

    Attributes:
        label: Class label that the place gives it.
        path: Its path in the source.
        addresses: What else is known, by name: its page and its URL.
    """

    label: str
    path: str
    addresses: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Advice:
    """How a decision is overruled.

    Attributes:
        text: In words.
        line: What to copy into the file; empty where no line helps.
    """

    text: str
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownPhoto:
    """A photo with what was decided about it; one that has left the source has a hash alone."""

    sha256: str
    labels: tuple[str, ...] = ()
    subset: Subset | None = None
    reason: Reason | None = None
    detail: str = ""
    places: tuple[PhotoLocation, ...] = ()
    more_places: int = 0
    advice: Advice | None = None


@dataclass(frozen=True, kw_only=True)
class ShownPair:
    """Two photos that belong together, side by side."""

    one: ShownPhoto
    other: ShownPhoto
    evidence: str
    advice: Advice

    @property
    def conflict(self) -> bool:
        """Whether they stand under different labels."""
        return self.one.labels != self.other.labels


@dataclass(frozen=True, kw_only=True)
class ShownChange:
    """A photo that came or went, or is not what it was."""

    photo: ShownPhoto
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportPart(Generic[_Shown]):
    """What is shown under one heading, and how much there is.

    Attributes:
        name: The heading.
        total: How many there are.
        shown: The first of them.
        file: Where all of them are.
    """

    name: str
    total: int
    shown: tuple[_Shown, ...]
    file: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, kw_only=True)
class Sections:
    """The sections that show photos."""

    changes: tuple[ReportPart[ShownChange], ...]
    pairs: tuple[ReportPart[ShownPair], ...]
    conflicting_pairs: int
    two_labels: ReportPart[ShownPhoto]
    left_out: tuple[ReportPart[ShownPhoto], ...]
    groups: tuple[ReportPart[ShownPhoto], ...]
    group_count: int

    @property
    def photos(self) -> list[str]:
        """Hashes of the photos shown anywhere, each once, in the order in which they appear."""
        return list(dict.fromkeys(photo.sha256 for photo in self._shown()))

    def _shown(self) -> Iterator[ShownPhoto]:
        for changed in self.changes:
            yield from (change.photo for change in changed.shown)
        for paired in self.pairs:
            for pair in paired.shown:
                yield from (pair.one, pair.other)
        for part in (self.two_labels, *self.left_out, *self.groups):
            yield from part.shown
