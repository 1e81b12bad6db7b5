"""The list of keys, and what the app says of itself."""

from __future__ import annotations

from importlib import metadata

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from gui.preferences import parts
from gui.preferences.about_dialog import AboutDialog
from gui.preferences.shortcuts_dialog import ShortcutsDialog, plain
from gui.window.actions import Actions


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


def groups(dialog):
    """Return what is listed: titles with (action, keys)."""
    root = dialog.list.invisibleRootItem()
    return {
        group.text(0): [(group.child(n).text(0), group.child(n).text(1)) for n in range(group.childCount())]
        for group in (root.child(n) for n in range(root.childCount()))
    }


def test_every_key_of_every_menu_is_listed_and_no_other(qtbot, window):
    actions = Actions(window)
    dialog = ShortcutsDialog(actions.menus)
    qtbot.addWidget(dialog)
    expected = {
        plain(menu.title()): [plain(action.text()) for action in menu.actions() if action.shortcuts()]
        for menu in actions.menus
    }
    listed = groups(dialog)
    assert {title: [name for name, _ in rows] for title, rows in listed.items()} == expected
    assert dict(listed["File"])[plain(actions.quit.text())] == "Ctrl+Q"


def test_a_key_that_changes_is_listed_as_it_is_now(qtbot, window):
    menu = window.menuBar().addMenu("&Tools && more")
    action = menu.addAction("&Do it…")
    menu.addAction("Without a key")
    window.menuBar().addMenu("Without any").addAction("Nothing")
    action.setShortcuts([QKeySequence("Ctrl+D"), QKeySequence("F7")])
    dialog = ShortcutsDialog([each.menu() for each in window.menuBar().actions()])
    qtbot.addWidget(dialog)
    assert groups(dialog) == {"Tools & more": [("Do it", "Ctrl+D or F7")]}


def test_all_keys_are_seen_at_once(qtbot, window):
    dialog = ShortcutsDialog(Actions(window).menus)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.list.accessibleName()


def test_the_app_says_what_it_is_and_under_which_licence(qtbot):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.version.text() == f"Version {metadata.version('acnelib')}"
    assert dialog.research_tool.text() == "Research tool, not a diagnosis"
    rows = {dialog.parts.topLevelItem(n).text(0): n for n in range(dialog.parts.topLevelItemCount())}
    assert "Python" in rows
    assert len(rows) == len(parts.parts())


def test_parts_are_those_that_are_installed_with_what_they_need_and_none_of_training(home):
    told = {part.name.lower().replace("_", "-"): part for part in parts.parts()}
    assert told["pyside6-essentials"].version == metadata.version("PySide6-Essentials")
    assert "LGPL" in told["pyside6-essentials"].licence
    assert {"numpy", "pillow", "urllib3"} <= set(told)
    assert not {"tensorflow", "mlflow", "acnelib", "pytest"} & set(told)
    assert all(part.version and part.licence for part in told.values())


def test_without_what_packages_say_of_themselves_the_licences_are_told_all_the_same(qtbot, monkeypatch):
    def gone(name):
        raise metadata.PackageNotFoundError(name)

    for function in ("metadata", "version", "requires"):
        monkeypatch.setattr(metadata, function, gone)
    told = {part.name: part for part in parts.parts()}
    assert "LGPL" in told["PySide6-Essentials"].licence
    assert all(part.licence for part in told.values())
    assert told["numpy"].version is None
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.version.text() == "Version unknown"
    assert dialog.parts.topLevelItemCount() == len(told)


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        ({"License-Expression": "MIT"}, "MIT"),
        ({"License": "BSD"}, "BSD"),
        (
            {"License": "The whole text\nof a licence", "Classifier": "License :: OSI Approved :: MIT License"},
            "MIT License",
        ),
        ({"License": "x" * 500}, None),
        ({}, None),
    ],
)
def test_a_licence_is_told_in_a_few_words(monkeypatch, told, licence):
    from email.message import Message

    message = Message()
    for name, value in told.items():
        message[name] = value
    monkeypatch.setattr(metadata, "metadata", lambda _: message)
    assert parts._licence("anything") == licence


def test_what_a_frozen_app_falls_back_on_are_the_needs_of_this_version():
    needed = {parts._same(name) for name in parts._needed_by("acnelib")}
    assert needed | {"pyside6-essentials", "shiboken6"} == {parts._same(name) for name in parts._PARTS}
