"""The painting of an activation map over a photo, as colours or as contours, on the screen and in saved pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from gui.state.overlay import OverlayStyle

if TYPE_CHECKING:
    from gui.state.overlay import Overlay

_LINE, _HALO = 1.6, 4.0  # pixels, of the widest contour; white within black is seen on skin of any tone
_THINNER = 0.85  # each outer contour, beside the next inner one


class PaintedOverlay:
    """An overlay in the form in which Qt paints it."""

    def __init__(self, overlay: Overlay) -> None:
        form = QImage.Format.Format_RGBA8888
        borrowed = QImage(overlay.rgba, overlay.width, overlay.height, 4 * overlay.width, form)
        # Multiplied by opacity, or the colour of clear pixels would bleed into their neighbours when enlarged.
        self._image = borrowed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._lines = [
            [QLineF(*segment) for segment in contour.segments] for contour in reversed(overlay.contours)
        ]  # the strongest first

    def paint(
        self, painter: QPainter, place: QRectF, *, opacity: float, style: OverlayStyle, pixel: float = 1.0
    ) -> None:
        """Paint it over a picture.

        Args:
            painter: Paints on the screen's own pixels, or on those of a picture.
            place: Where the whole picture lies.
            opacity: 0–1.
            style: As colours or as contours.
            pixel: Width of what people see as a pixel, for the lines: the scale of a screen.
        """
        painter.save()
        painter.setOpacity(opacity)
        if style is OverlayStyle.COLOURS:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        else:
            self._paint_contours(painter, place, pixel)
        painter.restore()

    def _paint_contours(self, painter: QPainter, place: QRectF, pixel: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        onto = QTransform.fromTranslate(place.x(), place.y()).scale(place.width(), place.height())
        for ink, width in ((QColor("black"), _HALO), (QColor("white"), _LINE)):
            for level, lines in enumerate(self._lines):
                pen = QPen(ink, width * pixel * _THINNER**level)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLines([onto.map(line) for line in lines])
