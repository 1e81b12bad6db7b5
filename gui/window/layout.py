"""The layout of the window: picture and table on the left, the answer over the full height on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets.design import GAP, HALF, SECTION_GAP

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gui.answer.panel import AnswerPanel
    from gui.widgets.text_widgets import Line

_SIDE_SHARE = 0.3  # of the width of the window
_SIDE_LETTERS, _LEAST_SIDE_LETTERS = 54, 40  # width of the panel, at most and at least
_LEAST_LETTERS, _LEAST_LINES = 118, 30  # size of the window; as high as a small screen at twice the scale


class SidePanel(QWidget):
    """The name of the open photo above its answer, on the ground of lists and with a line to the left of it."""

    def __init__(self, name: Line, answer: AnswerPanel) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SECTION_GAP, SECTION_GAP, HALF, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(name)
        layout.addWidget(answer, 1)

    def follow_width(self, window: int) -> None:
        """Take a share of the width of a window (pixels): neither so little nor so much that its text reads badly."""
        letter = self.fontMetrics().averageCharWidth()
        self.setFixedWidth(min(max(round(window * _SIDE_SHARE), letter * _LEAST_SIDE_LETTERS), letter * _SIDE_LETTERS))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the ground and the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        line = self.palette().color(QPalette.ColorRole.WindowText)
        line.setAlphaF(0.15)
        painter.setPen(QPen(line, 1))
        painter.drawLine(0, 0, 0, self.height())


def beside(left: QWidget, right: SidePanel) -> QWidget:
    """Return two widgets beside each other, of which the left one takes what room there is."""
    whole = QWidget()
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(left, 1)
    layout.addWidget(right)
    return whole


def column(*widgets: QWidget, stretched: QWidget) -> QWidget:
    """Return widgets below each other, of which one takes what room there is."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    for widget in widgets:
        layout.addWidget(widget, 1 if widget is stretched else 0)
    return whole


def status_line(left: QWidget, right: QWidget) -> QWidget:
    """Return the line at the bottom of the window."""
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SECTION_GAP)
    layout.addWidget(left, 1)
    layout.addWidget(right)
    return line


def least_size(window: QWidget) -> QSize:
    """Return the least size of the window, which follows the size of the letters."""
    metrics = window.fontMetrics()
    return QSize(metrics.averageCharWidth() * _LEAST_LETTERS, metrics.height() * _LEAST_LINES)
