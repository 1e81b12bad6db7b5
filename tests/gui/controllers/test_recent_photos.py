"""What was opened last: in this session always, from one session to the next only with history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.state.recent import MOST, RecentPaths

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]


def titles(controller: AppController) -> list[str]:
    return [action.text() for action in controller.window.commands.recent.actions()]


def opened(controller: AppController, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(controller.rows.results) and not controller.rows.results.pending(), timeout=20_000)


def test_what_was_opened_is_offered_again_by_name_and_folder(start: Start, photo: Photo, qtbot: QtBot) -> None:
    path = photo("papules")
    controller = start(files=[path])
    opened(controller, qtbot)
    assert titles(controller) == [f"papules.png ({path.parent})"]


def test_a_recent_photo_is_opened_by_a_click(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    opened(controller, qtbot)
    controller.photos.clear()
    controller.window.commands.recent.actions()[0].trigger()
    opened(controller, qtbot)


def test_without_history_nothing_of_it_is_stored(start: Start, photo: Photo, home: Path, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    opened(controller, qtbot)
    controller.window.close()
    stored = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in stored if b"papules.png" in path.read_bytes()]


def test_with_history_it_comes_back_in_the_next_session(start: Start, photo: Photo, home: Path, qtbot: QtBot) -> None:
    (home / "app.json").write_text(json.dumps({"history": True}), encoding="utf-8")
    (home / "app.json").chmod(0o600)
    path = photo("papules")
    controller = start(files=[path])
    opened(controller, qtbot)
    controller.window.close()
    again = start()
    opened(again, qtbot)
    assert titles(again) == [f"papules.png ({path.parent})"]


def test_an_empty_menu_cannot_be_opened(start: Start) -> None:
    assert not start().window.commands.recent.isEnabled()


@pytest.mark.parametrize("together", [1, 3, 30])
def test_the_last_ones_come_first_and_a_few_are_kept(together: int) -> None:
    before = RecentPaths(tuple(Path(f"/before/{number}") for number in range(MOST)))
    new = [Path(f"/new/{number}") for number in range(together)]
    found = before.with_opened([*new, before.paths[3]]).paths
    assert found[0] == new[0]
    assert len(found) == len(set(found)) == MOST
