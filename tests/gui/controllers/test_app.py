"""The order in which the parts of the app hear of one event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.model.first_run import ServerDialog
from gui.preferences.settings_dialog import SettingsDialog
from gui.state.session import ModelReady, Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]


def test_photos_of_the_last_session_come_before_those_of_the_command_line(
    start: Start, photo: Photo, qtbot: QtBot
) -> None:
    first = start(files=[photo("papules")])
    first.preferences.history.set_enabled(on=True)
    qtbot.waitUntil(lambda: first.session.shown is Shown.ANSWER, timeout=20_000)
    first.window.close()
    second = start(files=[photo("cysts")])
    qtbot.waitUntil(lambda: len(second.rows.results) == 2, timeout=20_000)
    assert [row.path.stem for row in second.rows.results] == ["papules", "cysts"]


def test_the_dialog_of_the_server_is_there_when_its_command_returns(start: Start, qtbot: QtBot) -> None:
    controller = start()
    controller.window.commands.settings.trigger()
    settings = controller.dialogs.open[SettingsDialog]
    with qtbot.waitSignal(settings.server_change_requested):
        settings.change_server.click()
    assert controller.dialogs.open[ServerDialog].isVisible()


def test_the_facts_of_a_former_model_never_stand_beside_the_answers_of_a_new_one(
    start: Start, photo: Photo, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    controller = start(files=[photo("papules")])
    qtbot.waitUntil(lambda: controller.window.panel.has_facts, timeout=20_000)
    known: list[bool] = []
    controller.changed.connect(
        lambda session: (
            known.append(controller.window.panel.has_facts)
            if isinstance(session.model, ModelReady) and session.model.gives_maps
            else None
        )
    )
    controller.model_selection.choose(str(bundle_with_maps))
    qtbot.waitUntil(lambda: bool(known), timeout=20_000)
    assert known[0] is False
