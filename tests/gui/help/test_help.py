"""The help: topics in plain words, which name what the app really has."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QMainWindow

from gui.answer import texts as answer_texts
from gui.help import texts
from gui.help.dialog import HelpDialog
from gui.help.guide import topics
from gui.picture import texts as picture_texts
from gui.preferences import texts as preference_texts
from gui.preferences.shortcuts_dialog import plain
from gui.site_check import texts as site_check_texts
from gui.state.overlay import OverlayStyle
from gui.window.actions import Actions

EMPHASIS = re.compile(r"(?<!\*)\*([A-Z][^*]*)\*(?!\*)")
OTHER_CONTROLS = {
    answer_texts.THRESHOLD,
    plain(preference_texts.DELETE_ALL),
    picture_texts.COMPARE,
    picture_texts.style(OverlayStyle.CONTOURS),
    site_check_texts.TITLE,
}


@pytest.fixture
def dialog(qtbot):
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    return dialog


@pytest.fixture
def actions(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return Actions(window)


def test_f1_is_the_key_of_the_help(actions):
    assert actions.help.shortcut().toString() == "F1"


def test_the_first_topic_is_shown_at_once(dialog):
    assert dialog.list.currentItem().text() == "Start here"
    assert "not a diagnosis" in dialog.page.toPlainText()


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.title)
def test_every_command_that_a_topic_names_is_in_a_menu_or_on_a_button(topic, actions):
    known = OTHER_CONTROLS | {
        plain(name) for menu in actions.menus for a in menu.actions() for name in (a.text(), a.iconText())
    }
    assert set(EMPHASIS.findall(topic.text)) <= known


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.title)
def test_every_link_of_a_topic_opens_another(topic, dialog):
    for link in re.findall(r"\]\(([^)]+)\)", topic.text):
        dialog.page.anchorClicked.emit(QUrl(link))
        assert dialog.list.currentItem().text() in {each.title for each in topics() if each.anchor == link}


def test_a_search_leaves_the_topics_that_contain_all_words(qtbot, dialog):
    qtbot.keyClicks(dialog.search, "blind Review")
    assert dialog.titles() == ["Reviews"]
    assert "Hide answers until reviewed" in dialog.page.toPlainText()


def test_a_search_without_a_result_says_what_to_try(qtbot, dialog):
    qtbot.keyClicks(dialog.search, "xyzzy")
    assert dialog.titles() == []
    assert dialog.page.toMarkdown().strip() == texts.NOTHING_FOUND
    dialog.search.clear()
    assert len(dialog.titles()) == len(topics())
    assert "Nothing found" not in dialog.page.toPlainText()


def test_the_topics_are_read_by_keyboard(qtbot, dialog):
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert "Confident" in dialog.page.toPlainText()
