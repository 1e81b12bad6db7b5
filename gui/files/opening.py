"""From whatever is handed over to the files that are listed: folders looked through, samples drawn, clipboards read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from acnelib.text.plain_reasons import plain_reason
from gui.background import Background, Worker
from gui.files.intake import read_intake, write_picture
from gui.files.private_folder import PrivateFolder, remove_left_behind
from gui.one_by_one import OneByOne
from gui.window import texts as window_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage

    from acnelib.folders.photo_files import FoundFiles

logger = logging.getLogger(__name__)

_SLOW = 300  # milliseconds from which a search is worth a word; of most, the word would only flicker


class Opening(QObject):
    """Finds files, on a worker: a folder may hold thousands, and a file system may not answer."""

    found = Signal(object)  # files, in the order in which they are to be listed; never empty
    told = Signal(str)  # sentences for the user; empty: what was said before is out of date

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = PrivateFolder()
        self._problems: list[str] = []  # of the searches that are under way
        self._searches = OneByOne(worker, self)
        self._searches.item_done.connect(self._searched)
        self._searches.item_failed.connect(lambda _, reason: self._tell(reason))
        self._slow = QTimer(self)
        self._slow.setInterval(_SLOW)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(lambda: self.told.emit(window_texts.LOOKING_FOR_PHOTOS))
        self._searches.idle.connect(self._slow.stop)
        self._pasted = OneByOne(worker, self)
        self._pasted.item_done.connect(lambda _, path: self.found.emit((path,)))
        self._pasted.item_failed.connect(lambda _, reason: self.told.emit(reason))
        self._samples = Background(worker, self)
        self._samples.item_done.connect(lambda _, files: self.found.emit(files))
        self._samples.item_failed.connect(lambda _, reason: self.told.emit(reason))
        self._removals = Background(worker, self)

    @Slot(object)
    def open(self, paths: Sequence[Path]) -> None:
        """Take files as they are, and whatever lies in folders."""
        self._search(paths)

    @Slot(object)
    def take(self, data: QMimeData) -> None:
        """Take what was dropped or lies in the clipboard."""
        intake = read_intake(data)
        if intake.paths:
            self._search(intake.paths, told=intake.told)
        elif intake.picture is not None:
            self.told.emit("")
            self._pasted.add(self._write, intake.picture)
        else:
            self.told.emit(" ".join(intake.told))

    @Slot()
    def draw_samples(self) -> None:
        """Take pictures that are drawn for those who have no photo at hand."""
        self._samples.start(_drawn, [self._folder])

    def is_own(self, path: Path) -> bool:
        """Tell whether a picture was pasted or drawn, and is gone when the app is."""
        return self._folder.holds(path)

    @Slot()
    def remove_left_behind(self) -> None:
        """Remove the pictures of apps that were killed."""
        self._removals.start(_remove_left_behind, [None])

    def close(self) -> None:
        """Leave nothing behind."""
        self._slow.stop()
        self._folder.remove()

    def _search(self, paths: Sequence[Path], *, told: Sequence[str] = ()) -> None:
        """Look where paths lead, and tell with what comes of it what else there is to tell."""
        if not self._searches.is_busy:
            self._problems.clear()
        self._tell(*told)
        self._searches.add(_expanded, tuple(paths))
        self._slow.start()

    def _tell(self, *sentences: str) -> None:
        """Tell these sentences beside those of the searches before, which nobody has had time to read."""
        self._problems += [sentence for sentence in sentences if sentence]
        self.told.emit(" ".join(self._problems))

    def _write(self, picture: QImage) -> Path:
        return write_picture(picture, self._folder)

    @Slot(object, object)
    def _searched(self, _paths: tuple[Path, ...], expanded: FoundFiles) -> None:
        self._tell(window_texts.search_problems(expanded.problems))
        if expanded.files:
            self.found.emit(expanded.files)


def _expanded(paths: tuple[Path, ...]) -> FoundFiles:
    from acnelib.folders.photo_files import find_photo_files

    return find_photo_files(paths)


def _remove_left_behind(_nothing: None) -> None:
    try:
        number = remove_left_behind()
    except OSError as error:
        logger.warning("what other apps left was not looked for: %s", plain_reason(error, quoting=False))
    else:
        if number:
            logger.info("removed the pictures of %d apps that were killed", number)


def _drawn(folder: PrivateFolder) -> tuple[Path, ...]:
    from gui.files.samples import draw_samples

    return draw_samples(folder.path)
