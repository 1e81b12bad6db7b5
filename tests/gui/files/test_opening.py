"""Opening: never on the UI thread, everything that was handed over, and nothing is moved."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gates import Gate
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from gui.background import Worker
from gui.files import opening as openings
from gui.files import texts
from gui.files.opening import SLOW, Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]

COPY, MOVE, LINK = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.LinkAction


class OpeningOnWorker(Opening):
    """Tells its worker, which tests keep busy."""

    def __init__(self, worker: Worker, *, slow: int) -> None:
        super().__init__(worker, slow=slow)
        self.worker = worker


@pytest.fixture
def slow() -> int:
    return SLOW


@pytest.fixture
def opening(qapp: QApplication, slow: int) -> Iterator[OpeningOnWorker]:
    worker = Worker("acne-test")
    opening = OpeningOnWorker(worker, slow=slow)
    yield opening
    opening.close()
    assert worker.close(), "a worker thread outlived its test"


@pytest.fixture
def found(opening: Opening) -> list[Path]:
    found: list[Path] = []
    opening.found.connect(found.extend)
    return found


@pytest.fixture
def reported(opening: Opening) -> list[str]:
    reported: list[str] = []
    opening.message.connect(reported.append)
    return reported


def folder_of(tmp_path: Path, name: str, *files: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for file in files:
        (folder / file).touch()
    return folder


def test_what_cannot_even_be_asked_for_is_listed_all_the_same(
    opening: OpeningOnWorker, found: list[Path], qtbot: QtBot, tmp_path: Path
) -> None:
    paths = (tmp_path / ("a" * 5000), tmp_path / "b.png")
    opening.open(paths)
    qtbot.waitUntil(lambda: tuple(found) == paths)


def test_the_file_system_is_asked_on_the_worker_only(
    opening: OpeningOnWorker, found: list[Path], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, "photos", "a.png")
    threads, is_dir = [], Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: (threads.append(threading.current_thread().name), is_dir(path))[1])
    opening.open([folder, folder / "a.png"])
    qtbot.waitUntil(lambda: len(found) == 2)
    assert set(threads) == {"acne-test"}


def test_a_folder_opened_while_another_is_searched_replaces_nothing(
    opening: OpeningOnWorker, found: list[Path], qtbot: QtBot, tmp_path: Path
) -> None:
    gate = Gate(opening.worker)
    opening.open([folder_of(tmp_path, "first", "a.png")])
    opening.open([folder_of(tmp_path, "second", "b.png")])
    gate.opened.set()
    qtbot.waitUntil(lambda: [path.name for path in found] == ["a.png", "b.png"])


def test_what_one_search_could_not_do_is_still_reported_after_the_next(
    opening: OpeningOnWorker, found: list[Path], reported: list[str], qtbot: QtBot, tmp_path: Path
) -> None:
    gate = Gate(opening.worker)
    opening.open([folder_of(tmp_path, "first")])
    opening.open([folder_of(tmp_path, "second", "b.png")])
    gate.opened.set()
    qtbot.waitUntil(lambda: not opening.is_searching)
    assert "holds no file" in reported[-1]
    opening.open([tmp_path / "second"])
    qtbot.waitUntil(lambda: len(found) == 2)
    assert reported[-1] == ""


@pytest.mark.parametrize("slow", [60_000])
def test_a_short_search_is_not_announced(
    opening: OpeningOnWorker, found: list[Path], reported: list[str], qtbot: QtBot, tmp_path: Path
) -> None:
    opening.open([folder_of(tmp_path, "photos", "a.png")])
    qtbot.waitUntil(lambda: len(found) == 1)
    assert texts.SEARCHING not in reported


@pytest.mark.parametrize("slow", [1])
def test_a_long_search_is_announced_until_it_ends(
    opening: OpeningOnWorker, reported: list[str], qtbot: QtBot, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, "photos", "a.png")
    gate = Gate(opening.worker)
    opening.open([folder])
    qtbot.waitUntil(lambda: reported[-1] == texts.SEARCHING)
    gate.opened.set()
    qtbot.waitUntil(lambda: reported[-1] == "")


def test_a_web_address_beside_files_is_still_reported_when_they_are_found(
    opening: OpeningOnWorker, found: list[Path], reported: list[str], qtbot: QtBot, photo: Photo
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.jpg"), QUrl.fromLocalFile(str(photo("papules")))])
    opening.open_data(data)
    qtbot.waitUntil(lambda: len(found) == 1)
    assert reported[-1] == texts.WEB_ADDRESS


def test_pasted_pictures_are_written_on_the_worker(
    opening: OpeningOnWorker, found: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, write = [], openings.write_picture

    def watched(*arguments: object) -> Path:
        threads.append(threading.current_thread().name)
        return write(*arguments)

    monkeypatch.setattr(openings, "write_picture", watched)
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor(255, 0, 0))
    data = QMimeData()
    data.setImageData(picture)
    opening.open_data(data)
    opening.open_data(data)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert threads == ["acne-test", "acne-test"]
    assert all(opening.is_own(path) and path.exists() for path in found)


def test_a_pasted_picture_that_cannot_be_written_is_reported(
    opening: OpeningOnWorker, reported: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryDirectory", full)
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    opening.open_data(data)
    qtbot.waitUntil(lambda: "No space left on device" in (reported or [""])[-1])


def test_photos_of_the_command_line_are_listed_absolute(start: Start, photo: Photo, qtbot: QtBot, home: Path) -> None:
    photo("papules").rename(home / "papules.png")
    controller = start(files=["papules.png"])  # the tests' current folder
    qtbot.waitUntil(lambda: len(controller.rows.results) == 1, timeout=20_000)
    assert controller.rows.results[0].path == home / "papules.png"


@pytest.mark.parametrize(
    ("possible", "taken"), [(COPY | MOVE, COPY), (MOVE | LINK, LINK), (MOVE, None)], ids=["copy", "link", "move only"]
)
def test_whatever_is_proposed_a_dropped_photo_is_not_moved(
    start: Start, photo: Photo, qtbot: QtBot, possible: Qt.DropAction, taken: Qt.DropAction | None
) -> None:
    controller = start()
    window, data = controller.window, QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo("papules")))])
    place, button, key = window.rect().center(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    enter = QDragEnterEvent(place, possible, data, button, key)
    drop = QDropEvent(QPointF(place), possible, data, button, key)
    for event in (enter, drop):
        event.setDropAction(MOVE)
        QApplication.sendEvent(window, event)
        assert event.isAccepted() is (taken is not None)
        assert taken is None or event.dropAction() is taken
    if taken is not None:
        qtbot.waitUntil(lambda: len(controller.rows.results) == 1, timeout=20_000)
