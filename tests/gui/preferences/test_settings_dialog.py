"""The settings: they show what is, say what is wanted, and delete nothing by a slip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QMessageBox

from gui.preferences import texts
from gui.preferences.settings_dialog import SettingsDialog
from gui.preferences.store import Preferences
from gui.preferences.stored_data import DeletionOutcome

SIGNALS = ("server_change_wanted", "look_every_wanted", "clear_cache_wanted", "history_wanted", "delete_all_wanted")


@pytest.fixture
def dialog(qtbot):
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def wanted(dialog):
    """What the dialog says that the user wants."""
    told = []
    for name in SIGNALS:
        getattr(dialog, name).connect(lambda *values, name=name: told.append((name, *values)))
    return told


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(qtbot, dialog, words):
    """Press the button with these words in the question whether to delete all."""
    press(qtbot, dialog.delete_all)
    box = dialog.confirmation
    press(qtbot, next(button for button in box.buttons() if words in button.text().replace("&", "")))
    qtbot.waitUntil(lambda: dialog.confirmation is None)


def test_it_shows_what_is_and_emits_nothing_for_that(dialog, wanted):
    dialog.show_server("https://models.example.org")
    dialog.show_preferences(Preferences(history=True, look_every=45))
    dialog.show_cache(9_400_000)
    assert "models.example.org" in dialog.server.accessibleName()
    assert (dialog.look.isChecked(), dialog.look_every.value(), dialog.history.isChecked()) == (True, 45, True)
    assert "9.4\u00a0MB" in dialog.cache.text()
    assert wanted == []


def test_history_is_off_and_nothing_can_be_cleared_before_more_is_known(dialog):
    assert not dialog.history.isChecked()
    assert not dialog.clear_cache.isEnabled()
    assert dialog.cache.text() == texts.MEASURING_CACHE


def test_what_the_user_wants_is_said(qtbot, dialog, wanted):
    dialog.show_cache(1)
    press(qtbot, dialog.change_server)
    press(qtbot, dialog.clear_cache)
    dialog.history.click()
    dialog.history.click()
    assert wanted == [
        ("server_change_wanted",),
        ("clear_cache_wanted",),
        ("history_wanted", True),
        ("history_wanted", False),
    ]


def test_looking_for_new_versions_can_be_rarer_or_end(dialog, wanted):
    dialog.look_every.setValue(60)
    dialog.look.click()
    assert not dialog.look_every.isEnabled()
    dialog.look.click()
    assert wanted == [("look_every_wanted", 60), ("look_every_wanted", 0), ("look_every_wanted", 60)]


def test_never_looking_is_shown_as_such(dialog):
    dialog.show_preferences(Preferences(look_every=0))
    assert (dialog.look.isChecked(), dialog.look_every.isEnabled()) == (False, False)
    assert dialog.look_every.value() == Preferences().look_every


def test_one_minute_is_not_written_as_several(dialog):
    dialog.look_every.setValue(1)
    assert dialog.look_every.text().replace("\u00a0", " ") == "1 minute"


def test_everything_is_deleted_only_after_a_question_that_lists_what_goes(qtbot, dialog, wanted):
    press(qtbot, dialog.delete_all)
    box = dialog.confirmation
    assert all(thing in box.informativeText() for thing in texts.STORED_ALL)
    assert texts.DELETE_LEAVES in box.informativeText()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    assert wanted == []
    box.reject()
    answer(qtbot, dialog, "Cancel")
    assert wanted == []
    answer(qtbot, dialog, texts.DELETE)
    assert wanted == [("delete_all_wanted",)]


def test_escape_deletes_nothing(qtbot, dialog, wanted):
    press(qtbot, dialog.delete_all)
    qtbot.keyClick(dialog.confirmation, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: dialog.confirmation is None)
    assert wanted == []


def test_return_in_a_field_presses_no_button(qtbot, dialog, wanted):
    dialog.show_cache(1)
    qtbot.keyClick(dialog.look_every, Qt.Key.Key_Return)
    assert [each for each in wanted if each[0] != "look_every_wanted"] == []


def test_what_became_of_a_deletion_is_told_with_room_for_all_of_it(dialog):
    height = dialog.height()
    dialog.show_outcome(DeletionOutcome(left=((texts.STORED_MODELS, texts.BUSY_CACHE),)))
    assert texts.BUSY_CACHE in dialog.told.accessibleName()
    assert dialog.told.isVisible()
    assert dialog.height() > height
    dialog.show_result("")
    assert not dialog.told.isVisible()


def test_whatever_can_be_used_is_reached_by_tab_and_says_its_name(dialog):
    dialog.show_cache(1)
    reached, widget = [], dialog.change_server
    while widget not in reached:
        reached.append(widget)
        widget = widget.nextInFocusChain()
    order = [each for each in reached if isinstance(each, QAbstractButton | QAbstractSpinBox)]
    expected = [dialog.change_server, dialog.look, dialog.look_every, dialog.clear_cache, dialog.history]
    assert [each for each in order if each in expected] == expected
    assert all(each.accessibleName() or each.text() for each in order)
