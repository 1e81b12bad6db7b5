"""The mark of a verdict: a shape, for users who do not see its colour or are too far away to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPalette

from gui.widgets.painted_mark import PaintedMark, polygon, round_pen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

_THICK = 0.1
_WARNING = {"light": QColor(166, 60, 0), "dark": QColor(255, 171, 94)}  # both readable on a window of that kind


def warning_color(palette: QPalette) -> QColor:
    """Return the colour of what is to be heeded, readable on the ground of a window in this palette."""
    return _WARNING["dark" if palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5 else "light"]


class VerdictMark(PaintedMark):
    """A filled disc with a tick (confident), a hollow triangle (uncertain), or a barred square (out of scope)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = ""

    def show_verdict(self, verdict: str) -> None:
        """Show the shape of a verdict; the words stand beside it."""
        self.verdict = verdict
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the shape of the verdict."""
        palette = self.palette()
        if self.verdict == "confident":
            _paint_disc(painter, palette)
        elif self.verdict == "uncertain":
            _paint_triangle(painter, palette.color(QPalette.ColorRole.WindowText))
        elif self.verdict == "out-of-scope":
            _paint_square(painter, warning_color(palette))


def _paint_disc(painter: QPainter, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawEllipse(QRectF(0, 0, 1, 1))
    painter.setPen(round_pen(palette.color(QPalette.ColorRole.HighlightedText), _THICK))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(polygon((0.28, 0.52), (0.44, 0.68), (0.73, 0.35)))


def _paint_triangle(painter: QPainter, color: QColor) -> None:
    painter.setPen(round_pen(color, _THICK))
    painter.drawPolygon(polygon((0.5, 0.08), (0.95, 0.9), (0.05, 0.9)))
    painter.drawLine(QPointF(0.5, 0.4), QPointF(0.5, 0.58))
    painter.drawPoint(QPointF(0.5, 0.74))


def _paint_square(painter: QPainter, color: QColor) -> None:
    painter.setPen(round_pen(color, _THICK))
    painter.drawRect(QRectF(0.1, 0.1, 0.8, 0.8))
    painter.drawLine(QPointF(0.1, 0.9), QPointF(0.9, 0.1))
