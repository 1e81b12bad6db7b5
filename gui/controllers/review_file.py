"""The controller of the file of reviews: chosen at the first review, read before anything is added to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.review.texts import FILE
from gui.review.writing import ReviewWriting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from acnelib.reviews import Review
    from gui.background import Worker
    from gui.state.preferences import PreferenceStore
    from gui.state.review_session import MadeReview


class ReviewFileController(QObject):
    """Keeps the path of the file, and lets reviews wait until its lines are known: they may contradict these."""

    loaded = Signal(object)  # the last reviews by hash and reviewer
    not_read = Signal(str)  # text for the user

    def __init__(
        self,
        *,
        ask: Callable[[], Path | None],
        store: PreferenceStore,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Begin without a file, or with the remembered one.

        Args:
            ask: Lets the user choose a folder; returns None for none.
            store: The preferences, which remember the folder after the first review.
            worker: On which the file is read and written.
            parent: Its owner.
        """
        super().__init__(parent)
        self._ask, self._store = ask, store
        self.writing = ReviewWriting(worker, self)
        self.writing.read.connect(self._read)
        self.writing.not_read.connect(self._not_read)
        self._is_read = False
        self._waiting: Callable[[], None] | None = None
        self.path: Path | None = None
        self.use_remembered()

    @property
    def is_ready(self) -> bool:
        """Whether there is a file, and its reviews are known."""
        return self.path is not None and self._is_read

    @property
    def is_remembered(self) -> bool:
        """Whether the preferences name its folder."""
        return self.path is not None and str(self.path.parent) == self._store.load().review_folder

    def use_remembered(self) -> None:
        """Use the folder that the preferences name, or none."""
        folder = self._store.load().review_folder
        self.path, self._is_read = (Path(folder) / FILE if folder else None), False

    def start_reading(self) -> None:
        """Read the file, where there is one."""
        if self.path is not None:
            self.writing.start_reading(self.path)

    def change_folder(self) -> None:
        """Let the user choose another folder, whose reviews take the place of the present ones."""
        if self._choose():
            self.start_reading()

    def when_ready(self, then: Callable[[], None]) -> None:
        """Do something once a folder is chosen and its reviews are read; not at all where one of these fails."""
        if self.path is None and not self._choose():
            return
        if self._is_read:
            then()
            return
        self._waiting = then
        if not self.writing.is_reading:
            self.start_reading()

    def add(self, reviews: Iterable[MadeReview]) -> None:
        """Add the lines of reviews."""
        for made in reviews:
            if self.path is not None:
                self.writing.add(self.path, made)

    def take_back(self, reviews: Iterable[MadeReview]) -> None:
        """Take back the lines of reviews, the last one first."""
        for made in reviews:
            if self.path is not None:
                self.writing.take_back(self.path, made)

    def _choose(self) -> bool:
        folder = self._ask()
        if folder is not None:
            self.path, self._is_read = folder / FILE, False
        return folder is not None

    @Slot(object, object)
    def _read(self, path: Path, last: Mapping[str, Mapping[str, Review]]) -> None:
        if path != self.path:
            return
        self._is_read = True
        self.loaded.emit(last)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    @Slot(object, str)
    def _not_read(self, _path: Path, reason: str) -> None:
        self._waiting = None
        if not self.is_remembered:
            self.path = None  # another folder may be chosen with the next review
        self.not_read.emit(reason)
