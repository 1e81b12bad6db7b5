"""The desktop's own dialogs for files and folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.files import texts
from gui.widgets.dialog_buttons import add_cancel
from gui.widgets.dialog_memory import folders_unremembered

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TABLES = (".csv", ".json")
_REPORTS = (".pdf",)
_PICTURES = (".png", ".jpg", ".jpeg")


def choose_photos(parent: QWidget, folder: Path) -> list[Path]:
    """Return the photos that the user chooses, none where they choose none; begins in a folder."""
    with folders_unremembered():
        names, _ = QFileDialog.getOpenFileNames(parent, texts.OPEN_PHOTOS, str(folder), texts.PHOTO_FILES)
    return [Path(name) for name in names]


def choose_folder(parent: QWidget, folder: Path) -> list[Path]:
    """Return the folder that the user chooses, alone in a list; an empty list where they choose none."""
    with folders_unremembered():
        name = QFileDialog.getExistingDirectory(parent, texts.OPEN_FOLDER, str(folder))
    return [Path(name)] if name else []


def choose_review_folder(parent: QWidget, folder: Path) -> Path | None:
    """Return the folder in which the user wants the reviews; None where they choose none."""
    with folders_unremembered():
        name = QFileDialog.getExistingDirectory(parent, texts.REVIEW_FOLDER, str(folder))
    return Path(name) if name else None


def choose_table_file(parent: QWidget, folder: Path) -> Path | None:
    """Return where the user wants the table: a name that ends in ``.csv`` or ``.json``; None for nowhere."""
    kinds = f"{texts.CSV_FILES};;{texts.JSON_FILES}"
    with folders_unremembered():
        name, kind = QFileDialog.getSaveFileName(parent, texts.EXPORT_TABLE, str(folder / texts.TABLE_FILE), kinds)
    return _ending(parent, name, endings=_TABLES, usual=".json" if kind == texts.JSON_FILES else ".csv")


def choose_picture_file(parent: QWidget, folder: Path, *, photo: str) -> Path | None:
    """Return where the user wants the picture of a photo: a name that ends in ``.png`` or ``.jpg``; None for nowhere.

    Args:
        parent: The window that asks.
        folder: Where the chooser begins.
        photo: Name of the photo without its ending, from which a name is proposed.
    """
    start = str(folder / f"{photo}-shown.png")
    with folders_unremembered():
        name, _ = QFileDialog.getSaveFileName(parent, texts.SAVE_PICTURE, start, texts.PICTURE_FILES)
    return _ending(parent, name, endings=_PICTURES, usual=".png")


def choose_report_file(parent: QWidget, folder: Path, *, name: str) -> Path | None:
    """Return where the user wants a report: a name that ends in ``.pdf``; None for nowhere.

    Args:
        parent: The window that asks.
        folder: Where the chooser begins.
        name: The proposed name, without its ending.
    """
    with folders_unremembered():
        chosen, _ = QFileDialog.getSaveFileName(
            parent, texts.SAVE_REPORT, str(folder / f"{name}.pdf"), texts.REPORT_FILES
        )
    return _ending(parent, chosen, endings=_REPORTS, usual=".pdf")


def _ending(parent: QWidget, name: str, *, endings: tuple[str, ...], usual: str) -> Path | None:
    """Return a chosen name with an ending; None where there is none, or where it may not be replaced."""
    if not name:
        return None
    path = Path(name)
    if path.suffix.casefold() in endings:
        return path
    whole = path.with_name(path.name + usual)
    # The dialog asked about the name as it was typed, and this is another file.
    return whole if not os.path.lexists(whole) or _may_replace(parent, whole) else None


def _may_replace(parent: QWidget, path: Path) -> bool:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(texts.replace_question(path))
    replace = box.addButton(texts.REPLACE, QMessageBox.ButtonRole.DestructiveRole)
    add_cancel(box)
    box.exec()
    try:
        return box.clickedButton() is replace
    finally:
        box.deleteLater()
