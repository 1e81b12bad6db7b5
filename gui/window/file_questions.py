"""The questions which files to open and where to write: each remembers its folder while the app runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.files import texts
from gui.files.file_dialogs import (
    choose_folder,
    choose_photos,
    choose_picture_file,
    choose_report_file,
    choose_review_folder,
    choose_table_file,
)
from gui.state.dialog_folders import DialogFolders

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget


class FileQuestions(QObject):
    """Asks in dialogs of a window.

    Attributes:
        photo: The open photo, beside which the dialogs begin; None: there is none.
        folders: The folders that were chosen.
    """

    photos_chosen = Signal(object)  # list of paths, never empty
    table_file_chosen = Signal(object)  # where the table is to be written
    picture_file_chosen = Signal(object)  # where the picture is to be written
    photo_report_chosen = Signal(object)  # where the report of the open photo is to be written
    list_report_chosen = Signal(object)  # where the report of the list is to be written

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.photo: Path | None = None
        self.folders = DialogFolders()

    def ask_review_folder(self) -> Path | None:
        """Let the user choose the folder of reviews, and return it; None for none."""
        folder = choose_review_folder(self._window, self.folders.beside(None))
        if folder is not None:
            self.folders.remember_folder(folder)
        return folder

    def ask_printer(self) -> QPrinter | None:
        """Let the user choose a printer and its paper, and return it; None for none."""
        from gui.files.print_dialog import choose_printer

        return choose_printer(self._window, self._folder)

    @Slot()
    def choose_photos(self) -> None:
        """Let the user choose photos."""
        if paths := choose_photos(self._window, self._folder):
            self.folders.remember_file(paths[0])
            self.photos_chosen.emit(paths)

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder of photos."""
        if paths := choose_folder(self._window, self._folder):
            self.folders.remember_folder(paths[0])
            self.photos_chosen.emit(paths)

    @Slot()
    def choose_table_file(self) -> None:
        """Ask where the table is to be written."""
        if path := choose_table_file(self._window, self._folder):
            self.folders.remember_file(path)
            self.table_file_chosen.emit(path)

    @Slot()
    def choose_picture_file(self) -> None:
        """Ask where the picture of the open photo is to be written."""
        photo = self.photo
        if photo is not None and (path := choose_picture_file(self._window, self._folder, photo=photo.stem)):
            self.folders.remember_file(path)
            self.picture_file_chosen.emit(path)

    @Slot()
    def choose_photo_report_file(self) -> None:
        """Ask where the report of the open photo is to be written."""
        photo = self.photo
        if photo is not None and (
            path := choose_report_file(self._window, self._folder, name=texts.photo_report(photo.stem))
        ):
            self.folders.remember_file(path)
            self.photo_report_chosen.emit(path)

    @Slot()
    def choose_list_report_file(self) -> None:
        """Ask where the report of the listed photos is to be written."""
        if path := choose_report_file(self._window, self._folder, name=texts.LIST_REPORT):
            self.folders.remember_file(path)
            self.list_report_chosen.emit(path)

    @property
    def _folder(self) -> Path:
        return self.folders.beside(self.photo)
