from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette

from acnelib.inference import ModelIdentity, Prediction, Verdict
from gui.background import Background, Worker
from gui.photos import texts
from gui.photos.panel import ResultsPanel
from gui.photos.table_model import ResultsModel
from gui.photos.thumbnails import PhotoThumbnails
from gui.state.batch import Batch
from gui.state.results import Results, Row
from gui.state.results_filter import Column, Filter, RowKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Key = Qt.Key
MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)


@pytest.fixture
def panel(qtbot: QtBot) -> ResultsPanel:
    panel = ResultsPanel(ResultsModel(Results()))
    qtbot.addWidget(panel)
    panel.resize(900, 400)
    panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def rows(panel: ResultsPanel, tmp_path: Path) -> tuple[Row, ...]:
    """Thirty photos, of which the first three have answers."""
    rows = panel.model.add(tmp_path / f"photo {number}.png" for number in range(1, 31))
    verdicts = ((0.5, "papules", Verdict.UNCERTAIN), (0.9, "cysts", Verdict.CONFIDENT), (0.7, "cysts", "out-of-scope"))
    panel.model.put(
        answered(row, label, score, Verdict(verdict))
        for row, (score, label, verdict) in zip(rows[:3], verdicts, strict=True)
    )
    return rows


@pytest.fixture
def chosen(panel: ResultsPanel) -> list[int]:
    chosen: list[int] = []
    panel.row_chosen.connect(chosen.append)
    return chosen


def answered(row: Row, label: str, confidence: float, verdict: Verdict) -> Row:
    prediction = Prediction(
        path=None, sha256="0", label=label, confidence=confidence, verdict=verdict, scores={label: 1.0}, model=MODEL
    )
    return row.answered(prediction, stage=None, at="2026-01-01T00:00:00+00:00")


def middle(panel: ResultsPanel, line: int, column: Column = Column.LABEL) -> QPoint:
    return panel.table.visualRect(panel.model.index(line, column)).center()


def click(qtbot: QtBot, panel: ResultsPanel, line: int, key: Qt.KeyboardModifier | None = None) -> None:
    no_key = Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, key or no_key, middle(panel, line))


def shown(panel: ResultsPanel) -> list[str]:
    return [row.path.stem.removeprefix("photo ") for row in panel.shown_rows()]


@pytest.mark.parametrize(
    "travel", [(Key.Key_Down, 2), (Key.Key_Up, 0), (Key.Key_Home, 0), (Key.Key_End, 29), (Key.Key_PageUp, 0)]
)
def test_keys_travel_from_photo_to_photo(panel, rows, chosen, qtbot, travel):
    key, line = travel
    assert panel.choose(rows[1].number)
    qtbot.keyClick(panel.table, key)
    assert (chosen, panel.table.selected_numbers) == ([rows[line].number], (rows[line].number,))


def test_a_click_chooses_a_photo(panel, rows, chosen, qtbot):
    click(qtbot, panel, 2)
    assert chosen == [rows[2].number]


def test_choosing_from_outside_says_nothing(panel, rows, chosen):
    assert panel.choose(rows[4].number)
    assert (panel.table.current_number, chosen) == (rows[4].number, [])
    panel.choose(None)
    assert (panel.table.current_number, panel.table.selected_numbers) == (None, ())


def test_the_keyboard_comes_to_the_table_without_opening_a_photo(panel, rows, chosen, qtbot):
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    assert chosen == []


