"""The cells of the table of photos, painted with a thumbnail or the mark of a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from gui.photos.table_model import ResultsModel, alignment
from gui.state.results_filter import Column, RowKind
from gui.widgets.verdict_mark import VerdictMark, warning_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.photos.thumbnails import PhotoThumbnail, PhotoThumbnails
    from gui.state.results import Row

BOX = QSize(52, 40)
"""Room for a small picture."""

_HAS_DISPLAY = QStyleOptionViewItem.ViewItemFeature.HasDisplay
_HAS_DECORATION = QStyleOptionViewItem.ViewItemFeature.HasDecoration
_GAP = 10  # between the scores, which stand on the right, and the marks
_MUTED = (RowKind.OUT_OF_SCOPE, RowKind.PENDING)  # whose class and score mean little, or are not there


class CellDelegate(QStyledItemDelegate):
    """Leaves room for a picture or a mark where one belongs, and paints it over what the style painted."""

    def __init__(self, rows: ResultsModel, table: QTableView) -> None:
        super().__init__(table)
        self._rows = rows
        self.thumbnails: PhotoThumbnails | None = None
        self._table = table
        self._mark = VerdictMark()
        self._drawn: dict[tuple[object, ...], QPixmap] = {}
        empty = QPixmap(1, 1)
        empty.fill(Qt.GlobalColor.transparent)
        self._nothing = QIcon(empty)

    def initStyleOption(  # noqa: N802 Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say how a cell is laid out; Qt's own way asks the model seven times for each, which is slow from Python."""
        row, column = self._rows.row_at(index.row()), Column(index.column())
        kind = self._rows.kind(row)
        option.index = index  # type: ignore[assignment]
        option.text = self._rows.text(row, column)
        option.displayAlignment = alignment(column)
        option.features |= _HAS_DISPLAY
        option.textElideMode = Qt.TextElideMode.ElideRight
        if column is Column.PHOTO:
            option.textElideMode = Qt.TextElideMode.ElideMiddle
            self._leave_room(option, BOX)
        elif column is Column.VERDICT and kind is not RowKind.PENDING:
            side = option.fontMetrics.height()
            self._leave_room(option, QSize(side + _GAP, side))
        elif column in {Column.LABEL, Column.SCORE} and kind in _MUTED:
            option.palette.setColor(QPalette.ColorRole.Text, option.palette.color(QPalette.ColorRole.PlaceholderText))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a cell."""
        laid_out = QStyleOptionViewItem(option)
        self.initStyleOption(laid_out, index)
        style, column = self._table.style(), index.column()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, laid_out, painter, self._table)
        row = self._rows.row_at(index.row())
        kind = self._rows.kind(row)
        if column != Column.PHOTO and (column != Column.VERDICT or kind is RowKind.PENDING):
            return
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, laid_out, self._table)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = _colors(laid_out)
        if column == Column.PHOTO:
            self._paint_thumbnail(painter, place, row, colors)
        else:
            selected = bool(laid_out.state & QStyle.StateFlag.State_Selected)
            # A warning's colour is not readable on a selection.
            warning = colors.color(QPalette.ColorRole.WindowText) if selected else warning_color(colors)
            self._paint_kind(painter, place.adjusted(_GAP, 0, 0, 0), kind, colors, warning)
        painter.restore()

    def _leave_room(self, option: QStyleOptionViewItem, size: QSize) -> None:
        option.features |= _HAS_DECORATION
        option.icon = self._nothing
        option.decorationSize = size

    def _paint_thumbnail(self, painter: QPainter, place: QRect, row: Row, colors: QPalette) -> None:
        ratio = painter.device().devicePixelRatioF()
        made: PhotoThumbnail | None = None
        if self.thumbnails is not None:
            made = self.thumbnails.of(row, (round(BOX.width() * ratio), round(BOX.height() * ratio)))
        if made is None or made.image is None:
            broken, ink = made is not None, colors.color(QPalette.ColorRole.WindowText)
            key = ("photo", broken, ratio, ink.rgba())
            painter.drawPixmap(place.topLeft(), self._kept(key, lambda: _missing(ink, ratio, broken=broken)))
            return
        size = made.image.size().scaled(BOX, Qt.AspectRatioMode.KeepAspectRatio)
        if max(made.image.width() / BOX.width(), made.image.height() / BOX.height()) < ratio:
            size = made.image.size() / ratio  # smaller than the box: never blown up
        where = QRect(QPoint(0, 0), size)
        where.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(where, made.image)

    def _paint_kind(self, painter: QPainter, place: QRect, kind: RowKind, colors: QPalette, warning: QColor) -> None:
        if kind is RowKind.FAILED:
            _paint_cross(painter, QRectF(place), warning)
            return
        ratio = painter.device().devicePixelRatioF()
        inks = (warning, *map(colors.color, (QPalette.ColorRole.WindowText, QPalette.ColorRole.Highlight)))
        key = (kind, place.width(), ratio, *(ink.rgba() for ink in inks))
        made = self._kept(key, lambda: self._mark_of(kind, colors, warning, place.width(), ratio))
        painter.drawPixmap(place.topLeft(), made)

    def _kept(self, key: tuple[object, ...], make: Callable[[], QPixmap]) -> QPixmap:
        """Return what was drawn once; smooth lines are slow to draw."""
        if key not in self._drawn:
            if len(self._drawn) > 50:
                self._drawn.clear()
            self._drawn[key] = make()
        return self._drawn[key]

    def _mark_of(self, kind: RowKind, colors: QPalette, warning: QColor, side: int, ratio: float) -> QPixmap:
        pixmap = _blank(QSize(side, side), ratio)
        self._mark.setPalette(colors)
        self._mark.resize(side, side)
        self._mark.show_verdict(kind.value)
        self._mark.render(pixmap, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
        if kind is RowKind.OUT_OF_SCOPE:
            _tint(pixmap, warning)
        return pixmap


def _tint(pixmap: QPixmap, color: QColor) -> None:
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), color)
    painter.end()


def _colors(option: QStyleOptionViewItem) -> QPalette:
    """Return the palette to draw on a cell with: on a selected one, the colours of a selection are the ground."""
    role = QPalette.ColorRole
    colors = QPalette(option.palette)
    if not option.state & QStyle.StateFlag.State_Selected:
        colors.setColor(role.WindowText, colors.color(role.Text))
        colors.setColor(role.Window, colors.color(role.Base))
        return colors
    ground, ink = colors.color(role.Highlight), colors.color(role.HighlightedText)
    for name, color in ((role.Window, ground), (role.WindowText, ink), (role.Text, ink)):
        colors.setColor(name, color)
    colors.setColor(role.Highlight, ink)
    colors.setColor(role.HighlightedText, ground)
    return colors


def _missing(color: QColor, ratio: float, *, broken: bool) -> QPixmap:
    """Draw an empty frame, and for a file that cannot be read a crack through it."""
    pixmap = _blank(BOX, ratio)
    frame = QRectF(0, 0, BOX.height(), BOX.height() * 0.8)
    frame.moveCenter(QRectF(0, 0, BOX.width(), BOX.height()).center())
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


def _blank(size: QSize, ratio: float) -> QPixmap:
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _paint_cross(painter: QPainter, place: QRectF, color: QColor) -> None:
    side = place.width()
    painter.setPen(QPen(color, side * 0.12, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    inner = place.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
