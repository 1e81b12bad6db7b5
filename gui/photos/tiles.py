"""The tiles of the grid of photos: a thumbnail with its name, class and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.photos.marks import Marks, selected_ground
from gui.state.results_filter import UNANSWERED, Column, RowKind
from gui.widgets.design import GAP, HALF, ROUND, ROUND_PANEL

if TYPE_CHECKING:
    from gui.photos.table_model import ResultsModel

BOX = QSize(144, 108)
"""Room for a thumbnail."""

_MUTED_KINDS = UNANSWERED | {RowKind.OUT_OF_SCOPE}


class TileDelegate(QStyledItemDelegate):
    """Paints tiles: the thumbnail, the name, the mark of the outcome beside the class, and a tick where reviewed."""

    def __init__(self, rows: ResultsModel, view: QListView) -> None:
        super().__init__(view)
        self._rows = rows
        self._view = view
        self.marks = Marks()

    def least_size(self) -> QSize:
        """Return the size of a tile, which may become wider so that the tiles fill the width."""
        lines = 2 * self._view.fontMetrics().height()
        return QSize(BOX.width() + 3 * GAP, BOX.height() + lines + 4 * GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802, ARG002 Qt's
        """Ask for the size of a tile."""
        return self._view.gridSize()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a tile."""
        row = self._rows.row_at(index.row())
        kind, palette = self._rows.kind(row), option.palette
        tile = option.rect.adjusted(HALF, HALF, -HALF, -HALF)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, tile, option)
        box = QRect(0, 0, BOX.width(), BOX.height())
        box.moveCenter(tile.center())
        box.moveTop(tile.top() + GAP)
        self.marks.paint_thumbnail(painter, box, row, palette)
        side = option.fontMetrics.height()
        if self._rows.view.own_review(row):
            tick = QRect(box.right() - side - HALF, box.top() + HALF, side + HALF, side + HALF)
            self.marks.paint_tick(painter, tick, palette)
        line = QRect(tile.left() + GAP, box.bottom() + HALF, tile.width() - 2 * GAP, side)
        self._write(painter, line, self._rows.text(row, Column.PHOTO), option, elided=Qt.TextElideMode.ElideMiddle)
        line.translate(0, side + HALF // 2)
        if kind not in UNANSWERED:
            self.marks.paint_kind(painter, QRect(line.left(), line.top(), side, side), kind, palette)
            line.setLeft(line.left() + side + HALF)
        self._write(painter, line, self._rows.text(row, Column.LABEL), option, muted=kind in _MUTED_KINDS)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, tile: QRect, option: QStyleOptionViewItem) -> None:
        place, palette = QRectF(tile), option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(selected_ground(palette))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), ROUND_PANEL, ROUND_PANEL)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = palette.color(QPalette.ColorRole.Text)
            ground.setAlphaF(0.06)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(place, ROUND, ROUND)

    @staticmethod
    def _write(
        painter: QPainter,
        line: QRect,
        text: str,
        option: QStyleOptionViewItem,
        *,
        muted: bool = False,
        elided: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        role = QPalette.ColorRole.PlaceholderText if muted else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        words = option.fontMetrics.elidedText(text, elided, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
