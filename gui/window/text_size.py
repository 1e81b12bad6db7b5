"""The menu of text sizes, and the use of one for the whole app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QMenu

from gui.state.preferences import TEXT_SIZES
from gui.widgets.text_widgets import scaled_font
from gui.window import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class TextSizeMenu(QMenu):
    """Offers the sizes, one of which is checked."""

    chosen = Signal(int)  # percent of the desktop's size

    def __init__(self, parent: QWidget) -> None:
        super().__init__(texts.TEXT_SIZE, parent)
        group = QActionGroup(self)
        self._sizes = {size: self.addAction(texts.text_size(size)) for size in TEXT_SIZES}
        for size, action in self._sizes.items():
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, size=size: self.chosen.emit(size))

    def show_size(self, size: int) -> None:
        """Check a size, in percent."""
        self._sizes[size].setChecked(True)


def use_text_size(size: int) -> None:
    """Write everything in a size, in percent of the desktop's; before there is a window, whose layout depends on it."""
    QApplication.setFont(scaled_font(QApplication.font(), size / 100))
