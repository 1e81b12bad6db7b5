"""The photos of a window as a list: what comes in, what is open, what is answered, what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.photos.thumbnails import PhotoThumbnails

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.background import Worker
    from gui.files.writing import Writing
    from gui.model.keeper import ModelSelection
    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.state.results import Row
    from gui.window.answering import Answering
    from gui.window.main_window import MainWindow


class PhotoList(QObject):
    """Keeps rows, one of them open, and has all answered by the model that answers now."""

    opened = Signal(object)  # the Row that is open from now on
    closed = Signal()  # no photo is open any more
    answered = Signal(object)  # the open Row, with its answer

    def __init__(
        self,
        rows: ResultsModel,
        *,
        keeper: ModelSelection,
        answering: Answering,
        writing: Writing,
        thumbnails: Worker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = rows
        self.current: int | None = None  # number of the row that is open
        self._keeper, self._answering, self._writing = keeper, answering, writing
        self._thumbnails = thumbnails
        self._panel: ResultsPanel | None = None
        answering.answered.connect(self._put)
        keeper.loaded.connect(self._ask_new_model)

    def serve(self, window: MainWindow) -> None:
        """Do what a window's menus and its table want."""
        commands = window.commands
        commands.answer_waiting.triggered.connect(self.answer_waiting)
        commands.answer_again.triggered.connect(self.answer_again)
        commands.clear.triggered.connect(self.clear)
        commands.remove.triggered.connect(self._remove_chosen)
        commands.next.triggered.connect(lambda: self._travel(1))
        commands.previous.triggered.connect(lambda: self._travel(-1))
        window.results_made.connect(self._serve_table)

    @Slot(object)
    def add(self, paths: Sequence[Path]) -> None:
        """List photos, open the first of them and have all answered."""
        self._open(self.rows.add(paths)[0])
        self.answer_waiting()

    @Slot(int)
    def open(self, number: int) -> None:
        """Open a photo of the list; what another model answered is asked anew, so that one screen shows one model."""
        row = self.rows.results.row(number)
        if row is None or number == self.current:
            return
        self._open(row, anew=self._is_of_another_model(row))

    def ask_anew(self) -> None:
        """Ask about the open photo; its row keeps the answer that it has until the new one is there."""
        row = self._current_row
        if row is not None and self._keeper.model is not None:
            self._answering.ask(row, self._keeper.model)

    @Slot()
    def answer_waiting(self) -> None:
        """Have all answered that wait; the open photo alone is asked for by itself already."""
        waiting = self.rows.results.waiting()
        alone = len(waiting) == 1 and waiting[0].number == self.current
        if self._keeper.model is not None and waiting and not alone:
            self._answering.ask_all(waiting, self._keeper.model)

    @Slot()
    def answer_again(self) -> None:
        """Have all photos read and answered anew."""
        self._answering.cancel()
        current = self._current_row
        rows = self.rows.ask_again()
        if current is not None:
            self._open(next(row for row in rows if row.path == current.path))
        self.answer_waiting()

    @Slot()
    def clear(self) -> None:
        """Forget all photos; the files stay where they are."""
        self._answering.cancel()
        self.rows.clear()
        self._close()

    def write(self, path: Path, *, threshold: float | None) -> None:
        """Write the table exactly as it is listed."""
        model = self._keeper.model
        confidence_threshold = {} if model is None else {model.ready.identity.sha256: model.ready.confidence_threshold}
        self._writing.write_table(
            path, self.rows.shown_rows(), threshold=threshold, confidence_threshold=confidence_threshold
        )

    @property
    def _current_row(self) -> Row | None:
        return None if self.current is None else self.rows.results.row(self.current)

    def _open(self, row: Row, *, anew: bool = False) -> None:
        """Open a row; anew: as though it had no answer, which it keeps in the list until there is another.

        Whoever goes on to the next photo before that leaves nothing behind that waits and that nobody asks about.
        """
        self.current = row.number
        if self._panel is not None:
            self._panel.choose(row.number)
        self.opened.emit(row.unanswered() if anew else row)
        if anew or row.prediction is None:
            self.ask_anew()

    def _is_of_another_model(self, row: Row) -> bool:
        model, answer = self._keeper.model, row.prediction
        return model is not None and answer is not None and answer.model.sha256 != model.ready.identity.sha256

    def _close(self) -> None:
        self.current = None
        self.closed.emit()

    @Slot(object)
    def _put(self, rows: Sequence[Row]) -> None:
        self.rows.put(rows)
        current = next((row for row in rows if row.number == self.current), None)
        if current is not None:
            self.answered.emit(current)

    @Slot()
    def _ask_new_model(self) -> None:
        """Have a new model answer for the open photo and for all that wait; the other answers stay whose they are."""
        row = self._current_row
        if row is not None and row.prediction is not None:
            self._open(row, anew=True)
        else:
            self.ask_anew()
        self.answer_waiting()

    @Slot(object)
    def _remove(self, numbers: Sequence[int]) -> None:
        if self._panel is not None:
            self._panel.remove(numbers)  # which goes to a neighbour of the open photo, if there is one
        else:
            self.rows.remove(numbers)
        if self.current is not None and self._current_row is None:
            self._close()

    @Slot()
    def _remove_chosen(self) -> None:
        """Forget the rows that are selected, or the open photo where none is."""
        chosen = self._panel.table.selected_numbers if self._panel is not None else ()
        if not chosen and self.current is not None:
            chosen = (self.current,)
        self._remove(chosen)

    def _travel(self, by: int) -> None:
        """Open the next photo as they are listed, or the one before."""
        numbers = [row.number for row in self.rows.shown_rows()]
        there = numbers.index(self.current) + by if self.current in numbers else 0
        if 0 <= there < len(numbers):
            self.open(numbers[there])

    @Slot(object)
    def _serve_table(self, panel: ResultsPanel) -> None:
        self._panel = panel
        panel.use_thumbnails(PhotoThumbnails(self.rows.results, self._thumbnails, self))
        panel.row_chosen.connect(self.open)
        panel.remove_wanted.connect(self._remove)
        panel.pause_wanted.connect(self._answering.pause)
        panel.resume_wanted.connect(self._answering.resume)
        panel.cancel_wanted.connect(self._answering.cancel)
        self._answering.progressed.connect(panel.show_batch)
