"""The opening of photos: folders are searched, the clipboard is read, samples are drawn."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from acnelib.text.plain_reasons import plain_reason
from gui.background import Background, Worker
from gui.files import texts
from gui.files.intake import read_intake, write_picture
from gui.files.private_folder import PrivateFolder, remove_stale_folders
from gui.one_by_one import OneByOne

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage

    from acnelib.folders.photo_files import FoundFiles

logger = logging.getLogger(__name__)

SLOW = 300
"""Milliseconds after which a search is announced; for most, the notice would only flicker."""


class Opening(QObject):
    """Finds files, on a worker: a folder may hold thousands, and a file system may not answer."""

    found = Signal(object)  # files, in the order in which they are to be listed; never empty
    opened = Signal(object)  # paths as the user chose them, in which photos were found
    message = Signal(str)  # sentences for the user; empty: the message before is out of date

    def __init__(self, worker: Worker, parent: QObject | None = None, *, slow: int = SLOW) -> None:
        """Make an opener.

        Args:
            worker: The worker that looks at files.
            parent: Its owner.
            slow: Milliseconds after which a search is announced.
        """
        super().__init__(parent)
        self._folder = PrivateFolder()
        self._problems: list[str] = []  # of the searches that are under way
        self._searches = OneByOne(worker, self)
        self._searches.item_done.connect(self._searched)
        self._searches.item_failed.connect(lambda _, reason: self._add_problems(reason))
        self._slow = QTimer(self)
        self._slow.setInterval(slow)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(lambda: self.message.emit(texts.SEARCHING))
        self._searches.idle.connect(self._slow.stop)
        self._pasted = OneByOne(worker, self)
        self._pasted.item_done.connect(lambda _, path: self.found.emit((path,)))
        self._pasted.item_failed.connect(lambda _, reason: self.message.emit(reason))
        self._samples = Background(worker, self)
        self._samples.item_done.connect(lambda _, files: self.found.emit(files))
        self._samples.item_failed.connect(lambda _, reason: self.message.emit(reason))
        self._removals = Background(worker, self)

    @Slot(object)
    def open(self, paths: Sequence[Path]) -> None:
        """Open files, and the photos in folders."""
        self._search(paths)

    @Slot(object)
    def open_data(self, data: QMimeData) -> None:
        """Open what was dropped, or what the clipboard holds."""
        intake = read_intake(data)
        if intake.paths:
            self._search(intake.paths, problems=intake.problems)
        elif intake.picture is not None:
            self.message.emit("")
            self._pasted.add(self._write, intake.picture)
        else:
            self.message.emit(" ".join(intake.problems))

    @Slot()
    def draw_samples(self) -> None:
        """Draw and open sample pictures, for users who have no photo at hand."""
        self._samples.start(_drawn, [self._folder])

    @property
    def is_searching(self) -> bool:
        """Whether a search is under way."""
        return self._searches.is_busy

    def is_own(self, path: Path) -> bool:
        """Tell whether a picture was pasted or drawn, and is deleted with the app's folder."""
        return self._folder.holds(path)

    @Slot()
    def remove_stale_folders(self) -> None:
        """Remove the pictures of apps that were killed."""
        self._removals.start(_remove_stale_folders, [None])

    def close(self) -> None:
        """Remove the folder of pasted and drawn pictures."""
        self._slow.stop()
        self._folder.remove()

    def _search(self, paths: Sequence[Path], *, problems: Sequence[str] = ()) -> None:
        """Search paths, and show these problems together with those of the search."""
        if not self._searches.is_busy:
            self._problems.clear()
        self._add_problems(*problems)
        self._searches.add(_expanded, tuple(paths))
        self._slow.start()

    def _add_problems(self, *sentences: str) -> None:
        """Show these sentences beside those of the searches before, which the user has not had time to read."""
        self._problems += [sentence for sentence in sentences if sentence]
        self.message.emit(" ".join(self._problems))

    def _write(self, picture: QImage) -> Path:
        return write_picture(picture, self._folder)

    @Slot(object, object)
    def _searched(self, paths: tuple[Path, ...], expanded: FoundFiles) -> None:
        self._add_problems(texts.search_problems(expanded.problems))
        if expanded.files:
            self.opened.emit(paths)
            self.found.emit(expanded.files)


def _expanded(paths: tuple[Path, ...]) -> FoundFiles:
    from acnelib.folders.photo_files import find_photo_files

    return find_photo_files(paths)


def _remove_stale_folders(_nothing: None) -> None:
    try:
        number = remove_stale_folders()
    except OSError as error:
        logger.warning("what other apps left was not looked for: %s", plain_reason(error, quoting=False))
    else:
        if number:
            logger.info("removed the pictures of %d apps that were killed", number)


def _drawn(folder: PrivateFolder) -> tuple[Path, ...]:
    from gui.files.samples import draw_samples

    return draw_samples(folder.path)
