"""The marks and thumbnails that cells of the table and tiles of the grid share, drawn once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.state.results_filter import UNANSWERED, RowKind
from gui.widgets.design import HALF, SELECTED, TRACK, blended
from gui.widgets.painted_mark import polygon, round_pen
from gui.widgets.verdict_mark import VerdictMark, warning_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.photos.thumbnails import PhotoThumbnail, PhotoThumbnails
    from gui.state.results import Row

_MOST_DRAWN = 50


class Marks:
    """Paints outcomes, reviews and thumbnails; smooth lines are slow to draw, so each is drawn once for its colours."""

    def __init__(self) -> None:
        self.thumbnails: PhotoThumbnails | None = None
        self._mark = VerdictMark()
        self._drawn: dict[tuple[object, ...], QPixmap] = {}

    def paint_kind(self, painter: QPainter, place: QRect, kind: RowKind, palette: QPalette) -> None:
        """Paint the shape of an outcome into a square; pending has none."""
        if kind in UNANSWERED:
            return
        self._paint(painter, place, (kind,), palette, lambda ratio: self._shape(kind, palette, place.size(), ratio))

    def paint_tick(self, painter: QPainter, place: QRect, palette: QPalette) -> None:
        """Paint the mark of a photo with a review into a square."""
        self._paint(painter, place, ("review",), palette, lambda ratio: _tick(palette, place.size(), ratio))

    def paint_thumbnail(self, painter: QPainter, place: QRect, row: Row, palette: QPalette) -> None:
        """Paint the thumbnail of a photo into the middle of a box, or a frame until there is one."""
        ratio = painter.device().devicePixelRatioF()
        made: PhotoThumbnail | None = None
        if self.thumbnails is not None:
            made = self.thumbnails.of(row, (round(place.width() * ratio), round(place.height() * ratio)))
        if made is None or made.image is None:
            broken = made is not None
            self._paint(
                painter, place, ("photo", broken), palette, lambda r: _missing(palette, place.size(), r, broken=broken)
            )
            return
        size = made.image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if max(made.image.width() / place.width(), made.image.height() / place.height()) < ratio:
            size = made.image.size() / ratio  # smaller than the box: never blown up
        where = QRect(QPoint(0, 0), size)
        where.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(where, made.image)

    def _paint(
        self,
        painter: QPainter,
        place: QRect,
        what: tuple[object, ...],
        palette: QPalette,
        draw: Callable[[float], QPixmap],
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        inks = (QPalette.ColorRole.Text, QPalette.ColorRole.Highlight, QPalette.ColorRole.Base)
        key = (*what, place.width(), place.height(), ratio, *(palette.color(ink).rgba() for ink in inks))
        if key not in self._drawn:
            if len(self._drawn) > _MOST_DRAWN:
                self._drawn.clear()
            self._drawn[key] = draw(ratio)
        painter.drawPixmap(place.topLeft(), self._drawn[key])

    def _shape(self, kind: RowKind, palette: QPalette, size: QSize, ratio: float) -> QPixmap:
        pixmap = _blank(size, ratio)
        colors = QPalette(palette)
        colors.setColor(QPalette.ColorRole.WindowText, palette.color(QPalette.ColorRole.Text))
        colors.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.Base))
        if kind is RowKind.FAILED:
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _paint_cross(painter, QRectF(QPointF(0, 0), size.toSizeF()), warning_color(colors))
            painter.end()
            return pixmap
        self._mark.setPalette(colors)
        self._mark.resize(size)
        self._mark.show_verdict(kind.value)
        self._mark.render(pixmap, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
        return pixmap


def selected_ground(palette: QPalette) -> QColor:
    """Return the ground of a selected row or tile, on which words keep their colour."""
    base, accent = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Highlight)
    return QColor(blended(base.name(), accent.name(), SELECTED))


def paint_bar(painter: QPainter, place: QRectF, share: float, palette: QPalette, *, muted: bool = False) -> None:
    """Paint a bar whose filled part is a share (0–1), in grey where it means little."""
    radius = place.height() / 2
    color = palette.color(QPalette.ColorRole.Text)
    color.setAlphaF(TRACK)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(place, radius, radius)
    filled = QRectF(place.x(), place.y(), place.width() * share, place.height())
    if filled.width() < 1:
        return
    color.setAlphaF(0.45)
    painter.setBrush(color if muted else palette.color(QPalette.ColorRole.Highlight))
    round_end = min(radius, filled.width() / 2)
    painter.drawRoundedRect(filled, round_end, round_end)


def _missing(palette: QPalette, size: QSize, ratio: float, *, broken: bool) -> QPixmap:
    """Draw an empty frame, and for a file that cannot be read a crack through it."""
    pixmap = _blank(size, ratio)
    height = min(size.height(), round(size.width() * 0.75)) - 2 * HALF
    frame = QRectF(0, 0, height * 1.2, height)
    frame.moveCenter(QRectF(QPointF(0, 0), size.toSizeF()).center())
    color = palette.color(QPalette.ColorRole.Text)
    color.setAlphaF(0.5 if broken else 0.2)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    painter.drawRoundedRect(frame, 3, 3)
    if broken:
        crack = ((0.7, 0.0), (0.5, 0.35), (0.62, 0.55), (0.3, 1.0))
        painter.drawPolyline([frame.topLeft() + QPointF(x * frame.width(), y * frame.height()) for x, y in crack])
    painter.end()
    return pixmap


def _tick(palette: QPalette, size: QSize, ratio: float) -> QPixmap:
    """Draw a sheet with a tick, on a ground that hides the picture below it."""
    pixmap = _blank(size, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size.width(), size.height())
    painter.setPen(round_pen(palette.color(QPalette.ColorRole.Text), 0.08))
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawRoundedRect(QRectF(0.06, 0.06, 0.88, 0.88), 0.16, 0.16)
    painter.setPen(round_pen(palette.color(QPalette.ColorRole.Text), 0.1))
    painter.drawPolyline(polygon((0.28, 0.52), (0.44, 0.68), (0.73, 0.35)))
    painter.end()
    return pixmap


def _blank(size: QSize, ratio: float) -> QPixmap:
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _paint_cross(painter: QPainter, place: QRectF, color: QColor) -> None:
    side = place.width()
    painter.setPen(round_pen(color, side * 0.12))
    inner = place.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
