"""The filter and the order of the listed photos; without Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gui.state.results import RowState, verdict_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gui.state.results import Results, Row


class Column(IntEnum):
    """What is listed of a photo, from left to right."""

    PHOTO = 0
    FOLDER = 1
    LABEL = 2
    SCORE = 3
    VERDICT = 4
    REVIEW = 5
    MODEL = 6


class RowKind(StrEnum):
    """The outcome for a photo, in the order in which verdicts are sorted."""

    CONFIDENT = "confident"
    UNCERTAIN = "uncertain"
    OUT_OF_SCOPE = "out-of-scope"
    FAILED = "failed"
    PENDING = "pending"
    HIDDEN = "hidden"


UNANSWERED = frozenset({RowKind.PENDING, RowKind.HIDDEN})
"""Outcomes of photos whose answer is not there, or is kept from the reviewer."""

_KINDS = tuple(RowKind)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which photos are listed; by default all.

    Attributes:
        label: The class label with the highest score; None: any, or none yet.
        kind: Their outcome; None: any.
        text: What their file names hold, in capitals or not.
    """

    label: str | None = None
    kind: RowKind | None = None
    text: str = ""

    def accepts(self, row: Row, threshold: float | None) -> bool:
        """Tell whether a photo is listed, with verdicts at the user's threshold."""
        if self.text and self.text.casefold() not in row.path.name.casefold():
            return False
        if self.label is not None and (row.prediction is None or row.prediction.label != self.label):
            return False
        return self.kind is None or kind_of(row, threshold) is self.kind

    @property
    def is_empty(self) -> bool:
        """Whether it lists all photos."""
        return self == Filter()


@dataclass(frozen=True, kw_only=True)
class Order:
    """By what photos are sorted.

    Attributes:
        column: Which column counts; None: the order in which they came.
        descending: Whether the highest comes first.
    """

    column: Column | None = None
    descending: bool = False


def kind_of(row: Row, threshold: float | None) -> RowKind:
    """Return the outcome for a photo, with its verdict at the user's threshold."""
    if row.prediction is None:
        return RowKind.HIDDEN if row.state is RowState.HIDDEN else RowKind.PENDING
    verdict = verdict_at(row.prediction, threshold)
    return RowKind.FAILED if verdict is None else RowKind(verdict.value)


def labels_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the class labels among the answers, sorted."""
    return tuple(
        sorted({str(row.prediction.label) for row in rows if row.state is RowState.ANSWERED and row.prediction})
    )


@lru_cache(maxsize=20_000)  # a list is sorted again and again
def natural_key(name: str) -> tuple[Any, ...]:
    """Return by what a name is sorted, so that "photo 2" comes before "photo 10"."""
    # Every second part is a number, so that only likes are compared.
    return tuple(int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", name.casefold())))


def raw_value(row: Row, column: Column, threshold: float | None) -> Any:
    """Return what a column sorts by; None for what comes last either way: there is nothing to compare.

    Not for the review, which is no part of a row.
    """
    answer = row.prediction
    if column in {Column.PHOTO, Column.FOLDER}:
        return natural_key(row.path.name if column is Column.PHOTO else str(row.path.parent))
    if answer is None:
        return None
    if column is Column.LABEL:
        return answer.label
    if column is Column.SCORE:
        return answer.confidence
    if column is Column.VERDICT:
        return _KINDS.index(kind_of(row, threshold))
    return natural_key(f"{answer.model.name} {answer.model.version or ''}")


def places(
    results: Results, *, keep: Callable[[Row], bool], value: Callable[[Row], Any] | None, descending: bool = False
) -> list[int]:
    """Return where the photos stand that are listed, in the order in which they are.

    Args:
        results: All photos.
        keep: Tells whether a photo is listed.
        value: What photos are sorted by, None for those that come last either way; None: they stay as they came.
        descending: Whether the highest comes first.
    """
    kept = [place for place, row in enumerate(results) if keep(row)]
    if value is None:
        return kept
    values = {place: value(results[place]) for place in kept}
    compared = [place for place in kept if values[place] is not None]
    return sorted(compared, key=values.__getitem__, reverse=descending) + [
        place for place in kept if values[place] is None
    ]
