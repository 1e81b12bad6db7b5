"""The panel of many photos: a filter, their summary, the table or the grid, and the progress of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.photos import texts
from gui.photos.batch_bar import BatchBar
from gui.photos.filter_row import FilterRow
from gui.photos.summary import SummaryBar
from gui.photos.table import ResultsTable
from gui.widgets.design import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent

    from gui.photos.grid import PhotoGrid
    from gui.photos.table_model import ResultsModel
    from gui.photos.thumbnails import PhotoThumbnails
    from gui.state.batch import Batch
    from gui.state.results import Row
    from gui.state.results_filter import Filter

_COUNTED_EVERY = 250  # milliseconds
_SUMMARY_FROM = (13, 26)  # height of the panel, in lines of text, from which the summary has a line, and a second one


class ResultsPanel(QWidget):
    """The filter, the summary, the photos as a table or as a grid, and the bar of a batch."""

    row_chosen = Signal(int)  # number of the row to which the user went, by key or mouse
    remove_requested = Signal(object)  # tuple of numbers, never empty
    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, model: ResultsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._current: int | None = None  # number of the row that is open, also while it is filtered out
        self.filter_row = FilterRow()
        self.summary = SummaryBar()
        self.table = ResultsTable(model)
        self.grid: PhotoGrid | None = None  # made when it is first wanted
        self._thumbnails: PhotoThumbnails | None = None
        self._counting = QTimer(self)  # the photos of a batch are not counted after each of them
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNTED_EVERY)
        self._counting.timeout.connect(self._show_counts)
        self._is_grid = False
        self.nothing = _EmptyPage()
        self.batch_bar = BatchBar()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.filter_row)
        layout.addWidget(self.summary)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.batch_bar)
        self._connect()
        self._show_rows()
        self._show_counts()

    def shown_rows(self) -> tuple[Row, ...]:
        """Return the photos exactly as listed: filtered and sorted."""
        return self.model.shown_rows()

    def choose(self, number: int | None) -> bool:
        """Select a row, or none, without a signal; return whether it is listed."""
        self._current = number
        return self.table.choose(number)

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove rows; where the current one was among them, the next becomes current, with a signal."""
        gone = set(numbers)
        current = self.table.current_number
        neighbour = self._neighbour(current, gone) if current in gone else None
        self.model.remove(gone)
        if neighbour is not None:
            self.choose(neighbour)
            self.row_chosen.emit(neighbour)

    @property
    def view(self) -> ResultsTable | PhotoGrid:
        """The table or the grid, whichever lists the photos."""
        return self.grid if self.grid is not None and self._is_grid else self.table

    def show_grid(self, *, shown: bool) -> None:
        """List the photos as a grid of thumbnails, or as a table; the keyboard stays with them."""
        had_focus = self.view.hasFocus()
        if shown and self.grid is None:
            self.grid = self._make_grid()
        self._is_grid = shown
        self._show_rows()
        if (current := self.table.currentIndex()).isValid():
            self.view.scrollTo(current)
        if had_focus:
            self.view.setFocus()

    def is_on_screen(self, number: int) -> bool:
        """Tell whether a photo can be seen."""
        return self.view.is_on_screen(number)

    def use_thumbnails(self, thumbnails: PhotoThumbnails) -> None:
        """Show thumbnails."""
        self._thumbnails = thumbnails
        thumbnails.is_visible = self.is_on_screen
        self.table.use_thumbnails(thumbnails)
        if self.grid is not None:
            self.grid.use_thumbnails(thumbnails)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Give the summary as many lines as the photos can spare."""
        super().resizeEvent(event)
        lines = self.height() // self.fontMetrics().height()
        self.summary.allow_lines(sum(lines >= least for least in _SUMMARY_FROM))

    @Slot(object)
    def show_batch(self, batch: Batch | None) -> None:
        """Show the progress of a batch; at its end, the rows are sorted again and the summary says what they got."""
        self.batch_bar.show_batch(batch)
        if batch is not None and batch.is_over:
            self.model.sort_again()

    def _neighbour(self, current: int | None, gone: set[int]) -> int | None:
        numbers = [row.number for row in self.model.shown_rows()]
        place = numbers.index(current) if current in numbers else 0
        below, above = numbers[place:], reversed(numbers[:place])
        return next((number for number in (*below, *above) if number not in gone), None)

    def _connect(self) -> None:
        self.table.row_entered.connect(self._enter_row)
        self.table.remove_requested.connect(self.remove_requested)
        self.batch_bar.pause_requested.connect(self.pause_requested)
        self.batch_bar.resume_requested.connect(self.resume_requested)
        self.batch_bar.cancel_requested.connect(self.cancel_requested)
        self.filter_row.filter_requested.connect(self._set_filter)
        self.summary.filter_requested.connect(self.filter_row.show_filter)
        self.nothing.clear.clicked.connect(self.filter_row.clear)
        self.model.changed.connect(self._rows_changed)
        self.model.rearranged.connect(self._rows_rearranged)

    def _make_grid(self) -> PhotoGrid:
        from gui.photos.grid import PhotoGrid

        grid = PhotoGrid(self.table)
        grid.remove_requested.connect(self.remove_requested)
        self.pages.addWidget(grid)
        if self._thumbnails is not None:
            grid.use_thumbnails(self._thumbnails)
        return grid

    @Slot(object)
    def _set_filter(self, wanted: Filter) -> None:
        self.model.set_filter(wanted)
        self._show_counts()

    @Slot()
    def _show_counts(self) -> None:
        self.summary.show_counts(self.model.counts(), self.model.filter)

    @Slot(int)
    def _enter_row(self, number: int) -> None:
        self._current = number
        self.row_chosen.emit(number)

    @Slot()
    def _rows_changed(self) -> None:
        self._show_rows()
        self._restore_current()

    @Slot()
    def _rows_rearranged(self) -> None:
        self._restore_current()
        if self.table.currentIndex().isValid():
            self.view.scrollTo(self.table.currentIndex())

    def _restore_current(self) -> None:
        """Make the open row current again, once a filter lets it through again."""
        current = self._current
        if current is not None and self.table.current_number is None and self.model.line_of(current) is not None:
            self.table.choose(current)

    def _show_rows(self) -> None:
        shown, total = self.model.rowCount(), len(self.model.results)
        self.filter_row.show_labels(self.model.labels)
        self.filter_row.count.setText(texts.count(shown, total) if total else "")
        self.filter_row.setEnabled(total > 0)
        self.nothing.show_reason(is_filtered=total > 0)
        self.pages.setCurrentWidget(self.view if shown else self.nothing)
        if not self._counting.isActive():
            self._counting.start()


class _EmptyPage(QWidget):
    """The page that says why no photo is listed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = QLabel()
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reason.setWordWrap(True)
        self.clear = QPushButton(texts.CLEAR_FILTER)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addStretch(1)
        layout.addWidget(self.reason)
        layout.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_reason(self, *, is_filtered: bool) -> None:
        """Say that the filter holds everything back, or that there is nothing to list."""
        self.reason.setText(texts.NO_MATCH if is_filtered else texts.NO_PHOTOS)
        self.clear.setVisible(is_filtered)
