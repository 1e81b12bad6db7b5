"""Pictograms drawn in the colour of the text beside them, so that they follow dark and light desktops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPainterPath, QPalette, QPen, QPixmap

if TYPE_CHECKING:
    from collections.abc import Callable

_GRID = 24.0  # every pictogram is drawn on a grid of 24 × 24
_STROKE = 1.7
_THICKEST = 2.5  # pixels


def photo_icon() -> QIcon:
    """Return a picture with a hill and a sun."""
    return QIcon(_Pictogram(_photo))


def folder_icon() -> QIcon:
    """Return a folder."""
    return QIcon(_Pictogram(_folder))


def export_icon() -> QIcon:
    """Return an arrow that leaves a tray."""
    return QIcon(_Pictogram(_export))


def model_icon() -> QIcon:
    """Return a small network."""
    return QIcon(_Pictogram(_model))


def review_icon() -> QIcon:
    """Return a sheet with a tick."""
    return QIcon(_Pictogram(_review))


def grid_icon() -> QIcon:
    """Return four tiles."""
    return QIcon(_Pictogram(_grid))


def broken_photo_icon() -> QIcon:
    """Return a picture with a crack through it."""
    return QIcon(_Pictogram(_broken_photo))


class _Pictogram(QIconEngine):
    def __init__(self, draw: Callable[[], QPainterPath]) -> None:
        super().__init__()
        self._draw = draw

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 Qt's
        group = QPalette.ColorGroup.Disabled if mode is QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, QPalette.ColorRole.WindowText)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.topLeft())
        painter.scale(rect.height() / _GRID, rect.height() / _GRID)  # what it is wider keeps words away from it
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        stroke = min(_STROKE, _THICKEST * _GRID / rect.height())
        painter.strokePath(self._draw(), QPen(colour, stroke, Qt.PenStyle.SolidLine, cap, join))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Pictogram(self._draw)


def _photo() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3, 5, 18, 14), 2.5, 2.5)
    path.addEllipse(QPointF(8.5, 10), 1.6, 1.6)
    return _line(path, (4, 17.5), (10, 13.5), (13, 16), (16.5, 11.5), (20.5, 16.5))


def _broken_photo() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3, 5, 18, 14), 2.5, 2.5)
    return _line(path, (15.5, 5), (12, 10), (14, 13), (9, 19))


def _folder() -> QPainterPath:
    corners = ((3, 18.5), (3, 6), (9, 6), (11, 8.5), (21, 8.5), (21, 18.5), (3, 18.5))
    return _line(QPainterPath(), *corners)


def _export() -> QPainterPath:
    path = _line(QPainterPath(), (12, 15), (12, 4))
    _line(path, (7.5, 8.5), (12, 4), (16.5, 8.5))
    return _line(path, (4, 13.5), (4, 19.5), (20, 19.5), (20, 13.5))


def _model() -> QPainterPath:
    path = QPainterPath()
    for across, along in ((5, 6), (5, 18), (19, 12)):
        path.addEllipse(QPointF(across, along), 2.4, 2.4)
    _line(path, (7.3, 7), (16.8, 11))
    return _line(path, (7.3, 17), (16.8, 13))


def _review() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(4, 4, 16, 16), 2.5, 2.5)
    return _line(path, (8, 12.2), (11, 15.2), (16.2, 9))


def _grid() -> QPainterPath:
    path = QPainterPath()
    for left, top in ((4, 4), (13.5, 4), (4, 13.5), (13.5, 13.5)):
        path.addRoundedRect(QRectF(left, top, 6.5, 6.5), 1.5, 1.5)
    return path


def _line(path: QPainterPath, *points: tuple[float, float]) -> QPainterPath:
    path.moveTo(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path
