"""The file of reviews, read and written off the UI thread: each line is on the disk before the next is begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Worker
from gui.one_by_one import OneByOne

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acnelib.reviews import Review
    from gui.state.review_session import MadeReview


@dataclass(frozen=True, kw_only=True)
class _Change:
    path: Path
    made: MadeReview


class ReviewWriting(QObject):
    """Reads a file of reviews, adds lines to it and takes them back, in the order in which that is asked for."""

    read = Signal(object, object)  # path, the last reviews by hash and reviewer
    not_read = Signal(object, str)  # path, text for the user
    not_written = Signal(object, str)  # MadeReview, text for the user
    not_undone = Signal(object, str)  # MadeReview, text for the user

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads = Background(worker, self)
        self._reads.item_done.connect(self.read)
        self._reads.item_failed.connect(self.not_read)
        self._imports = Background(worker, self)
        self._additions, self._removals = OneByOne(worker, self), OneByOne(worker, self)
        self._additions.item_failed.connect(self._addition_failed)
        self._removals.item_failed.connect(self._removal_failed)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read or written."""
        return self._reads.is_busy or self._additions.is_busy or self._removals.is_busy

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return self._reads.is_busy

    def close(self) -> None:
        """Abandon what is being read; what is being written is finished."""
        self._reads.abandon()
        self._imports.abandon()

    def prepare(self) -> None:
        """Import what reviews need, so that the first one does not keep the window waiting."""
        self._imports.start(_import, [None])

    def start_reading(self, path: Path) -> None:
        """Read a file; one that does not exist yet has no reviews, and stays so."""
        self._reads.start(_read, [path])

    def add(self, path: Path, made: MadeReview) -> None:
        """Add the line of a review; the first one makes the file."""
        self._additions.add(_add, _Change(path=path, made=made))

    def take_back(self, path: Path, made: MadeReview) -> None:
        """Take back the line of a review."""
        self._removals.add(_take_back, _Change(path=path, made=made))

    @Slot(object, str)
    def _addition_failed(self, change: _Change, reason: str) -> None:
        self.not_written.emit(change.made, reason)

    @Slot(object, str)
    def _removal_failed(self, change: _Change, reason: str) -> None:
        self.not_undone.emit(change.made, reason)


def _import(_nothing: None) -> None:
    import acnelib.reviews  # noqa: F401


def _read(path: Path) -> Mapping[str, Mapping[str, Review]]:
    from acnelib.reviews import ReviewFile, last_reviews

    return last_reviews(ReviewFile(path).read()) if path.exists() else {}


def _add(change: _Change) -> None:
    from acnelib.errors import StorageFailed
    from acnelib.reviews import ReviewFile
    from acnelib.text.plain_reasons import plain_reason

    try:
        ReviewFile(change.path).append(change.made.review)
    except OSError as error:
        raise StorageFailed(f"{change.path} cannot be written ({plain_reason(error)})") from error


def _take_back(change: _Change) -> None:
    from acnelib.errors import StorageFailed
    from acnelib.reviews import ReviewFile
    from acnelib.text.plain_reasons import plain_reason

    try:
        ReviewFile(change.path).take_back(change.made.review, before=change.made.before)
    except OSError as error:
        raise StorageFailed(f"{change.path} cannot be written ({plain_reason(error)})") from error
