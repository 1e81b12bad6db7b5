"""The list of versions that can be chosen, read from the server in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background

if TYPE_CHECKING:
    from gui.background import Worker
    from gui.work import ModelLoader


class VersionList(QObject):
    """Asks the server for its versions whenever the user wants to choose one."""

    ready = Signal(object)  # Listing, or a str: why there is none

    def __init__(self, loader: ModelLoader, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._work = Background(worker, self)
        self._work.item_done.connect(lambda _, listing: self.ready.emit(listing))
        self._work.item_failed.connect(lambda _, reason: self.ready.emit(reason))

    @Slot()
    def refresh(self) -> None:
        """Ask which versions there are, and signal them."""
        self._work.start(lambda _: self._loader.versions(), [None])

    def close(self) -> None:
        """Abandon the question that is under way."""
        self._work.abandon()
