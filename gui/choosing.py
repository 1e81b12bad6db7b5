"""Asking for files and folders, in the desktop's own dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gui import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def choose_photos(parent: QWidget, folder: Path | None) -> list[Path]:
    """Return the photos that the user chooses, none where they choose none; begins in a folder."""
    names, _ = QFileDialog.getOpenFileNames(parent, texts.CHOOSE, _start(folder), texts.PHOTO_FILES)
    return [Path(name) for name in names]


def choose_folder(parent: QWidget, folder: Path | None) -> list[Path]:
    """Return the folder that the user chooses, alone in a list; an empty list where they choose none."""
    name = QFileDialog.getExistingDirectory(parent, texts.CHOOSE_FOLDER, _start(folder))
    return [Path(name)] if name else []


def choose_table_file(parent: QWidget, folder: Path | None) -> Path | None:
    """Return where the user wants the table: a name that ends in ``.csv`` or ``.json``; None for nowhere."""
    start = str((folder or Path.home()) / texts.TABLE_FILE)
    name, kind = QFileDialog.getSaveFileName(
        parent, texts.EXPORT_TABLE, start, f"{texts.CSV_FILES};;{texts.JSON_FILES}"
    )
    if not name:
        return None
    path = Path(name)
    if path.suffix.casefold() in {".csv", ".json"}:
        return path
    return path.with_name(path.name + (".json" if kind == texts.JSON_FILES else ".csv"))


def choose_picture_file(parent: QWidget, photo: Path) -> Path | None:
    """Return where the user wants a photo's picture: a name that ends in ``.png`` or ``.jpg``; None for nowhere."""
    start = str(photo.with_name(f"{photo.stem}-shown.png"))
    name, _ = QFileDialog.getSaveFileName(parent, texts.SAVE_PICTURE, start, texts.PICTURE_FILES)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.casefold() in {".png", ".jpg", ".jpeg"} else path.with_name(path.name + ".png")


def _start(folder: Path | None) -> str:
    return "" if folder is None else str(folder)
