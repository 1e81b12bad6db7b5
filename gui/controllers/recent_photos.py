"""The controller of the menu of photos and folders that were opened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from gui.state.recent import RecentPaths
from gui.window import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from PySide6.QtWidgets import QMenu


class RecentPhotosController(QObject):
    """Lists what was opened in this session, and with history in the sessions before."""

    chosen = Signal(object)  # list of one path

    def __init__(self, menu: QMenu, *, is_own: Callable[[Path], bool], parent: QObject | None = None) -> None:
        """Fill a menu.

        Args:
            menu: The menu.
            is_own: Tells whether a picture is the app's own, which is deleted when the app closes.
            parent: Its owner.
        """
        super().__init__(parent)
        self._menu, self._is_own = menu, is_own
        self.recent = RecentPaths()
        self._show()

    @Slot(object)
    def note_opened(self, paths: Iterable[Path]) -> None:
        """Put paths that were opened first."""
        self.recent = self.recent.with_opened(path.absolute() for path in paths if not self._is_own(path))
        self._show()

    @Slot(object)
    def restore(self, paths: Iterable[Path]) -> None:
        """List what was opened in the sessions before, after what was opened in this one."""
        self.recent = RecentPaths(tuple(paths)).with_opened(self.recent.paths)
        self._show()

    @Slot()
    def forget(self) -> None:
        """List nothing any more."""
        self.recent = RecentPaths()
        self._show()

    def _show(self) -> None:
        self._menu.clear()
        for path in self.recent.paths:
            action = QAction(texts.recent(path), self._menu)
            action.triggered.connect(lambda _=False, path=path: self.chosen.emit([path]))
            self._menu.addAction(action)
        self._menu.setEnabled(bool(self.recent.paths))
