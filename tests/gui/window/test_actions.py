"""Keys mean what they mean where the keyboard is: text in a field, photos in the list, links on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMainWindow, QSpinBox

from gui.files import file_dialogs
from gui.preferences.shortcuts_dialog import keys_of
from gui.widgets.link_button import LinkButton
from gui.window.keys_in_fields import KeysInFields

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


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox])
def test_a_field_takes_no_key_that_an_action_has(qtbot: QtBot, kind: type[QWidget]) -> None:
    # Which keys a field knows depends on the platform: Ctrl+E is one on X11, Ctrl+Home everywhere.
    window, field = QMainWindow(), kind()
    qtbot.addWidget(window)
    window.setCentralWidget(field)
    action = QAction("Export", window)
    action.setShortcut("Ctrl+Home")
    window.addAction(action)
    KeysInFields(window, [action.shortcut()])
    window.show()
    focus(field, qtbot)
    with qtbot.waitSignal(action.triggered):
        qtbot.keyClick(field, Key.Key_Home, CONTROL)


def test_export_has_its_key_while_a_field_has_the_keyboard(listed: AppController, qtbot: QtBot) -> None:
    field = focus(listed.window.results.filter_row.text, qtbot)
    exported: list[bool] = []
    listed.window.commands.export.triggered.disconnect()
    listed.window.commands.export.triggered.connect(lambda: exported.append(True))
    qtbot.keyClick(field, Key.Key_E, CONTROL)
    assert len(exported) == 1


def test_a_field_keeps_the_keys_of_the_clipboard_and_of_undoing(listed: AppController, qtbot: QtBot) -> None:
    listed.window.commands.review.toggle.trigger()
    field = focus(listed.window.results.filter_row.text, qtbot)
    qtbot.keyClicks(field, "cysts")
    qtbot.keyClick(field, Key.Key_A, CONTROL)
    qtbot.keyClick(field, Key.Key_X, CONTROL)
    assert field.text() == ""
    qtbot.keyClick(field, Key.Key_V, CONTROL)
    assert field.text() == "cysts"
    qtbot.keyClick(field, Key.Key_Z, CONTROL)
    assert field.text() == ""


def test_enter_presses_a_button_that_has_the_keyboard_also_while_photos_are_reviewed(
    listed: AppController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs.QFileDialog, "getExistingDirectory", lambda *_: "")
    listed.window.commands.review.toggle.trigger()
    unsure = focus(listed.window.review.unsure, qtbot)
    with qtbot.waitSignal(listed.window.review.judged) as judged:
        qtbot.keyClick(unsure, Key.Key_Return)
    assert judged.args == ["unsure", ""]


def test_the_keys_of_a_review_are_in_the_list_of_shortcuts(listed: AppController) -> None:
    review = listed.window.commands.review
    keys = {keys_of(action) for action in (*review.classes, review.none, review.unsure, review.agree, review.undo)}
    assert keys == {"1", "2", "3", "0", "?", "Return or Enter", "Ctrl+Z"}


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
