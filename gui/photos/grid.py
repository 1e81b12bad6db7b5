"""The grid of thumbnails: a second view of the table's photos, with the same selection, filter and order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from gui.photos import texts
from gui.photos.menu_place import menu_place
from gui.photos.tiles import TileDelegate
from gui.state.results_filter import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent

    from gui.photos.table import ResultsTable
    from gui.photos.thumbnails import PhotoThumbnails

    _Index: TypeAlias = QModelIndex | QPersistentModelIndex


class PhotoGrid(QListView):
    """Tiles that fill the width; only those in sight are painted and get thumbnails."""

    remove_requested = Signal(object)  # numbers of the selected photos

    def __init__(self, table: ResultsTable, parent: QWidget | None = None) -> None:
        """Show the photos of a table.

        Args:
            table: It has the selection, and signals to which photo the user goes.
            parent: Its owner.
        """
        super().__init__(parent)
        self._table = table
        self.tiles = TileDelegate(table.rows, self)
        self.setAccessibleName(texts.PHOTOS)
        self.setDragEnabled(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        # With tiles of one size, Qt lays out a list without asking the model for each; icons it would ask for.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(self.tiles.least_size())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # so that the tiles keep their width
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)  # all columns, as the table counts
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(self.tiles)
        self.setModel(table.rows)
        self.setModelColumn(Column.PHOTO)
        unused = self.selectionModel()
        self.setSelectionModel(table.selectionModel())
        unused.deleteLater()

    def is_on_screen(self, number: int) -> bool:
        """Tell whether a photo can be seen."""
        line = self._table.rows.line_of(number)
        if line is None or not self.isVisible():
            return False
        return self.visualRect(self._table.rows.index(line, Column.PHOTO)).intersects(self.viewport().rect())

    def use_thumbnails(self, thumbnails: PhotoThumbnails) -> None:
        """Show thumbnails."""
        self.tiles.marks.thumbnails = thumbnails
        thumbnails.ready.connect(self._show_thumbnail)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Ask for the selected photos to be removed, or travel."""
        numbers = self._table.selected_numbers
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and numbers:
            self.remove_requested.emit(numbers)
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # it is the window's: the photo without what lies over it
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 Qt's name
        """Ask for the menu of the selected photos, by mouse or key."""
        if (place := menu_place(self, event)) is not None:
            self._table.menu_requested.emit(place)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 Qt's name
        """Take the keyboard; that opens no photo yet."""
        with self._table.quietly():
            super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Let the tiles fill the width."""
        least, width = self.tiles.least_size(), self.viewport().width() - 1
        across = max(1, width // least.width())
        size = QSize(max(least.width(), width // across), least.height())
        if size != self.gridSize():
            self.setGridSize(size)
        super().resizeEvent(event)

    def dataChanged(self, first: _Index, last: _Index, /, roles: Sequence[int] = ()) -> None:  # noqa: N802, ARG002 Qt's
        """Paint what is in sight again; answers do not change the size of a tile, which Qt would measure again."""
        self.viewport().update()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802, ARG002 Qt's
        """Paint all that is in sight after another selection: Qt would look for the place of each selected photo."""
        return QRegion(self.viewport().rect())

    @Slot(int)
    def _show_thumbnail(self, number: int) -> None:
        line = self._table.rows.line_of(number)
        if line is not None and self.isVisible():
            self.update(self._table.rows.index(line, Column.PHOTO))
