"""Two photos side by side, and photos that are dragged to other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gui.comparison import texts
from gui.comparison.dialog import ComparisonDialog
from gui.files import texts as file_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]


@pytest.fixture
def listed(start: Start, photo: Photo, qtbot: QtBot) -> AppController:
    """Three photos, all answered."""
    controller = start(files=[photo("papules"), photo("cysts"), photo("comedones")])
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) == 3 and not results.pending(), timeout=20_000)
    qtbot.waitUntil(lambda: not controller.classification.is_busy)  # whose end sorts the photos again
    return controller


def compared(controller: AppController, qtbot: QtBot) -> ComparisonDialog:
    controller.window.commands.compare.trigger()
    dialog = controller.dialogs.open[ComparisonDialog]
    assert isinstance(dialog, ComparisonDialog)
    qtbot.waitUntil(lambda: all(side.view.viewport is not None for side in dialog.sides.values()))
    return dialog


def names(dialog: ComparisonDialog) -> list[str]:
    return [side.name.text() for side in dialog.sides.values()]


def test_two_selected_photos_are_shown_with_their_answers(listed: AppController, qtbot: QtBot) -> None:
    table = listed.window.results.table
    table.selectRow(0)
    table.selectionModel().select(
        listed.rows.index(2, 0), table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows
    )
    dialog = compared(listed, qtbot)
    assert names(dialog) == ["papules.png", "comedones.png"]
    answers = [side.answer.text() for side in dialog.sides.values()]
    assert answers[0].startswith("Papules ")
    assert answers[0].endswith("uncertain")


def test_with_one_photo_the_next_of_the_list_is_beside_it(listed: AppController, qtbot: QtBot) -> None:
    assert names(compared(listed, qtbot)) == ["papules.png", "cysts.png"]


def test_three_selected_photos_are_not_compared(listed: AppController) -> None:
    listed.window.results.table.selectAll()
    listed.window.commands.compare.trigger()
    assert listed.window.notice.text.accessibleName() == file_texts.SELECT_TWO
    assert ComparisonDialog not in listed.dialogs.open


def test_an_answer_that_is_hidden_from_the_reviewer_is_hidden_here_too(listed: AppController, qtbot: QtBot) -> None:
    listed.window.commands.review.toggle.trigger()
    listed.window.commands.review.blind.trigger()
    qtbot.waitUntil(lambda: listed.session.answer_hidden)
    assert {side.answer.text() for side in compared(listed, qtbot).sides.values()} == {texts.HIDDEN}


def test_dragged_photos_are_files_that_can_only_be_copied(listed: AppController) -> None:
    rows = listed.rows
    indexes = [rows.index(line, column) for line in (0, 1) for column in range(rows.columnCount())]
    urls = rows.mimeData(indexes).urls()
    assert [url.toLocalFile() for url in urls] == [str(row.path) for row in rows.shown_rows()[:2]]
    assert rows.supportedDragActions() == Qt.DropAction.CopyAction
    assert rows.flags(rows.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
