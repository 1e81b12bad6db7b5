"""The widths of the table's columns: they use all of its width, and those that do not fit give way; without Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.photos import texts
from gui.state.results_filter import Column, RowKind

if TYPE_CHECKING:
    from collections.abc import Collection

_WIDE = 7 / 6  # of the widest words' letters, in average ones
_LEAST: dict[Column, float] = {  # letters, beside the room for a thumbnail or a mark
    Column.PHOTO: 18,
    Column.FOLDER: 14,
    Column.LABEL: 24,
    Column.SCORE: 12,
    Column.VERDICT: max(13, *(_WIDE * len(texts.kind(kind)) for kind in RowKind)),  # its words fit in every language
    Column.REVIEW: 14,
    Column.MODEL: 20,
}
# Letters, where there is no room even for the least.
_TIGHT = {Column.PHOTO: 8, Column.LABEL: 12, Column.SCORE: 5, Column.VERDICT: 13}
_SHARES = {  # of what is left over
    Column.PHOTO: 5,
    Column.FOLDER: 2,
    Column.LABEL: 3,
    Column.SCORE: 3,
    Column.REVIEW: 2,
    Column.MODEL: 1,
}
GIVE_WAY = (Column.MODEL, Column.FOLDER, Column.REVIEW)
"""The columns that are left out where there is no room for all, in this order: the rest is what a photo is and got."""


def column_widths(
    room: int, *, letter: int, beside: dict[Column, int], wanted: Collection[Column]
) -> dict[Column, int]:
    """Return the widths of the columns that fit, in pixels; together they are as wide as the room.

    Args:
        room: Pixels.
        letter: Width of an average letter, pixels.
        beside: Pixels that columns need beside their text.
        wanted: The columns that have something to show.
    """
    least = {each: round(_LEAST[each] * letter) + beside.get(each, 0) for each in Column if each in wanted}
    for column in GIVE_WAY:
        if sum(least.values()) <= room:
            break
        least.pop(column, None)
    if sum(least.values()) > room:  # a score is a number without a bar, names and classes are elided
        least |= {each: letters * letter + beside.get(each, 0) for each, letters in _TIGHT.items()}
    over = room - sum(least.values())
    if over < 0:
        total = sum(least.values())
        widths = {column: width * room // total for column, width in least.items()}
    else:
        shares = sum(_SHARES.get(column, 0) for column in least)
        widths = {column: width + over * _SHARES.get(column, 0) // shares for column, width in least.items()}
    widths[Column.PHOTO] += room - sum(widths.values())
    return widths
