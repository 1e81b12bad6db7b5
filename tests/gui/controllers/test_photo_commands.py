"""What is done with listed photos: their answers are copied, reported and shown in their folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMessageBox

from gui.files import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]

POPUP = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def photos(photo: Photo) -> list[Path]:
    return [photo("papules"), photo("cysts"), photo("comedones")]


@pytest.fixture
def listed(start: Start, photos: list[Path], qtbot: QtBot) -> AppController:
    """Three photos, all answered, in a window that has the keyboard."""
    controller = start(files=photos)
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) == 3 and not results.pending(), timeout=20_000)
    qtbot.waitUntil(controller.window.commands.copy_answer.isEnabled)
    controller.window.activateWindow()
    return controller


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_ctrl_c_copies_the_answer_of_the_open_photo_with_its_model_and_a_caution(
    listed: AppController, qtbot: QtBot
) -> None:
    qtbot.keyClick(listed.window.view, Qt.Key.Key_C, CONTROL)
    line = clipboard()
    assert line.startswith("papules.png: Papules ")
    assert "uncertain" in line
    assert line.endswith("tiny (folder). Research tool, not a diagnosis.")


def test_answers_of_several_selected_photos_are_copied_in_the_order_of_the_list(
    listed: AppController, qtbot: QtBot
) -> None:
    table = listed.window.results.table
    table.setFocus()
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    assert [line.partition(":")[0] for line in clipboard().splitlines()] == [
        "papules.png",
        "cysts.png",
        "comedones.png",
    ]
    assert listed.window.notice.text.accessibleName() == texts.answers_copied(3)


def test_a_hidden_answer_is_neither_copied_nor_reported(
    listed: AppController, photos: list[Path], qtbot: QtBot
) -> None:
    commands = listed.window.commands
    commands.review.toggle.trigger()
    commands.review.blind.trigger()
    qtbot.waitUntil(lambda: listed.session.answer_hidden)
    assert not commands.copy_answer.isEnabled()
    assert not commands.photo_report.isEnabled()
    QGuiApplication.clipboard().setText("before")
    listed.photo_commands.copy_answers()
    assert clipboard() == "before"
    report = photos[0].with_name("report.pdf")
    listed.photo_commands.report_list(report)
    assert listed.window.notice.text.accessibleName() == texts.NOTHING_TO_REPORT
    assert not report.exists()


def test_a_path_is_copied_as_it_can_be_pasted(listed: AppController, photos: list[Path], qtbot: QtBot) -> None:
    qtbot.keyClick(listed.window.view, Qt.Key.Key_C, CONTROL | SHIFT)
    assert clipboard() == str(photos[0])


def test_ctrl_f_gives_the_keyboard_to_the_filter_by_name(listed: AppController, qtbot: QtBot) -> None:
    qtbot.keyClick(listed.window.view, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(listed.window.results.filter_row.text.hasFocus)


@POPUP
def test_the_menu_of_a_photo_offers_what_the_menus_offer_for_it(listed: AppController, qtbot: QtBot) -> None:
    commands = listed.window.commands
    listed.window.view.menu_requested.emit(QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = menu.actions()
    menu.close()
    assert {commands.copy_answer, commands.copy_path, commands.show_in_folder, commands.remove} <= set(offered)
    assert commands.review.toggle in offered


@POPUP
def test_while_reviewing_the_menu_offers_the_classes(listed: AppController, qtbot: QtBot) -> None:
    review = listed.window.commands.review
    review.toggle.trigger()
    listed.window.results.table.menu_requested.emit(QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = menu.actions()
    menu.close()
    assert {*review.classes, review.none, review.unsure} <= set(offered)


def test_a_report_of_a_photo_is_a_pdf_without_metadata_of_the_photo(
    listed: AppController, photos: list[Path], qtbot: QtBot
) -> None:
    report = photos[0].with_name("report.pdf")
    listed.window.files.photo_report_chosen.emit(report)
    qtbot.waitUntil(lambda: listed.window.notice.text.accessibleName() == texts.report_saved(report))
    content = report.read_bytes()
    assert content.startswith(b"%PDF")
    assert str(photos[0].parent).encode() not in content


def test_a_report_never_replaces_a_listed_photo(listed: AppController, photos: list[Path], qtbot: QtBot) -> None:
    before = photos[1].read_bytes()
    listed.window.files.list_report_chosen.emit(photos[1])
    qtbot.waitUntil(lambda: "never overwritten" in listed.window.notice.text.accessibleName())
    assert photos[1].read_bytes() == before


def test_a_report_that_cannot_be_written_is_reported_and_leaves_nothing(
    listed: AppController, photos: list[Path], qtbot: QtBot
) -> None:
    folder = photos[0].parent / "file"
    folder.write_text("no folder", encoding="utf-8")
    listed.window.files.list_report_chosen.emit(folder / "report.pdf")
    qtbot.waitUntil(lambda: "cannot be written" in listed.window.notice.text.accessibleName())


@pytest.fixture
def print_to(qtbot: QtBot) -> Iterator[Callable[[Path], None]]:
    """Print to a file in the dialog that will come, and agree to replace the file."""
    timer = QTimer()
    files: list[Path] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QMessageBox):
            dialog.button(QMessageBox.StandardButton.Yes).click()
        elif isinstance(dialog, QPrintDialog) and files:
            dialog.findChild(QLineEdit, "filename").setText(str(files.pop()))
            dialog.accept()

    timer.timeout.connect(answer)
    timer.start(10)
    yield files.append
    timer.stop()


def test_ctrl_p_prints_the_report_of_the_open_photo(
    listed: AppController, photos: list[Path], qtbot: QtBot, print_to: Callable[[Path], None]
) -> None:
    printed = photos[0].with_name("printed.pdf")
    print_to(printed)
    qtbot.keyClick(listed.window.view, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: listed.window.notice.text.accessibleName() == texts.report_saved(printed))
    assert printed.read_bytes().startswith(b"%PDF")


def test_a_report_is_never_printed_over_a_listed_photo(
    listed: AppController, photos: list[Path], qtbot: QtBot, tmp_path: Path, print_to: Callable[[Path], None]
) -> None:
    before, link = photos[1].read_bytes(), tmp_path / "link.pdf"
    link.symlink_to(photos[1])
    print_to(link)
    qtbot.keyClick(listed.window.view, Qt.Key.Key_P, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: "never overwritten" in listed.window.notice.text.accessibleName())
    assert photos[1].read_bytes() == before


def test_f11_fills_the_screen_and_leaves_it_again(listed: AppController, qtbot: QtBot) -> None:
    window = listed.window
    qtbot.keyClick(window.view, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window.view, Qt.Key.Key_F11)
    assert not window.isFullScreen()
