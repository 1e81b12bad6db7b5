"""The widths of the table's columns, in a table of any width."""

from __future__ import annotations

import pytest

from gui.photos.column_widths import column_widths
from gui.state.results_filter import Column

LETTER = 6
BESIDE = dict.fromkeys(Column, 20) | {Column.PHOTO: 80, Column.VERDICT: 40}
ALWAYS = {Column.PHOTO, Column.LABEL, Column.SCORE, Column.VERDICT}


def widths(room: int, *, wanted: frozenset[Column] = frozenset(Column)) -> dict[Column, int]:
    return column_widths(room, letter=LETTER, beside=BESIDE, wanted=wanted)


@pytest.mark.parametrize("room", [300, 448, 620, 900, 1400, 2500])
def test_the_columns_use_the_whole_width(room: int) -> None:
    assert sum(widths(room).values()) == room


def test_columns_that_do_not_fit_give_way_in_a_sensible_order() -> None:
    orders = [tuple(set(Column) - set(widths(room))) for room in range(1400, 300, -4)]
    gone = sorted(set(orders), key=len)
    assert [set(each) for each in gone] == [
        set(),
        {Column.MODEL},
        {Column.MODEL, Column.FOLDER},
        {Column.MODEL, Column.FOLDER, Column.REVIEW},
    ]


@pytest.mark.parametrize("room", [200, 300, 420, 600])
def test_what_a_photo_is_and_got_stays_however_narrow_the_table_is(room: int) -> None:
    assert set(widths(room)) == ALWAYS


def test_a_verdict_keeps_its_word_where_scores_lose_their_bars() -> None:
    narrow = widths(448)
    assert narrow[Column.VERDICT] >= len("Out of scope") * LETTER + BESIDE[Column.VERDICT]
    assert narrow[Column.SCORE] < widths(1000)[Column.SCORE]


def test_a_column_without_anything_to_show_takes_no_room() -> None:
    shown = widths(1400, wanted=frozenset(Column) - {Column.REVIEW})
    assert Column.REVIEW not in shown
    assert sum(shown.values()) == 1400


def test_names_get_most_of_what_is_left_over() -> None:
    narrow, wide = widths(1000), widths(1600)
    assert max(wide, key=lambda column: wide[column] - narrow[column]) is Column.PHOTO
