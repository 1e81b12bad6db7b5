"""Content that scrolls where the screen is low or the letters are large, and dialogs that fit on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

_SHARE = 0.9  # of the screen's height or width, at most, so that the frame of the window fits, too


def scrolling(content: QWidget) -> QScrollArea:
    """Return content in a frameless area with a bar to scroll it upwards and downwards; its ground is the window's."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)  # setWidget switches it on
    return area


def resize_to_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog a size, or as much of it as its screen has room for."""
    room = dialog.screen().availableGeometry()
    dialog.resize(min(width, round(room.width() * _SHARE)), min(height, round(room.height() * _SHARE)))
