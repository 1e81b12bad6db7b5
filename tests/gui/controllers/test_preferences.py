"""The settings in the real app: they show what is stored, and deletions say what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.config.settings_file import write_setting
from gui.model.first_run import ServerDialog
from gui.preferences import texts
from gui.preferences.settings_dialog import SettingsDialog
from gui.preferences.stored_data import StoredItem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]

ADDRESS = "https://models.example.org"


def settings_of(controller: AppController) -> SettingsDialog:
    controller.window.commands.settings.trigger()
    dialog = controller.dialogs.open[SettingsDialog]
    assert isinstance(dialog, SettingsDialog)
    return dialog


@pytest.fixture
def malformed(home: Path) -> Path:
    """A computer on which everything is stored, and the file of settings is none."""
    (home / "app.json").write_text('{"history": true}')
    (home / "history.json").write_text('{"form": 1, "rows": []}')
    CredentialStore(home).keep(ADDRESS, Credentials(username="somebody", password="secret"))
    file = home / "settings.toml"
    file.write_text("tracking_uri = \n")
    return file


def test_with_malformed_settings_all_that_needs_none_of_them_is_deleted_and_the_rest_named(
    start: Start, qtbot: QtBot, home: Path, malformed: Path, qt_settings: Callable[[], QSettings]
) -> None:
    qt_settings().setValue("FileDialog/lastVisited", "file:///photos")
    controller = start()
    dialog = settings_of(controller)
    dialog.delete_all_requested.emit()
    qtbot.waitUntil(lambda: "could not be deleted" in dialog.status.accessibleName(), timeout=20_000)
    assert [path.name for path in home.iterdir()] == ["settings.toml"]
    assert not qt_settings().contains("FileDialog/lastVisited")
    reported = dialog.status.accessibleName()
    assert "settings.toml cannot be read" in reported
    assert [item for item in StoredItem if f"{texts.stored(item)} (" in reported] == [
        StoredItem.MODELS,
        StoredItem.SERVER,
    ]


def test_with_malformed_settings_the_cache_says_why_it_is_not_known(
    start: Start, qtbot: QtBot, malformed: Path
) -> None:
    dialog = settings_of(start())
    qtbot.waitUntil(lambda: "settings.toml cannot be read" in dialog.cache.accessibleName(), timeout=20_000)
    assert not dialog.clear_cache.isEnabled()


def test_a_deletion_that_breaks_down_is_reported(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gui.preferences.stored_data.delete_everything", broken)
    dialog = settings_of(start())
    dialog.delete_all_requested.emit()
    qtbot.waitUntil(lambda: "ZeroDivisionError" in dialog.status.accessibleName(), timeout=20_000)
    caplog.clear()


@pytest.mark.parametrize("way", ["settings", "menu"])
def test_open_settings_follow_when_a_server_is_stored(start: Start, qtbot: QtBot, home: Path, way: str) -> None:
    controller = start()
    dialog = settings_of(controller)
    assert dialog.server.accessibleName() == texts.NO_SERVER
    if way == "settings":
        dialog.change_server.click()
    else:
        controller.window.commands.server.trigger()
    write_setting(home / "settings.toml", "tracking_uri", ADDRESS)
    controller.dialogs.open[ServerDialog].server_stored.disconnect(controller.model_selection.choose_production)
    controller.dialogs.open[ServerDialog].server_stored.emit()
    qtbot.waitUntil(lambda: ADDRESS in dialog.server.accessibleName())
