"""The settings: they show what is, say what is wanted, and delete nothing by a slip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QMessageBox

from gui.preferences import texts
from gui.preferences.settings_dialog import SettingsDialog
from gui.preferences.stored_data import DeletionOutcome, StoredItem
from gui.state.preferences import Preferences

SIGNALS = (
    "server_change_requested",
    "check_every_requested",
    "clear_cache_requested",
    "history_requested",
    "language_requested",
    "delete_all_requested",
)


@pytest.fixture
def dialog(qtbot):
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def wanted(dialog):
    """What the dialog says that the user wants."""
    reported = []
    for name in SIGNALS:
        getattr(dialog, name).connect(lambda *values, name=name: reported.append((name, *values)))
    return reported


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
    dialog.show_preferences(Preferences(history=True, check_every=45))
    dialog.show_cache(9_400_000)
    assert "models.example.org" in dialog.server.accessibleName()
    assert (dialog.check.isChecked(), dialog.check_every.value(), dialog.history.isChecked()) == (True, 45, True)
    assert "9.4\u00a0MB" in dialog.cache.text()
    assert wanted == []


def test_history_is_off_and_nothing_can_be_cleared_before_more_is_known(dialog):
    assert not dialog.history.isChecked()
    assert not dialog.clear_cache.isEnabled()
    assert dialog.cache.text() == texts.MEASURING_CACHE


def test_what_the_user_requests_is_signalled(qtbot, dialog, wanted):
    dialog.show_cache(1)
    press(qtbot, dialog.change_server)
    press(qtbot, dialog.clear_cache)
    dialog.history.click()
    dialog.history.click()
    assert wanted == [
        ("server_change_requested",),
        ("clear_cache_requested",),
        ("history_requested", True),
        ("history_requested", False),
    ]


def test_checks_for_new_versions_can_be_rarer_or_end(dialog, wanted):
    dialog.check_every.setValue(60)
    dialog.check.click()
    assert not dialog.check_every.isEnabled()
    dialog.check.click()
    assert wanted == [("check_every_requested", 60), ("check_every_requested", 0), ("check_every_requested", 60)]


def test_no_checks_are_shown_as_such(dialog):
    dialog.show_preferences(Preferences(check_every=0))
    assert (dialog.check.isChecked(), dialog.check_every.isEnabled()) == (False, False)
    assert dialog.check_every.value() == Preferences().check_every


def test_one_minute_is_not_written_as_several(dialog):
    dialog.check_every.setValue(1)
    assert dialog.check_every.text().replace("\u00a0", " ") == "1 minute"


def test_everything_is_deleted_only_after_a_question_that_lists_what_goes(qtbot, dialog, wanted):
    press(qtbot, dialog.delete_all)
    box = dialog.confirmation
    assert box.informativeText() == texts.deletion_question(StoredItem)
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    assert wanted == []
    box.reject()
    answer(qtbot, dialog, "Cancel")
    assert wanted == []
    answer(qtbot, dialog, texts.DELETE)
    assert wanted == [("delete_all_requested",)]


def test_escape_deletes_nothing(qtbot, dialog, wanted):
    press(qtbot, dialog.delete_all)
    qtbot.keyClick(dialog.confirmation, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: dialog.confirmation is None)
    assert wanted == []


def test_return_in_a_field_presses_no_button(qtbot, dialog, wanted):
    dialog.show_cache(1)
    qtbot.keyClick(dialog.check_every, Qt.Key.Key_Return)
    assert [each for each in wanted if each[0] != "check_every_requested"] == []


def test_the_outcome_of_a_deletion_is_shown_with_room_for_all_of_it(dialog):
    height = dialog.height()
    dialog.show_outcome(DeletionOutcome(left=((StoredItem.MODELS, "it is busy"),)))
    assert "it is busy" in dialog.status.accessibleName()
    assert dialog.status.isVisible()
    assert dialog.height() > height
    dialog.show_result("")
    assert not dialog.status.isVisible()


def test_every_control_is_reached_by_tab_and_has_a_name(dialog):
    dialog.show_cache(1)
    reached, widget = [], dialog.change_server
    while widget not in reached:
        reached.append(widget)
        widget = widget.nextInFocusChain()
    order = [each for each in reached if isinstance(each, QAbstractButton | QAbstractSpinBox)]
    expected = [dialog.change_server, dialog.check, dialog.check_every, dialog.clear_cache, dialog.history]
    assert [each for each in order if each in expected] == expected
    assert all(each.accessibleName() or each.text() for each in order)


def test_a_result_quotes_commands_as_people_write_them(dialog):
    dialog.show_result("the record cannot be read: run `acne up`")
    assert dialog.status.text() == "the record cannot be read: run “acne up”"


def test_a_language_is_chosen_in_its_own_words(qtbot, dialog, wanted):
    dialog.show_preferences(Preferences())
    assert dialog.language.currentText() == "System"
    qtbot.keyClicks(dialog.language, "D")
    assert wanted == [("language_requested", "de")]


@pytest.mark.parametrize(("stored", "shown"), [("en", "English"), ("de", "Deutsch"), ("tlh", "English")])
def test_the_language_is_shown_and_an_unknown_one_is_english(dialog, wanted, stored, shown):
    dialog.show_preferences(Preferences(language=stored))
    assert dialog.language.currentText() == shown
    assert wanted == []
