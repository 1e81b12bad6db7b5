"""A queue of background work: a new piece waits for those before it, and replaces none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.background import Background, Worker

if TYPE_CHECKING:
    from collections.abc import Callable


class OneByOne(QObject):
    """One kind of work on a worker, each piece a :class:`Background` of its own, in the order in which they come."""

    item_done = Signal(object, object)  # item, result
    item_failed = Signal(object, str)  # item, text for the user
    idle = Signal()  # no piece is left

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._pieces = 0

    @property
    def is_busy(self) -> bool:
        """Whether a piece is under way, or waits."""
        return self._pieces > 0

    def add(self, work: Callable[[Any], Any], item: Any) -> None:
        """Do the work for an item after all that was added before, with a signal."""
        piece = Background(self._worker, self)
        piece.item_done.connect(self.item_done)
        piece.item_failed.connect(self.item_failed)
        piece.finished.connect(lambda: self._end(piece))
        self._pieces += 1
        piece.start(work, [item])

    def _end(self, piece: Background) -> None:
        piece.deleteLater()
        self._pieces -= 1
        if not self.is_busy:
            self.idle.emit()
