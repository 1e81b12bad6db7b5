"""The list of keys, and what the app says of itself."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

import acnelib
from gui.preferences import texts
from gui.preferences.about_dialog import AboutDialog
from gui.preferences.components import components
from gui.preferences.shortcuts_dialog import ShortcutsDialog, plain
from gui.state.wording import RESEARCH_TOOL
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
    } | {texts.HELD_KEYS: [texts.HELD_SPACE]}
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
    assert groups(dialog) == {
        "Tools & more": [("Do it", "Ctrl+D or F7")],
        texts.HELD_KEYS: [(texts.HELD_SPACE, "Space")],
    }


def test_all_keys_are_seen_at_once(qtbot, window):
    dialog = ShortcutsDialog(Actions(window).menus)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.list.accessibleName()


def test_the_about_dialog_shows_the_version_and_every_component(qtbot):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.version.text() == texts.about_version(metadata.version("acnelib"))
    assert dialog.research_tool.text() == RESEARCH_TOOL
    names = [dialog.components.topLevelItem(n).text(0) for n in range(dialog.components.topLevelItemCount())]
    assert names == [component.name for component in components()]
    assert "Python" in names


def test_the_components_are_all_that_the_app_needs_and_nothing_else():
    needed, waiting = set(), ["acnelib", "PySide6-Essentials"]
    while waiting:
        if (name := normalized(waiting.pop())) not in needed:
            needed.add(name)
            waiting += requirements_of(name)
    listed = {normalized(component.name) for component in components()} - {"python"}
    assert listed == needed - {"acnelib"}


def test_every_component_has_a_version_and_a_licence():
    found = {component.name: component for component in components()}
    assert found["PySide6_Essentials"].version == metadata.version("PySide6-Essentials")
    assert "LGPL" in found["PySide6_Essentials"].licence
    assert all(component.version and component.licence for component in found.values())


def test_without_package_metadata_the_licences_are_shown_all_the_same(qtbot, monkeypatch):
    def gone(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", gone)
    found = {component.name: component for component in components()}
    assert "LGPL" in found["PySide6_Essentials"].licence
    assert found["numpy"].version is None
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.components.topLevelItemCount() == len(found)
    assert acnelib.__version__ == "unknown"


def requirements_of(name):
    """What a package always needs on this machine."""
    requirements = [Requirement(each) for each in metadata.requires(name) or []]
    return [each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()
