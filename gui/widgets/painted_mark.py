"""Painted marks: small shapes that say the same as the words beside them, without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent


class PaintedMark(QWidget):
    """A square as high as a line of text; what is in it is painted in units of its side, 0–1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paint(self, painter: QPainter) -> None:
        """Paint the shape in the colours of the palette."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for a square as high as a line of text."""
        side = self.fontMetrics().height() + 2
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the shape into the largest square that there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(min(self.width(), self.height()))
        painter.translate((self.width() - side) / 2, (self.height() - side) / 2)
        painter.scale(side, side)
        self.paint(painter)


def round_pen(color: QColor, width: float) -> QPen:
    """Return a pen with round ends and corners."""
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def polygon(*points: tuple[float, float]) -> QPolygonF:
    """Return the points as Qt takes them."""
    return QPolygonF([QPointF(x, y) for x, y in points])