def test_delete_asks_for_the_selected_rows_to_go(panel, rows, qtbot):
    click(qtbot, panel, 1)
    click(qtbot, panel, 3, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(panel.remove_requested) as wanted:
        qtbot.keyClick(panel.table, Key.Key_Delete)
    assert wanted.args == [(rows[1].number, rows[3].number)]


def test_control_a_selects_all(panel, rows, qtbot):
    qtbot.keyClick(panel.table, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(panel.table.selected_numbers) == 30


def test_when_the_current_photo_is_removed_the_next_one_is_opened(panel, rows, chosen):
    panel.choose(rows[1].number)
    panel.remove([rows[1].number, rows[2].number])
    assert (chosen, panel.table.current_number) == ([rows[3].number], rows[3].number)
    panel.choose(rows[29].number)
    panel.remove([rows[29].number])
    assert chosen[1:] == [rows[28].number]


def test_when_others_are_removed_the_current_photo_stays(panel, rows, chosen):
    panel.choose(rows[5].number)
    panel.remove([row.number for row in rows[:5]])
    assert (chosen, panel.table.current_number) == ([], rows[5].number)


def test_a_photo_that_leaves_the_filter_opens_no_other(panel, rows, chosen):
    panel.model.set_filter(Filter(kind=RowKind.PENDING))
    panel.choose(rows[3].number)
    panel.model.put([answered(rows[3], "cysts", 0.9, Verdict.CONFIDENT)])
    assert (chosen, panel.table.current_number) == ([], None)


def test_a_click_on_a_heading_sorts_and_a_third_one_brings_the_order_back(panel, rows, qtbot):
    header = panel.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Column.SCORE) + 20, header.height() // 2)
    orders = []
    for _ in range(3):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        orders.append(shown(panel)[:4])
    assert orders == [["1", "3", "2", "4"], ["2", "3", "1", "4"], ["1", "2", "3", "4"]]


def test_sorting_keeps_the_current_photo_in_sight(panel, rows, chosen):
    panel.choose(rows[0].number)
    panel.table.sortByColumn(Column.PHOTO, Qt.SortOrder.DescendingOrder)
    assert (shown(panel)[-1], panel.table.current_number, chosen) == ("1", rows[0].number, [])
    assert panel.table.is_on_screen(rows[0].number)
    assert not panel.table.is_on_screen(rows[29].number)


def test_what_came_in_is_sorted_when_all_is_done(panel, rows):
    panel.table.sortByColumn(Column.SCORE, Qt.SortOrder.DescendingOrder)
    panel.model.put([answered(rows[9], "cysts", 0.95, Verdict.CONFIDENT)])
    assert shown(panel)[0] == "2"
    batch = Batch(1)
    batch.finish()
    panel.show_batch(batch)
    assert shown(panel)[:2] == ["10", "2"]


def test_the_filter_row_filters_and_counts(panel, rows):
    row = panel.filter_row
    assert row.count.text() == "30 photos"
    row.label.setCurrentIndex(row.label.findData("cysts"))
    assert (shown(panel), row.count.text()) == (["2", "3"], "2 of 30 photos")
    row.kind.setCurrentIndex(row.kind.findData("out-of-scope"))
    assert shown(panel) == ["3"]
    row.text.setText("photo 2")
    assert (shown(panel), row.count.text()) == ([], "0 of 30 photos")


def test_where_nothing_matches_a_button_clears_the_filter(panel, rows, qtbot):
    panel.filter_row.text.setText("nowhere")
    assert panel.nothing.isVisible()
    assert panel.nothing.reason.text() == texts.NO_MATCH
    qtbot.mouseClick(panel.nothing.clear, Qt.MouseButton.LeftButton)
    assert panel.table.isVisible()
    assert (len(shown(panel)), panel.filter_row.text.text()) == (30, "")


def test_without_photos_there_is_nothing_to_filter(panel):
    assert panel.nothing.reason.text() == texts.NO_PHOTOS
    assert not panel.nothing.clear.isVisible()
    assert not panel.filter_row.isEnabled()


def test_the_classes_present_are_offered_and_the_chosen_one_stays(panel, rows):
    offered = panel.filter_row.label
    assert [offered.itemText(place) for place in range(offered.count())] == ["All classes", "Cysts", "Papules"]
    offered.setCurrentIndex(2)
    panel.model.reset_answers()
    assert (offered.currentData(), shown(panel)) == ("papules", [])


def test_the_open_photo_stays_chosen_through_a_filter(panel, rows, chosen):
    panel.choose(rows[2].number)
    panel.filter_row.text.setText("3")
    assert (panel.table.current_number, chosen) == (rows[2].number, [])


def test_the_bar_s_buttons_are_the_panel_s_signals(panel, qtbot):
    panel.show_batch(Batch(10))
    for button, signal in (
        (panel.batch_bar.pause, panel.pause_requested),
        (panel.batch_bar.resume, panel.resume_requested),
        (panel.batch_bar.cancel, panel.cancel_requested),
    ):
        with qtbot.waitSignal(signal):
            button.click()


@pytest.fixture
def use_thumbnails(panel: ResultsPanel) -> Iterator[Callable[[], PhotoThumbnails]]:
    worker = Worker("acne-thumbnails")
    thumbnails = PhotoThumbnails(panel.model.results, worker)
    yield lambda: (panel.use_thumbnails(thumbnails), thumbnails)[1]
    for background in thumbnails.findChildren(Background):
        background.abandon()
    assert worker.close()


def test_only_rows_on_the_screen_get_thumbnails(panel, rows, use_thumbnails, qtbot):
    for row in rows:
        Image.new("RGB", (60, 40), (255, 0, 0)).save(row.path)
    made: list[int] = []
    thumbnails = use_thumbnails()
    thumbnails.ready.connect(made.append)
    in_sight = {row.number for row in rows if panel.table.is_on_screen(row.number)}
    qtbot.waitUntil(lambda: set(made) == in_sight)
    assert 3 < len(made) < 12
    corner = panel.table.visualRect(panel.model.index(0, Column.PHOTO)).topLeft() + QPoint(29, 24)
    qtbot.waitUntil(lambda: panel.table.viewport().grab().toImage().pixelColor(corner) == QColor(255, 0, 0))


@pytest.mark.parametrize("ground", ["white", "black"])
def test_every_verdict_has_a_shape_of_its_own(panel, rows, qtbot, ground):
    panel.setPalette(QPalette(QColor(ground), QColor(ground)))
    error = Prediction(path=None, sha256=None, model=MODEL, error="it is empty")
    panel.model.put([rows[3].answered(error, stage=None, at="2026-01-01T00:00:00+00:00")])
    picture = panel.table.viewport().grab().toImage()
    drawn = []
    for line in range(4):
        cell = panel.table.visualRect(panel.model.index(line, Column.VERDICT)).adjusted(0, 8, 0, -8)
        cell.setWidth(32)
        base = picture.pixelColor(cell.topLeft())
        points = [(x, y) for x in range(cell.width()) for y in range(cell.height())]
        drawn.append(frozenset(p for p in points if picture.pixelColor(cell.topLeft() + QPoint(*p)) != base))
    assert len(set(drawn)) == 4
    assert all(len(points) > 20 for points in drawn)


@pytest.mark.parametrize("width", [600, 900])
@pytest.mark.parametrize("with_reviews", [False, True])
def test_all_columns_fit_into_the_panel(panel, rows, qtbot, width, with_reviews):
    panel.table.show_reviews(shown=with_reviews)
    panel.resize(width, 400)
    qtbot.waitUntil(lambda: panel.width() == width)
    table = panel.table
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert min(table.columnWidth(column) for column in Column if not table.isColumnHidden(column)) > 40
