"""The summary of many photos as a filter, and the grid as a second view of the same list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from acnelib.inference import ModelIdentity, Prediction, Verdict
from acnelib.reviews import ReviewVerdict
from gui.photos import texts
from gui.photos.panel import ResultsPanel
from gui.photos.table_model import ResultsModel
from gui.state.batch import Batch
from gui.state.results import Results, Row
from gui.state.results_filter import Column, Filter, RowKind
from gui.state.review_session import ReviewSubject

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.photos.grid import PhotoGrid
    from gui.photos.summary import SummaryButton

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)


def answered(row: Row, label: str, confidence: float) -> Row:
    verdict = Verdict.CONFIDENT if confidence >= 0.6 else Verdict.UNCERTAIN
    prediction = Prediction(
        path=None,
        sha256=f"{row.number:064x}",
        label=label,
        confidence=confidence,
        verdict=verdict,
        scores={label: 1.0},
        model=MODEL,
    )
    return row.answered(prediction, stage=None, at="2026-01-01T00:00:00+00:00")


@pytest.fixture
def panel(qtbot: QtBot) -> ResultsPanel:
    panel = ResultsPanel(ResultsModel(Results()))
    qtbot.addWidget(panel)
    panel.resize(900, 480)
    panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def rows(panel: ResultsPanel, tmp_path: Path, qtbot: QtBot) -> tuple[Row, ...]:
    """Sixty photos: cysts, every third of them papules, every fourth confident; the last ten without an answer."""
    rows = panel.model.add(tmp_path / f"photo {number}.png" for number in range(1, 61))
    panel.model.put(
        answered(row, "papules" if place % 3 == 0 else "cysts", 0.9 if place % 4 == 0 else 0.4)
        for place, row in enumerate(rows[:50])
    )
    qtbot.waitUntil(lambda: RowKind.PENDING in panel.summary.kinds and "cysts" in panel.summary.labels)
    return rows


def visible(panel: ResultsPanel) -> dict[str, int]:
    buttons: list[SummaryButton] = [*panel.summary.kinds.values(), *panel.summary.labels.values()]
    return {button.name: button.number for button in buttons if button.isVisible()}


class TestSummary:
    def test_verdicts_and_classes_are_counted(self, panel: ResultsPanel, rows: tuple[Row, ...]) -> None:
        assert visible(panel) == {"Confident": 13, "Uncertain": 37, "Pending": 10, "Cysts": 33, "Papules": 17}

    def test_a_bar_filters_and_the_fields_above_say_so(
        self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot
    ) -> None:
        qtbot.mouseClick(panel.summary.labels["papules"], LEFT)
        qtbot.mouseClick(panel.summary.kinds[RowKind.CONFIDENT], LEFT)
        assert panel.model.filter == Filter(label="papules", kind=RowKind.CONFIDENT)
        assert (panel.filter_row.label.currentText(), panel.filter_row.kind.currentText()) == ("Papules", "Confident")
        assert panel.summary.labels["papules"].isChecked()
        assert panel.model.rowCount() == panel.summary.kinds[RowKind.CONFIDENT].number

    def test_a_pressed_bar_lists_all_again(self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot) -> None:
        for _ in range(2):
            qtbot.mouseClick(panel.summary.labels["papules"], LEFT)
        assert panel.model.filter == Filter()
        assert not panel.summary.labels["papules"].isChecked()

    def test_one_button_clears_the_whole_filter(self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot) -> None:
        assert not panel.summary.clear.isVisible()
        panel.filter_row.text.setText("photo 1")
        qtbot.mouseClick(panel.summary.kinds[RowKind.UNCERTAIN], LEFT)
        qtbot.mouseClick(panel.summary.clear, LEFT)
        assert (panel.model.filter, panel.filter_row.text.text()) == (Filter(), "")
        assert not panel.summary.clear.isVisible()

    def test_the_keyboard_presses_a_bar(self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot) -> None:
        qtbot.keyClick(panel.summary.labels["cysts"], Key.Key_Return)
        assert panel.model.filter.label == "cysts"

    def test_a_screen_reader_hears_the_number(self, panel: ResultsPanel, rows: tuple[Row, ...]) -> None:
        assert panel.summary.labels["cysts"].accessibleName() == "Cysts: 33 photos"

    def test_it_takes_the_place_of_the_line_of_a_finished_batch(self, panel: ResultsPanel) -> None:
        batch = Batch(1)
        panel.show_batch(batch)
        assert panel.batch_bar.isVisible()
        batch.finish()
        panel.show_batch(batch)
        assert not panel.batch_bar.isVisible()

    def test_a_low_panel_has_room_for_photos_only(self, panel: ResultsPanel, rows: tuple[Row, ...]) -> None:
        panel.resize(900, 120)
        assert not panel.summary.isVisible()
        panel.resize(900, 480)
        assert panel.summary.isVisible()

    def test_no_button_is_cut_off(self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot) -> None:
        panel.resize(500, 480)
        QApplication.processEvents()
        shown = [button for button in panel.summary.labels.values() if button.isVisible()]
        assert all(panel.summary.rect().contains(button.geometry()) for button in shown)

    def test_bars_without_room_are_in_a_menu_which_filters_by_them(
        self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot
    ) -> None:
        everything = visible(panel)
        assert panel.summary.more.isHidden()
        panel.resize(330, 300)
        more = panel.summary.more
        qtbot.waitUntil(more.isVisible)
        shown, listed = visible(panel), [action.text() for action in more.menu().actions()]
        assert more.text() == f"+{len(listed)}"
        assert listed == [
            texts.summary_spoken(name, number) for name, number in everything.items() if name not in shown
        ]
        assert more.geometry().right() < panel.summary.width()
        more.menu().actions()[-1].trigger()
        assert panel.model.filter.label == "papules"

    def test_hidden_answers_are_counted_as_hidden(
        self, panel: ResultsPanel, rows: tuple[Row, ...], qtbot: QtBot
    ) -> None:
        reviews = panel.model.view.reviews
        reviews.is_on, reviews.wants_blind = True, True
        panel.model.reviews_changed()
        qtbot.waitUntil(lambda: visible(panel) == {"Pending": 10, "Hidden": 50})


@pytest.fixture
def grid(panel: ResultsPanel, rows: tuple[Row, ...]) -> PhotoGrid:
    panel.show_grid(shown=True)
    QApplication.processEvents()
    assert panel.grid is not None
    return panel.grid


def middle(panel: ResultsPanel, line: int) -> QPoint:
    assert panel.grid is not None
    return panel.grid.visualRect(panel.model.index(line, Column.PHOTO)).center()


class TestGrid:
    def test_it_shares_the_selection_with_the_table(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid, qtbot: QtBot
    ) -> None:
        chosen: list[int] = []
        panel.row_chosen.connect(chosen.append)
        qtbot.mouseClick(grid.viewport(), LEFT, pos=middle(panel, 1))
        qtbot.mouseClick(grid.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, middle(panel, 3))
        assert panel.table.selected_numbers == (rows[1].number, rows[3].number)
        assert chosen == [rows[1].number, rows[3].number]
        panel.show_grid(shown=False)
        assert panel.table.isVisible()
        assert panel.table.current_number == rows[3].number

    def test_keys_travel_in_all_four_directions(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid, qtbot: QtBot
    ) -> None:
        across = sum(middle(panel, line).y() == middle(panel, 0).y() for line in range(20))
        assert across > 2
        panel.choose(rows[0].number)
        reached = []
        for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Up, Key.Key_End, Key.Key_Home):
            qtbot.keyClick(grid, key)
            reached.append(panel.table.current_number)
        lines = (1, 1 + across, across, 0, 59, 0)
        assert reached == [rows[line].number for line in lines]

    def test_delete_asks_for_the_selected_photos_to_go(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid, qtbot: QtBot
    ) -> None:
        panel.choose(rows[2].number)
        with qtbot.waitSignal(panel.remove_requested) as wanted:
            qtbot.keyClick(grid, Key.Key_Delete)
        assert wanted.args == [(rows[2].number,)]

    def test_it_follows_the_filter_and_the_order(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid
    ) -> None:
        panel.model.set_filter(Filter(label="papules"))
        panel.table.sortByColumn(Column.PHOTO, Qt.SortOrder.DescendingOrder)
        assert grid.model().rowCount() == 17
        assert grid.model().index(0, 0).data() == "photo 49.png"

    def test_the_open_photo_is_in_sight_in_either_view(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid
    ) -> None:
        panel.choose(rows[55].number)
        assert grid.is_on_screen(rows[55].number)
        panel.show_grid(shown=False)
        assert panel.table.is_on_screen(rows[55].number)
        assert not grid.is_on_screen(rows[55].number)

    def test_the_keyboard_comes_to_it_without_opening_a_photo(
        self, panel: ResultsPanel, grid: PhotoGrid, qtbot: QtBot
    ) -> None:
        chosen: list[int] = []
        panel.row_chosen.connect(chosen.append)
        grid.setFocus()
        qtbot.waitUntil(grid.hasFocus)
        assert chosen == []

    def test_a_reviewed_photo_has_a_tick_of_its_own(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid
    ) -> None:
        tile = grid.visualRect(panel.model.index(4, Column.PHOTO))
        before = grid.viewport().grab(tile).toImage()
        reviews, row = panel.model.view.reviews, panel.model.row_at(4)
        reviews.is_on = True
        subject = ReviewSubject(sha256=row.prediction.sha256, prediction=row.prediction)
        reviews.review([subject], ReviewVerdict.NONE)
        panel.model.reviews_changed()
        assert grid.viewport().grab(tile).toImage() != before

    def test_every_outcome_has_a_mark_of_its_own(
        self, panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid
    ) -> None:
        drawn = []
        for line in (0, 2):  # a papule and a cyst, confident and uncertain
            tile = grid.visualRect(panel.model.index(line, Column.PHOTO))
            drawn.append(grid.viewport().grab(tile).toImage())
        assert drawn[0] != drawn[1]


def test_a_selection_of_all_asks_for_no_photos_place(
    panel: ResultsPanel, rows: tuple[Row, ...], grid: PhotoGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(type(grid), "visualRect", lambda _, index: asked.append(index.row()))
    grid.selectAll()
    assert len(panel.table.selected_numbers) == len(rows)
    assert grid.visualRegionForSelection(grid.selectionModel().selection()).boundingRect() == grid.viewport().rect()
    assert asked == []


def test_the_window_switches_to_the_grid_and_back(start: Callable[..., AppController], photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules"), photo("cysts")])
    window = controller.window
    qtbot.waitUntil(lambda: window.results is not None, timeout=20_000)
    window.focus_photos()
    qtbot.keyClick(window, Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.results.grid.isVisible()
    assert window.results.grid.hasFocus()
    window.tools.widgetForAction(window.commands.grid).click()
    assert window.results.table.isVisible()


def test_the_view_is_the_same_when_the_app_is_opened_again(start: Callable[..., AppController], qtbot: QtBot) -> None:
    first = start()
    first.window.commands.grid.setChecked(True)
    first.window.close()
    assert start().window.commands.grid.isChecked()


def test_of_five_thousand_photos_only_those_in_sight_are_painted(
    panel: ResultsPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = panel.model.add(tmp_path / f"{number}.png" for number in range(5_000))
    panel.model.put(answered(row, "cysts", 0.9) for row in rows)
    panel.show_grid(shown=True)
    QApplication.processEvents()
    asked: set[int] = set()
    grid, text = panel.grid, panel.model.text
    panel.model.text = lambda row, column: (asked.add(row.number), text(row, column))[1]
    panel.choose(rows[4_000].number)
    grid.viewport().repaint()
    assert 0 < len(asked) < 60
    assert rows[4_000].number in asked
