"""The controller of the list of photos: which are added, opened, classified and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from acnelib.verdicts import ConfidenceThreshold
from gui.photos.thumbnails import PhotoThumbnails
from gui.state.results import judged_again

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.background import Worker
    from gui.controllers.classification import ClassificationController
    from gui.model.selection import ModelSelection
    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.state.results import Row
    from gui.state.session import ModelReady
    from gui.window.actions import Actions


class PhotoListController(QObject):
    """Keeps rows, one of them open, and has them classified by the model in use."""

    opened = Signal(object)  # the Row that is open from now on
    closed = Signal()  # no photo is open any more
    answered = Signal(object)  # the open Row, with its answer

    def __init__(
        self,
        rows: ResultsModel,
        *,
        model_selection: ModelSelection,
        classification: ClassificationController,
        thumbnails: Worker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = rows
        self.current: int | None = None  # number of the row that is open
        self._model_selection, self._classification = model_selection, classification
        self._thumbnails = thumbnails
        self._panel: ResultsPanel | None = None

    def connect_commands(self, commands: Actions) -> None:
        """Do what the menus say."""
        commands.classify_pending.triggered.connect(self.classify_pending)
        commands.classify_again.triggered.connect(self.classify_again)
        commands.clear.triggered.connect(self.clear)
        commands.remove.triggered.connect(self._remove_chosen)
        commands.next.triggered.connect(lambda: self._travel(1))
        commands.previous.triggered.connect(lambda: self._travel(-1))

    @Slot(object)
    def add(self, paths: Sequence[Path]) -> None:
        """List photos, open the first of them and have all classified."""
        self._open(self.rows.add(paths)[0])
        self.classify_pending()

    @Slot(int)
    def open(self, number: int) -> None:
        """Open a photo of the list; it is classified again after another model, so that one screen shows one model."""
        row = self.rows.results.row(number)
        if row is None or number == self.current:
            return
        self._open(row, again=self._is_of_another_model(row))

    def classify_current(self) -> None:
        """Classify the open photo; its row keeps its answer until the new one is there."""
        row = self._current_row
        if row is not None and self._model_selection.model is not None:
            self._classification.classify(row, self._model_selection.model)

    @Slot()
    def classify_pending(self) -> None:
        """Classify the pending photos; the open photo alone is being classified already."""
        pending = self.rows.results.pending()
        is_open_alone = len(pending) == 1 and pending[0].number == self.current
        if self._model_selection.model is not None and pending and not is_open_alone:
            self._classification.classify_all(pending, self._model_selection.model)

    @Slot()
    def classify_again(self) -> None:
        """Read and classify all photos again."""
        self._classification.cancel()
        current = self._current_row
        rows = self.rows.reset_answers()
        if current is not None:
            self._open(next(row for row in rows if row.path == current.path))
        self.classify_pending()

    @Slot()
    def clear(self) -> None:
        """Remove all photos from the list; the files stay where they are."""
        self._classification.cancel()
        self.rows.clear()
        self._close()

    @Slot(object)
    def put(self, rows: Sequence[Row]) -> None:
        """Take answers to their rows, and say so of the open photo."""
        self.rows.put(rows)
        current = next((row for row in rows if row.number == self.current), None)
        if current is not None:
            self.answered.emit(current)

    def judge_again(self, model: ModelReady) -> None:
        """Give the verdicts on a model's answers at its threshold, which this site may have changed."""
        threshold = ConfidenceThreshold(model.confidence_threshold, model.threshold_origin)
        sha256 = model.identity.sha256
        judged = [judged_again(row, model_sha256=sha256, threshold=threshold) for row in self.rows.results]
        self.rows.put(row for row in judged if row is not None)

    def classify_with_new_model(self) -> None:
        """Classify the open photo and all that are pending with a new model; the other answers stay as they are."""
        row = self._current_row
        if row is not None and row.prediction is not None:
            self._open(row, again=True)
        else:
            self.classify_current()
        self.classify_pending()

    def connect_panel(self, panel: ResultsPanel) -> None:
        """Do what the table says, and give it thumbnails."""
        self._panel = panel
        panel.use_thumbnails(PhotoThumbnails(self.rows.results, self._thumbnails, self))
        panel.row_chosen.connect(self.open)
        panel.remove_requested.connect(self._remove)

    @property
    def _current_row(self) -> Row | None:
        return None if self.current is None else self.rows.results.row(self.current)

    def _open(self, row: Row, *, again: bool = False) -> None:
        """Open a row; ``again``: to be classified again, while the list keeps its answer until there is another.

        So no photo is left pending when the user goes to the next one before that.
        """
        self.current = row.number
        if self._panel is not None:
            self._panel.choose(row.number)
        self.opened.emit(row.unanswered() if again else row)
        if again or row.prediction is None:
            self.classify_current()

    def _is_of_another_model(self, row: Row) -> bool:
        model, answer = self._model_selection.model, row.prediction
        return model is not None and answer is not None and answer.model.sha256 != model.ready.identity.sha256

    def _close(self) -> None:
        self.current = None
        self.closed.emit()

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
        """Remove the selected rows, or the open photo where none is selected."""
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
