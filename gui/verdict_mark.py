"""A verdict as a shape, for those who do not see its colour or are too far away to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_THICK = 0.1  # of the side of the mark
_WARNING = {"light": QColor(166, 60, 0), "dark": QColor(255, 171, 94)}  # both readable on a window of that kind


def warning_color(palette: QPalette) -> QColor:
    """Return the colour of what is to be heeded, readable on the ground of a window in this palette."""
    return _WARNING["dark" if palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5 else "light"]


class VerdictMark(QWidget):
    """A filled disc with a tick (confident), a hollow triangle (uncertain), or a barred square (out of scope)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_verdict(self, verdict: str) -> None:
        """Show the shape of a verdict; the words stand beside it."""
        self.verdict = verdict
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for a square as high as a line of text."""
        side = self.fontMetrics().height() + 2
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the shape in the colours of the palette."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(min(self.width(), self.height()))
        painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
        palette = self.palette()
        if self.verdict == "confident":
            _paint_disc(painter, side, palette.color(QPalette.ColorRole.Highlight), palette)
        elif self.verdict == "uncertain":
            _paint_triangle(painter, side, palette.color(QPalette.ColorRole.WindowText))
        elif self.verdict == "out-of-scope":
            _paint_square(painter, side, warning_color(palette))


def _pen(color: QColor, side: float) -> QPen:
    return QPen(color, side * _THICK, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _paint_disc(painter: QPainter, side: float, color: QColor, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(QRectF(0, 0, side, side))
    painter.setPen(_pen(palette.color(QPalette.ColorRole.HighlightedText), side))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        QPolygonF([QPointF(x * side, y * side) for x, y in ((0.28, 0.52), (0.44, 0.68), (0.73, 0.35))])
    )


def _paint_triangle(painter: QPainter, side: float, color: QColor) -> None:
    painter.setPen(_pen(color, side))
    painter.drawPolygon(QPolygonF([QPointF(x * side, y * side) for x, y in ((0.5, 0.08), (0.95, 0.9), (0.05, 0.9))]))
    painter.drawLine(QPointF(0.5 * side, 0.4 * side), QPointF(0.5 * side, 0.58 * side))
    painter.drawPoint(QPointF(0.5 * side, 0.74 * side))


def _paint_square(painter: QPainter, side: float, color: QColor) -> None:
    painter.setPen(_pen(color, side))
    painter.drawRect(QRectF(0.1 * side, 0.1 * side, 0.8 * side, 0.8 * side))
    painter.drawLine(QPointF(0.1 * side, 0.9 * side), QPointF(0.9 * side, 0.1 * side))
