"""What stands where the picture will be: a drawn photo and an invitation to open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPolygonF

from gui import texts
from gui.text_widgets import scaled_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_MARGIN = 12
_ICON = 72


def paint_invitation(painter: QPainter, widget: QWidget) -> None:
    """Paint the invitation into the middle of a widget, in its font and colours."""
    color = widget.palette().color(QPalette.ColorRole.Text)
    painter.setFont(scaled_font(widget.font(), 1.35))
    line_height = painter.fontMetrics().height()
    block = QRectF(0, 0, widget.width() - 2 * _MARGIN, _ICON + 20 + line_height * 2)
    block.moveCenter(QRectF(widget.rect()).center())
    icon = QRectF(block.center().x() - _ICON / 2, block.top(), _ICON, _ICON * 0.8)
    painter.setPen(color)
    words = block.adjusted(0, _ICON + 8, 0, 0)
    align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(words, align, texts.INVITATION)
    color.setAlphaF(0.45)
    _paint_photo_icon(painter, icon, QPen(color, 2.5, j=Qt.PenJoinStyle.RoundJoin))


def _paint_photo_icon(painter: QPainter, place: QRectF, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, 6, 6)
    width, height = place.width(), place.height()
    painter.drawEllipse(place.topLeft() + QPointF(width * 0.3, height * 0.32), height * 0.1, height * 0.1)
    ridge = ((0.1, 0.82), (0.36, 0.52), (0.5, 0.66), (0.68, 0.4), (0.9, 0.82))
    painter.drawPolyline(QPolygonF([place.topLeft() + QPointF(x * width, y * height) for x, y in ridge]))
