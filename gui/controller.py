"""Between the window, the workers and the session: what the user asks for, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.answering import Answering
from gui.background import Background, Worker
from gui.comfort import Comfort
from gui.explaining import Explaining
from gui.model_keeper import ModelKeeper
from gui.opening import Opening
from gui.photo_thumbnails import PhotoThumbnails
from gui.session import ModelLoading, OpenPhoto, Session
from gui.windows import Windows
from gui.work import read_photo
from gui.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.batch import Batch
    from gui.main_window import MainWindow
    from gui.model_facts import ModelFacts
    from gui.overlay import Overlay
    from gui.results import Row
    from gui.results_model import ResultsModel
    from gui.results_panel import ResultsPanel
    from gui.session import ReadPhoto
    from gui.work import LoadedModel, ModelLoader


_WORKERS = ("model", "batches", "registry", "pictures", "thumbnails", "files")


class Controller(QObject):
    """Keeps the session and the rows, and shows each change in the window.

    One worker loads the model and answers for the open photo, another for a batch, a third asks the registry, a fourth
    decodes pictures: a photo is seen while a slow server still has to hand out the model.
    """

    changed = Signal(object)  # the new session, after it was shown

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        model: str,
        loader: ModelLoader | None = None,
    ) -> None:
        super().__init__()
        self.session = Session(model=ModelLoading(name=model))
        self.rows = rows
        self.window = window
        self.windows = Windows(window)
        self._workers = {name: Worker(f"acne-{name}") for name in _WORKERS}
        self._pictures = Background(self._workers["pictures"], self)
        self._facts = Background(self._workers["files"], self)
        self.opening = Opening(self._workers["files"], self)
        self.writing = Writing(self._workers["files"], self)
        self.comfort = Comfort(
            window, rows, windows=self.windows, worker=self._workers["files"], is_own=self.opening.is_own
        )
        self.answering = Answering(single=self._workers["model"], batches=self._workers["batches"], parent=self)
        self._explaining = Explaining(self._workers["model"], self)
        self.keeper = ModelKeeper(
            loading=self._workers["model"],
            asking=self._workers["registry"],
            name=model,
            loader=loader,
            look_every=self.comfort.store.load().look_every,
            parent=self,
        )
        self._listen()
        window.show_session(self.session)

    @Slot(object)
    def open(self, paths: Sequence[Path]) -> None:
        """Take these photos to the list, show the first of them and have all classified."""
        rows = self.rows.add(paths)
        self._open_row(rows[0])
        self._answer_waiting()

    @Slot(int)
    def open_row(self, number: int) -> None:
        """Show a photo of the list."""
        row = self.rows.results.row(number)
        if row is not None and (self.session.photo is None or self.session.photo.number != number):
            self._open_row(row)

    @Slot()
    def read_facts(self) -> None:
        """Show what there is to say about the model."""
        if self.keeper.model is not None:
            self._facts.start(lambda loaded: loaded.facts(), [self.keeper.model])

    def close(self, *, timeout: float = 5.0) -> bool:
        """Give up all work; return whether the threads ended within so many seconds each."""
        self.answering.abandon()
        self.keeper.close()
        for background in (*self.findChildren(Background), *self.comfort.findChildren(Background)):
            background.abandon()
        self.opening.close()
        closed = [worker.close(timeout=timeout) for worker in self._workers.values()]
        return all(closed)

    def _listen(self) -> None:
        window = self.window
        self.keeper.loaded.connect(self._model_loaded)
        self.keeper.changed.connect(lambda model: self._show(self.session.with_model(model)))
        self.answering.progressed.connect(self._hold_model)
        self.answering.ended.connect(self.keeper.release)
        self._pictures.item_done.connect(self._picture_read)
        self._pictures.item_failed.connect(self._picture_failed)
        self._facts.item_done.connect(self._facts_read)
        self.answering.answered.connect(self._answered)
        self._explaining.explained.connect(self._explained)
        self._explaining.failed.connect(self._unexplained)
        self.opening.found.connect(self.open)
        self.comfort.rows_restored.connect(self._answer_waiting)
        self.opening.told.connect(window.notice.show_text)
        self.writing.told.connect(window.notice.show_text)
        window.photos_handed_over.connect(self.opening.open)
        window.data_handed_over.connect(self.opening.take)
        window.commands.samples.triggered.connect(self.opening.draw_samples)
        window.commands.answer_waiting.triggered.connect(self._answer_waiting)
        window.commands.answer_again.triggered.connect(self._answer_again)
        window.commands.clear.triggered.connect(self._clear)
        window.results_made.connect(self._serve_results)
        window.table_wanted.connect(self._write_table)
        window.picture_wanted.connect(lambda path: self.writing.write_picture(path, self.session))
        window.panel.threshold_changed.connect(self._set_threshold)
        window.model_wanted.connect(self.keeper.start)
        window.commands.about_model.triggered.connect(self.read_facts)
        window.overlay_wanted.connect(lambda wanted: self._show(self.session.with_overlay_wanted(wanted=wanted)))
        window.opacity_wanted.connect(lambda opacity: self._show(self.session.with_opacity(opacity)))
        window.label_chosen.connect(lambda label: self._show(self.session.choosing(label)))

    def _open_row(self, row: Row) -> None:
        self._show(self.session.opened(row))
        self._pictures.start(_read, [self.session.photo])
        if self.keeper.model is not None and row.prediction is None:
            self.answering.ask(row, self.keeper.model)

    def _answer_waiting(self) -> None:
        """Have all answered that wait; the open photo alone is asked for by itself already."""
        waiting, photo = self.rows.results.waiting(), self.session.photo
        alone = len(waiting) == 1 and photo is not None and waiting[0].number == photo.number
        if self.keeper.model is not None and waiting and not alone:
            self.answering.ask_all(waiting, self.keeper.model)

    @Slot()
    def _answer_again(self) -> None:
        """Have all photos read and answered anew."""
        self.answering.cancel()
        self.rows.ask_again()
        photo = self.session.photo
        row = next((row for row in self.rows.results if photo is not None and row.path == photo.path), None)
        if row is not None:
            self._open_row(row)
        self._answer_waiting()

    @Slot()
    def _clear(self) -> None:
        """Forget all photos of the list."""
        self.answering.cancel()
        self.rows.clear()
        self._show(self.session.closed())

    @Slot(object)
    def _remove(self, numbers: Sequence[int]) -> None:
        """Forget some photos of the list."""
        panel = self.window.results
        if panel is not None:
            panel.remove(numbers)
        photo = self.session.photo
        if photo is not None and self.rows.results.row(photo.number) is None:
            self._show(self.session.closed())

    @Slot(object)
    def _serve_results(self, panel: ResultsPanel) -> None:
        """Listen to the table that was made, and have small pictures made for it."""
        panel.use_thumbnails(PhotoThumbnails(self.rows.results, self._workers["thumbnails"], self))
        panel.row_chosen.connect(self.open_row)
        panel.remove_wanted.connect(self._remove)
        panel.pause_wanted.connect(self.answering.pause)
        panel.resume_wanted.connect(self.answering.resume)
        panel.cancel_wanted.connect(self.answering.cancel)
        self.answering.progressed.connect(panel.show_batch)

    @Slot(object)
    def _write_table(self, path: Path) -> None:
        confident_at = {}
        if self.keeper.model is not None:
            confident_at[self.keeper.model.ready.identity.sha256] = self.keeper.model.ready.confident_at
        self.writing.write_table(
            path, self.rows.shown_rows(), threshold=self.session.threshold, confident_at=confident_at
        )

    @Slot(object)
    def _set_threshold(self, threshold: float | None) -> None:
        self.rows.set_threshold(threshold)
        self._show(self.session.with_threshold(threshold))

    @Slot(object)
    def _model_loaded(self, loaded: LoadedModel) -> None:
        """Have the new model answer for the open photo and for all that wait; the other answers stay whose they are."""
        photo = self.session.photo
        row = None if photo is None else self.rows.results.row(photo.number)
        if row is not None and row.prediction is None:
            self.answering.ask(row, loaded)
        elif row is not None:
            self._open_row(self.rows.add([row.path])[0])
        self._answer_waiting()

    @Slot(object)
    def _hold_model(self, batch: Batch) -> None:
        if not batch.is_over:
            self.keeper.hold()

    @Slot(object)
    def _answered(self, rows: Sequence[Row]) -> None:
        self.rows.put(rows)
        photo = self.session.photo
        shown = next((row for row in rows if photo is not None and row.number == photo.number), None)
        if shown is None or shown.prediction is None:
            return
        if shown.error is None:
            self._show(self.session.with_prediction(shown.number, shown.prediction))
        else:
            self._show(self.session.with_error(shown.number, shown.error))

    @Slot(object, object)
    def _picture_read(self, photo: OpenPhoto, picture: ReadPhoto) -> None:
        self._show(self.session.with_picture(photo.number, picture))

    @Slot(object, str)
    def _picture_failed(self, photo: OpenPhoto, reason: str) -> None:
        self._show(self.session.with_error(photo.number, reason))

    @Slot(int, object)
    def _explained(self, number: int, overlay: Overlay) -> None:
        self._show(self.session.with_overlay(number, overlay))

    @Slot(int, str, str)
    def _unexplained(self, number: int, label: str, reason: str) -> None:
        self._show(self.session.with_unexplained(number, label, reason))

    @Slot(object, object)
    def _facts_read(self, _loaded: LoadedModel, facts: ModelFacts) -> None:
        self.windows.show_model(facts)

    def _show(self, session: Session) -> None:
        self.session = session
        self.window.show_session(session)
        if self.window.results is not None:
            self.window.results.choose(None if session.photo is None else session.photo.number)
        self._explaining.follow(session, self.keeper.model)
        self.changed.emit(session)


def _read(photo: OpenPhoto) -> ReadPhoto:
    return read_photo(photo.path)
