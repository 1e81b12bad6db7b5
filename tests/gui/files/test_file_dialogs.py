"""Choosers: where they begin, what they leave behind, and that nothing is replaced without a question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget

from gui.files import texts
from gui.files.file_dialogs import choose_folder, choose_photos, choose_picture_file, choose_table_file
from gui.state.session import Shown
from gui.widgets.dialog_memory import folders_unremembered, forget_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]
    Settings = Callable[[], QSettings]
    Answers = Callable[..., None]


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def answers(qtbot: QtBot, qt_settings: Settings) -> Iterator[Answers]:
    """Answer the dialogs that will come, one after the other; all must have come."""
    timer, waiting, seen = QTimer(), [], []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog not in seen and waiting:
            seen.append(dialog)
            waiting.pop(0)(dialog)

    timer.timeout.connect(answer)
    timer.start(10)
    yield lambda *given: waiting.extend(given)
    timer.stop()
    assert waiting == []


def type_name(name: str) -> Callable[[QFileDialog], None]:
    def answer(dialog: QFileDialog) -> None:
        dialog.findChild(QLineEdit).setText(name)
        dialog.accept()

    return answer


def press(words: str) -> Callable[[QMessageBox], None]:
    def answer(box: QMessageBox) -> None:
        next(button for button in box.buttons() if words in button.text().replace("&", "")).click()

    return answer


def chooser_that_begins_in(monkeypatch: pytest.MonkeyPatch, name: str, result: object) -> list[Path]:
    """Put a chooser in place of the desktop's; return where each begins."""
    begun: list[Path] = []

    def choose(*arguments: object) -> object:
        begun.append(Path(str(arguments[2])))
        return result

    monkeypatch.setattr(QFileDialog, name, choose)
    return begun


def test_exports_of_the_apps_own_pictures_go_elsewhere(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = chooser_that_begins_in(monkeypatch, "getSaveFileName", ("", ""))
    controller = start()
    controller.window.commands.samples.trigger()
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    controller.window.commands.export.trigger()
    controller.window.commands.save_picture.trigger()
    assert [path.parent for path in begun] == [Path.home(), Path.home()]
    assert begun[1].name.endswith("-shown.png")


def test_exports_of_a_users_photo_are_proposed_beside_it(
    start: Start, qtbot: QtBot, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = chooser_that_begins_in(monkeypatch, "getSaveFileName", ("", ""))
    file = photo("papules")
    controller = start(files=[file])
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    controller.window.commands.export.trigger()
    controller.window.commands.save_picture.trigger()
    assert begun == [file.with_name(texts.TABLE_FILE), file.with_name("papules-shown.png")]


def test_a_chooser_begins_where_something_was_chosen_last(
    start: Start, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chooser_that_begins_in(monkeypatch, "getExistingDirectory", str(tmp_path))
    begun = chooser_that_begins_in(monkeypatch, "getOpenFileNames", ([], ""))
    controller = start()
    controller.window.commands.open_folder.trigger()
    controller.window.commands.open.trigger()
    assert begun == [tmp_path]


def test_a_name_without_an_ending_does_not_replace_another_file_unasked(
    parent: QWidget, answers: Answers, tmp_path: Path
) -> None:
    (tmp_path / "results.csv").write_text("mine")
    answers(type_name("results"), press("Cancel"))
    assert choose_table_file(parent, tmp_path) is None
    answers(type_name("results"), press("Replace"))
    assert choose_table_file(parent, tmp_path) == tmp_path / "results.csv"


def test_a_picture_without_an_ending_does_not_replace_another_unasked(
    parent: QWidget, answers: Answers, tmp_path: Path
) -> None:
    (tmp_path / "face.txt.png").write_text("mine")
    answers(type_name("face.txt"), press("Cancel"))
    assert choose_picture_file(parent, tmp_path, photo="photo") is None


def test_a_new_name_gets_its_ending_without_a_question(parent: QWidget, answers: Answers, tmp_path: Path) -> None:
    answers(type_name("results"), type_name("face"))
    assert choose_table_file(parent, tmp_path) == tmp_path / "results.csv"
    assert choose_picture_file(parent, tmp_path, photo="photo") == tmp_path / "face.png"


def test_no_folder_of_photos_is_left_in_what_qt_remembers(
    parent: QWidget, answers: Answers, photo: Photo, tmp_path: Path, qt_settings: Settings
) -> None:
    photo("papules")
    answers(type_name("papules.png"), QFileDialog.accept, type_name("results"), QFileDialog.reject)
    assert choose_photos(parent, tmp_path) == [tmp_path / "papules.png"]
    assert choose_folder(parent, tmp_path) == [tmp_path]
    choose_table_file(parent, tmp_path)
    choose_picture_file(parent, tmp_path, photo="papules")
    settings = qt_settings()
    settings.sync()
    assert settings.contains("FileDialog/viewMode"), "no dialog of Qt's own was shown"
    assert tmp_path.name not in Path(settings.fileName()).read_text()


def test_what_other_programs_had_remembered_stays(qt_settings: Settings) -> None:
    settings = qt_settings()
    settings.setValue("FileDialog/lastVisited", "file:///theirs")
    with folders_unremembered():
        settings.setValue("FileDialog/lastVisited", "file:///photos")
        settings.setValue("FileDialog/history", ["file:///photos"])
    assert settings.value("FileDialog/lastVisited") == "file:///theirs"
    assert not settings.contains("FileDialog/history")


def test_remembered_folders_can_be_forgotten_and_nothing_else_goes(qt_settings: Settings) -> None:
    settings = qt_settings()
    for key in ("FileDialog/lastVisited", "FileDialog/history", "FileDialog/viewMode"):
        settings.setValue(key, "file:///photos")
    forget_folders()
    assert settings.allKeys() == ["FileDialog/viewMode"]
