"""The table of photos, with its keys and its selection."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.photos import texts
from gui.photos.cells import BOX, CellDelegate, beside_text
from gui.photos.column_widths import column_widths
from gui.photos.menu_place import menu_place
from gui.state.results_filter import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent

    from gui.photos.table_model import ResultsModel
    from gui.photos.thumbnails import PhotoThumbnails


class ResultsTable(QTableView):
    """Photos in rows; the current one is the one that is open."""

    row_entered = Signal(int)  # number of the row to which the user went, by key or mouse
    menu_requested = Signal(QPoint)  # on the screen
    remove_requested = Signal(object)  # numbers of the selected rows

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self._is_quiet = False
        self._shows_reviews = False
        self.setModel(model)
        self.cells = CellDelegate(model, self)
        self.setItemDelegate(self.cells)
        self.setAccessibleName(texts.PHOTOS)
        self.setDragEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # the columns always fit
        self._set_up_headers()
        self.show_reviews(shown=False)
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    @property
    def current_number(self) -> int | None:
        """Number of the current row; None when there is none."""
        index = self.currentIndex()
        return self.rows.row_at(index.row()).number if index.isValid() else None

    @property
    def selected_numbers(self) -> tuple[int, ...]:
        """Numbers of the selected rows, from the top."""
        selection = self.selectionModel().selection()  # ranges of whole rows: to ask for each row would take long
        ranges = [selection.at(place) for place in range(selection.count())]
        lines = sorted({line for each in ranges for line in range(each.top(), each.bottom() + 1)})
        return tuple(self.rows.row_at(line).number for line in lines)

    def choose(self, number: int | None) -> bool:
        """Make a row current without a signal; return whether it is listed."""
        line = None if number is None else self.rows.line_of(number)
        with self.quietly():
            if line is None:
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            elif self.current_number != number:
                self.setCurrentIndex(self.rows.index(line, Column.PHOTO))
        return line is not None

    def show_reviews(self, *, shown: bool) -> None:
        """Show the column of reviews, which has nothing to say before the first."""
        self._shows_reviews = shown
        self._fit_columns()

    def is_on_screen(self, number: int) -> bool:
        """Tell whether a row can be seen."""
        line = self.rows.line_of(number)
        if line is None or not self.isVisible():
            return False
        top = self.rowViewportPosition(line)
        return top + self.rowHeight(line) > 0 and top < self.viewport().height()

    def use_thumbnails(self, thumbnails: PhotoThumbnails) -> None:
        """Show thumbnails."""
        self.cells.marks.thumbnails = thumbnails
        thumbnails.ready.connect(self._show_thumbnail)
        self.viewport().update()

    def moveCursor(  # noqa: N802 Qt's name
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Travel to the first and last photo, where Qt would go to the first and last column."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends and self.rows.rowCount():
            return self.rows.index(ends[action] % self.rows.rowCount(), max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Ask for the selected rows to be removed, or travel."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and (numbers := self.selected_numbers):
            self.remove_requested.emit(numbers)
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # it is the window's: the photo without what lies over it
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 Qt's name
        """Ask for the menu of the selected photos, by mouse or key."""
        if (place := menu_place(self, event)) is not None:
            self.menu_requested.emit(place)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 Qt's name
        """Take the keyboard; that opens no photo yet."""
        with self.quietly():
            super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Let the columns use the width."""
        super().resizeEvent(event)
        self._fit_columns()

    def rowsAboutToBeRemoved(  # noqa: N802 Qt's name
        self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int
    ) -> None:
        """Leave a current row that is removed, where Qt would go to its neighbour, which would be opened."""
        if self.currentIndex().isValid() and start <= self.currentIndex().row() <= end:
            self.choose(None)
        super().rowsAboutToBeRemoved(parent, start, end)

    @contextlib.contextmanager
    def quietly(self) -> Iterator[None]:
        """Make rows current without a signal for a while."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_quiet:
            self.row_entered.emit(self.rows.row_at(current.row()).number)

    @Slot(int)
    def _show_thumbnail(self, number: int) -> None:
        line = self.rows.line_of(number)
        if line is not None:
            self.update(self.rows.index(line, Column.PHOTO))

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(max(BOX.height() + 8, self.fontMetrics().height() * 2))
        header = self.horizontalHeader()
        header.setMinimumHeight(round(self.fontMetrics().height() * 1.7))
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setMinimumSectionSize(6 * self.fontMetrics().averageCharWidth())
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSortingEnabled(True)

    def _fit_columns(self) -> None:
        wanted = [column for column in Column if column is not Column.REVIEW or self._shows_reviews]
        widths = column_widths(
            self.viewport().width(),
            letter=self.fontMetrics().averageCharWidth(),
            beside=beside_text(self),
            wanted=wanted,
        )
        for column in Column:
            self.setColumnHidden(column, column not in widths)
            if column in widths:
                self.setColumnWidth(column, widths[column])
