"""The cells of the table of photos: a thumbnail, a name, a bar with its score, the mark of a verdict with its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gui.photos.marks import Marks, paint_bar, selected_ground
from gui.state.results_filter import UNANSWERED, Column, RowKind
from gui.state.wording import percentage
from gui.widgets.design import GAP, HALF

if TYPE_CHECKING:
    from gui.photos.table_model import ResultsModel
    from gui.state.results import Row

BOX = QSize(52, 40)
"""Room for a thumbnail."""

_LEAST_BAR = 24  # pixels; below, a score is a number alone
_STRIPE = 3  # pixels, beside the selected row
_MUTED_KINDS = UNANSWERED | {RowKind.OUT_OF_SCOPE}  # whose class and score mean little, or are not there
_MUTED_COLUMNS = (Column.FOLDER, Column.MODEL)
_ELIDED = {Column.PHOTO: Qt.TextElideMode.ElideMiddle, Column.FOLDER: Qt.TextElideMode.ElideMiddle}
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine


class CellDelegate(QStyledItemDelegate):
    """Paints cells; Qt's own way asks the model seven times for each, which is slow from Python."""

    def __init__(self, rows: ResultsModel, table: QTableView) -> None:
        super().__init__(table)
        self._rows = rows
        self._table = table
        self.marks = Marks()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a cell."""
        row, column = self._rows.row_at(index.row()), Column(index.column())
        kind = self._rows.kind(row)
        rect, palette = option.rect, option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, selected_ground(palette))
            if column is Column.PHOTO:
                stripe = palette.color(QPalette.ColorRole.Highlight)
                painter.fillRect(QRect(rect.left(), rect.top(), _STRIPE, rect.height()), stripe)
        inside = rect.adjusted(GAP, 0, -GAP, 0)
        is_muted = column in _MUTED_COLUMNS or (column in {Column.LABEL, Column.SCORE} and kind in _MUTED_KINDS)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText if is_muted else QPalette.ColorRole.Text))
        text = self._rows.text(row, column)
        if column is Column.SCORE:
            self._paint_score(painter, inside, row, text, palette)
        else:
            if column is Column.PHOTO:
                inside.setLeft(self._paint_thumbnail(painter, inside, row, palette))
            elif column is Column.VERDICT and kind not in UNANSWERED:
                inside.setLeft(self._paint_kind(painter, inside, kind, palette))
            mode = _ELIDED.get(column, Qt.TextElideMode.ElideRight)
            painter.drawText(inside, _LEFT, option.fontMetrics.elidedText(text, mode, inside.width()))
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, inside: QRect, row: Row, palette: QPalette) -> int:
        """Paint the thumbnail, and return where the name begins."""
        place = QRect(inside.topLeft(), BOX)
        place.moveCenter(inside.center())
        place.moveLeft(inside.left())
        self.marks.paint_thumbnail(painter, place, row, palette)
        return place.right() + GAP

    def _paint_kind(self, painter: QPainter, inside: QRect, kind: RowKind, palette: QPalette) -> int:
        """Paint the mark of an outcome, and return where its word begins."""
        side = painter.fontMetrics().height()
        place = QRect(inside.left(), inside.center().y() - side // 2, side, side)
        self.marks.paint_kind(painter, place, kind, palette)
        return place.right() + GAP

    def _paint_score(self, painter: QPainter, inside: QRect, row: Row, text: str, palette: QPalette) -> None:
        if not text or row.prediction is None or row.prediction.confidence is None:
            return
        painter.drawText(inside, _RIGHT, text)
        number = painter.fontMetrics().horizontalAdvance(percentage(1.0))
        room = inside.width() - number - GAP
        if room < _LEAST_BAR:
            return
        height = GAP - 2
        place = QRectF(inside.left(), inside.center().y() - height / 2 + 0.5, room, height)
        muted = self._rows.kind(row) is RowKind.OUT_OF_SCOPE
        paint_bar(painter, place, row.prediction.confidence, palette, muted=muted)


def beside_text(table: QTableView) -> dict[Column, int]:
    """Return the pixels that columns need beside their text."""
    margins = 2 * GAP + HALF
    room = dict.fromkeys(Column, margins)
    room[Column.PHOTO] += BOX.width() + GAP
    room[Column.VERDICT] += table.fontMetrics().height() + GAP
    return room
