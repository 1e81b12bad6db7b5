"""Writing: all that was asked for, and never over a photo."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gates import Gate

from gui.background import Worker
from gui.files import texts
from gui.files.writing import Writing
from gui.state.results import Results
from gui.state.session import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("acne-test")
    yield worker
    assert worker.close(), "a worker thread outlived its test"


def test_two_exports_while_the_worker_is_busy_are_both_written(
    worker: Worker, qtbot: QtBot, tmp_path: Path, qapp: object
) -> None:
    writing, reported = Writing(worker), []
    writing.message.connect(reported.append)
    rows = Results().add([tmp_path / "a.png"])
    gate = Gate(worker)
    for name in ("first.csv", "second.json"):
        writing.write_table(tmp_path / name, rows, threshold=None)
    gate.opened.set()
    qtbot.waitUntil(lambda: reported == [texts.exported(Path(name), 1) for name in ("first.csv", "second.json")])
    assert (tmp_path / "first.csv").exists()
    assert (tmp_path / "second.json").exists()


def test_what_waits_to_be_written_is_written_when_the_app_closes(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    controller, tables = start(), [tmp_path / "first.csv", tmp_path / "second.csv"]
    gate = Gate(controller.workers["files"])
    for table in tables:
        controller.window.files.table_file_chosen.emit(table)
    threading.Timer(0.2, gate.opened.set).start()
    assert controller.close()
    assert all(table.exists() for table in tables)


def listed_but_not_shown(start: Start, photo: Photo, qtbot: QtBot) -> tuple[AppController, Path]:
    """Start the app with a photo that is open, and another that the filter hides."""
    shown, hidden = photo("papules"), photo("cysts")
    controller = start(files=[shown, hidden])
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    qtbot.waitUntil(lambda: not controller.rows.results.pending(), timeout=20_000)
    controller.window.results.filter_row.text.setText("papules")
    assert [row.path for row in controller.rows.shown_rows()] == [shown]
    return controller, hidden


def test_a_picture_is_never_written_over_a_listed_photo(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller, hidden = listed_but_not_shown(start, photo, qtbot)
    before = hidden.read_bytes()
    controller.window.files.picture_file_chosen.emit(hidden)
    notice = controller.window.notice.text
    qtbot.waitUntil(lambda: "never overwritten" in notice.accessibleName(), timeout=20_000)
    assert hidden.read_bytes() == before


def test_a_table_is_never_written_over_a_photo_that_a_filter_hides(
    start: Start, photo: Photo, qtbot: QtBot, tmp_path: Path
) -> None:
    controller, hidden = listed_but_not_shown(start, photo, qtbot)
    before, link = hidden.read_bytes(), tmp_path / "table.csv"
    link.symlink_to(hidden)
    controller.window.files.table_file_chosen.emit(link)
    notice = controller.window.notice.text
    qtbot.waitUntil(lambda: "never overwritten" in notice.accessibleName(), timeout=20_000)
    assert hidden.read_bytes() == before
    assert link.is_symlink()
