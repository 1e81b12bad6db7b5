"""Keys mean what they mean where the keyboard is: text in a field, photos in the list, links on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gui.preferences.shortcuts_dialog import keys_of
from gui.widgets.link_button import LinkButton

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def listed(start: Start, photo: Photo, qtbot: QtBot) -> AppController:
    """Three photos, all answered."""
    controller = start(files=[photo("papules"), photo("cysts"), photo("comedones")])
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) == 3 and not results.pending(), timeout=20_000)
    return controller


def focus(widget: QWidget, qtbot: QtBot) -> QWidget:
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.mark.parametrize("modifiers", [CONTROL, CONTROL | SHIFT])
def test_backspace_with_control_edits_the_filter_and_takes_no_photo_off_the_list(
    listed: AppController, qtbot: QtBot, modifiers: Qt.KeyboardModifier
) -> None:
    field = focus(listed.window.results.filter_row.text, qtbot)
    field.setText("papules png")
    qtbot.keyClick(field, Key.Key_Backspace, modifiers)
    assert (field.text(), len(listed.rows.results)) == ("papules ", 3)


def test_backspace_with_control_takes_photos_off_the_list_anywhere_else(listed: AppController, qtbot: QtBot) -> None:
    table = focus(listed.window.results.table, qtbot)
    qtbot.keyClick(table, Key.Key_Backspace, CONTROL)
    assert len(listed.rows.results) == 2
    qtbot.keyClick(table, Key.Key_Backspace, CONTROL | SHIFT)
    assert len(listed.rows.results) == 0


def test_delete_takes_the_selected_photo_off_the_list(listed: AppController, qtbot: QtBot) -> None:
    table = focus(listed.window.results.table, qtbot)
    qtbot.keyClick(table, Key.Key_Delete)
    assert len(listed.rows.results) == 2


def test_the_list_of_shortcuts_still_names_these_keys(listed: AppController) -> None:
    commands = listed.window.commands
    assert (keys_of(commands.remove), keys_of(commands.clear)) == ("Ctrl+Backspace", "Ctrl+Shift+Backspace")


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_space_and_enter_press_a_link(qtbot: QtBot, key: Qt.Key) -> None:
    link = LinkButton("Try sample pictures")
    qtbot.addWidget(link)
    link.show()
    pressed: list[bool] = []
    link.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(link, key)
    assert len(pressed) == 1


def test_after_a_filter_was_cleared_the_arrows_travel_from_the_open_photo(listed: AppController, qtbot: QtBot) -> None:
    panel = listed.window.results
    listed.photos.open(listed.rows.results[1].number)
    panel.filter_row.text.setText("papules")
    assert panel.table.current_number is None
    panel.filter_row.text.setText("papule")
    panel.filter_row.clear()
    assert panel.table.current_number == listed.photos.current == listed.rows.results[1].number
    qtbot.keyClick(panel.table, Key.Key_Down)
    assert listed.photos.current == listed.rows.results[2].number


def test_a_new_version_is_looked_for_of_models_that_a_server_has_only(start: Start, bundle: Path, qtbot: QtBot) -> None:
    controller = start(model=str(bundle))
    look = controller.window.commands.check_for_new
    qtbot.waitUntil(lambda: controller.model_selection.model is not None, timeout=20_000)
    assert not look.isEnabled()
    controller.model_selection.name = "production"
    controller.model_selection.changed.emit(controller.model_selection.state)
    assert look.isEnabled()
