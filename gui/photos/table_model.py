"""The photos of a window as a table: filtered, and sorted when the user asks for it."""

from __future__ import annotations

from bisect import bisect
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal

from gui.photos import texts
from gui.photos.line_runs import runs_of
from gui.photos.row_view import RowView
from gui.state.results_filter import Column, Filter, Order, RowKind, labels_of, places
from gui.state.review_session import ReviewSession
from gui.widgets.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from gui.state.counts import Counts
    from gui.state.results import Results, Row

_FEW = 16
"""Ranges of rows that are signalled one by one; beyond, one signal about everything is quicker."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Role(IntEnum):
    """What there is to ask of a cell beside Qt's own roles."""

    RAW = Qt.ItemDataRole.UserRole  # what its column sorts by
    ROW = Qt.ItemDataRole.UserRole + 1  # the photo's Row
    KIND = Qt.ItemDataRole.UserRole + 2  # the outcome for the photo; Qt hands it on as a plain string


class ResultsModel(QAbstractTableModel):
    """The rows of results that a filter lets through.

    Answers that come in change a row where it stands: only :meth:`sort`, another filter and photos that are added
    sort again, so that nothing moves away from under the pointer.
    """

    changed = Signal()  # after each change of the rows, once
    rearranged = Signal()  # after rows were sorted or listed again, so that the current one may be elsewhere

    def __init__(
        self, results: Results, parent: QObject | None = None, *, reviews: ReviewSession | None = None
    ) -> None:
        super().__init__(parent)
        self.results = results
        self.view = RowView(reviews or ReviewSession())
        self.filter = Filter()
        self.version = 0  # changes with each photo, answer and order
        self._order = Order()
        self._labels: tuple[int, tuple[str, ...]] | None = None  # of a version
        self._places = list(range(len(results)))  # in the results, by the row of the table
        self._lines = {place: place for place in self._places}  # the other way round

    @property
    def threshold(self) -> float | None:
        """Score (0–1) from which the user takes an answer for confident; None: the model's own."""
        return self.view.threshold

    @property
    def labels(self) -> tuple[str, ...]:
        """The class labels among all answers, sorted."""
        if self._labels is None or self._labels[0] != self.version:
            self._labels = (self.version, labels_of(self.results))
        return self._labels[1]

    def row_at(self, line: int) -> Row:
        """Return the photo in a row of the table."""
        return self.results[self._places[line]]

    def text(self, row: Row, column: Column) -> str:
        """Return what a cell shows of a photo, and take note that it is shown."""
        if column is Column.LABEL:
            self.view.note_shown(row)
        return self.view.text(row, column)

    def kind(self, row: Row) -> RowKind:
        """Return the outcome for a photo, as far as the reviewer may know it."""
        return self.view.kind(row)

    def reviews_changed(self, photos: Collection[str] | None = None) -> None:
        """Show photos (their hashes; None: all) as they are after reviews, or after answers were hidden or shown."""
        if photos is None:
            changed: Sequence[int] = range(len(self.results))
        else:
            answers = ((place, row.prediction) for place, row in enumerate(self.results))
            changed = [place for place, answer in answers if answer is not None and answer.sha256 in photos]
        self._update(changed)
        self.changed.emit()

    def exported_rows(self) -> tuple[Row, ...]:
        """Return the photos as listed for a file, in which answers that are hidden from the reviewer are hidden too."""
        return tuple(self.view.exported(row) for row in self.shown_rows())

    def counts(self) -> Counts:
        """Return how many photos there are by outcome and by class, for the present filter."""
        return self.view.counts(self.results, self.filter)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Let photos be dragged to other programs."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 Qt's name
        """Return the files of photos, once each."""
        lines = sorted({index.row() for index in indexes})
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.row_at(line).path)) for line in lines])
        return data

    def supportedDragActions(self) -> Qt.DropAction:  # noqa: N802 Qt's name
        """Let files be copied only: other programs delete what they move."""
        return Qt.DropAction.CopyAction

    def line_of(self, number: int) -> int | None:
        """Return the row of the table in which a photo stands; None when it is filtered out, or gone."""
        place = self.results.place(number)
        return None if place is None else self._lines.get(place)

    def shown_rows(self) -> tuple[Row, ...]:
        """Return the photos as filtered and sorted."""
        rows = tuple(self.results)
        return tuple([rows[place] for place in self._places])

    def add(self, paths: Iterable[Path]) -> tuple[Row, ...]:
        """Add photos and return their rows; a file that is listed already is pending again, in its old place."""
        before = len(self.results)
        rows = self.results.add(paths)
        self.version += 1
        if self._order.column is None or len(self.results) == before:
            self._update(self._places_of(rows))
            self.sort_again()
        else:
            self._arrange()
        self.changed.emit()
        return rows

    def put(self, rows: Iterable[Row]) -> None:
        """Replace rows with newer ones; those of removed rows are ignored."""
        found = (self.results.put(row) for row in rows)
        if changed := [place for place in found if place is not None]:
            self.version += 1
            self._update(changed)
            self.changed.emit()

    def reset_answers(self) -> tuple[Row, ...]:
        """Make all photos pending again, and return their rows."""
        rows = self.results.reset_answers()
        self.version += 1
        self._update(range(len(self.results)))
        self.sort_again()
        self.changed.emit()
        return rows

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove rows; the files stay where they are."""
        gone = [number for number in numbers if self.results.place(number) is not None]
        lines = {line for line in map(self.line_of, gone) if line is not None}
        if len(runs_of(lines)) > _FEW:
            self.beginResetModel()
            self.results.remove(gone)
            self._set_places(self._arranged())
            self.endResetModel()
            self.rearranged.emit()
        else:
            self._drop(lines)
            shown = [self.results[place].number for place in self._places]
            self.results.remove(gone)
            self._set_places([place for place in map(self.results.place, shown) if place is not None])
        self.changed.emit()

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self.results.clear()
        self._set_places([])
        self.endResetModel()
        self.rearranged.emit()
        self.changed.emit()

    def set_filter(self, wanted: Filter) -> None:
        """List only what a filter lets through."""
        if wanted != self.filter:
            self.filter = wanted
            self._arrange()
            self.changed.emit()

    def set_threshold(self, threshold: float | None) -> None:
        """Take answers to be confident from a score (0–1) of the user's; None: from the model's own."""
        if threshold == self.threshold:
            return
        self.view.threshold = threshold
        if self.filter.kind is None:
            self._signal_change(range(len(self._places)), Column.VERDICT, Column.VERDICT)
        else:
            self._update(range(len(self.results)))
        self.sort_again()
        self.changed.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one: in the order in which the photos came."""
        descending = order == Qt.SortOrder.DescendingOrder
        self._order = Order(column=None if column < 0 else Column(column), descending=descending)
        self.sort_again()

    def sort_again(self) -> None:
        """Sort as before what came in since."""
        arranged = self._arranged()
        if arranged == self._places:
            return
        if set(arranged) != set(self._places):
            self._arrange()
            return
        self.layoutAboutToBeChanged.emit()
        before, kept = self._places, self.persistentIndexList()
        self._set_places(arranged)
        moved = [self.index(self._lines[before[index.row()]], index.column()) for index in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()
        self.rearranged.emit()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008 Qt's own
        """Return how many photos are listed."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: N802, B008 Qt's own
        """Return how many things are listed of a photo."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or what its role asks for."""
        value = _VALUES.get(role)
        if value is None or not index.isValid():
            return None
        return value(self.view, self.row_at(index.row()), Column(index.column()))

    def headerData(  # noqa: N802 Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts.column(Column(section))
            case Qt.ItemDataRole.ToolTipRole:
                return texts.sorted_by(Column(section))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _LEFT
        return None

    def _arranged(self) -> list[int]:
        column = self._order.column
        value = None if column is None else lambda row: self.view.raw_value(row, column)
        keep = partial(self.view.is_listed, wanted=self.filter)
        return places(self.results, keep=keep, value=value, descending=self._order.descending)

    def _places_of(self, rows: Iterable[Row]) -> list[int]:
        found = (self.results.place(row.number) for row in rows)
        return [place for place in found if place is not None]

    def _update(self, changed: Sequence[int]) -> None:
        """Show rows of the results that are new or have changed, and take away what the filter holds back now."""
        passing = {place for place in changed if self.view.is_listed(self.results[place], self.filter)}
        shown = {self._lines[place] for place in changed if place in self._lines}
        leaving = {line for line in shown if self._places[line] not in passing}
        coming = sorted(place for place in passing if place not in self._lines)
        between = bisect(coming, self._places[-1]) if self._places and self._order.column is None else 0
        if between > _FEW or len(runs_of(leaving)) > _FEW:
            self._arrange()
            return
        self._signal_change(shown - leaving, Column.PHOTO, Column.MODEL)
        self._drop(leaving)
        self._insert(coming)

    def _signal_change(self, lines: Iterable[int], first: Column, last: Column) -> None:
        runs = runs_of(set(lines))
        if len(runs) > _FEW:
            runs = [(runs[0][0], runs[-1][1])]
        for top, bottom in runs:
            self.dataChanged.emit(self.index(top, first), self.index(bottom, last))

    def _drop(self, lines: set[int]) -> None:
        for top, bottom in reversed(runs_of(lines)):
            self.beginRemoveRows(QModelIndex(), top, bottom)
            self._set_places(self._places[:top] + self._places[bottom + 1 :])
            self.endRemoveRows()

    def _insert(self, coming: Sequence[int]) -> None:
        """Let rows in: in the order in which they came, or, where that is not the order, at the end."""
        by_place = self._order.column is None
        while coming:
            line, number = len(self._places), len(coming)
            if by_place and line and coming[0] < self._places[-1]:
                line, number = bisect(self._places, coming[0]), 1
            self.beginInsertRows(QModelIndex(), line, line + number - 1)
            self._set_places([*self._places[:line], *coming[:number], *self._places[line:]])
            self.endInsertRows()
            coming = coming[number:]

    def _arrange(self) -> None:
        self.beginResetModel()
        self._set_places(self._arranged())
        self.endResetModel()
        self.rearranged.emit()

    def _set_places(self, arranged: list[int]) -> None:
        self.version += 1
        self._places = arranged
        self._lines = {place: line for line, place in enumerate(arranged)}


_VALUES: dict[int, Callable[[RowView, Row, Column], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda view, row, column: view.text(row, column),
    Qt.ItemDataRole.ToolTipRole: lambda view, row, column: plain_text(view.tip(row, column)),
    Qt.ItemDataRole.AccessibleTextRole: lambda view, row, column: view.spoken(row, column),
    Qt.ItemDataRole.TextAlignmentRole: lambda _view, _row, _column: _LEFT,
    Role.RAW: lambda view, row, column: view.raw_value(row, column),
    Role.ROW: lambda _view, row, _column: row,
    Role.KIND: lambda view, row, _column: view.kind(row),
}
