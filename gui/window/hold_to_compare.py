"""The key that is held to compare: the photo without what lies over it, for as long as Space is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from gui.picture.image_view import ImageView


class HoldToCompare(QObject):
    """Watches a window, which gets the key where neither a field nor a button takes it."""

    def __init__(self, window: QMainWindow, view: ImageView) -> None:
        super().__init__(window)
        self._view = view
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Show the bare photo, or what lies over it again, also where the window is left while the key is down."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self._view.show_bare(bare=False)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            if event.type() == QEvent.Type.KeyPress:
                self._view.show_bare(bare=True)
                return True
            if event.type() == QEvent.Type.KeyRelease:
                if not event.isAutoRepeat():
                    self._view.show_bare(bare=False)
                return True
        return super().eventFilter(watched, event)
