"""Between the window, the workers and the session: what the user asks for, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Worker
from gui.files.opening import Opening
from gui.files.writing import Writing
from gui.model.controller import ModelController
from gui.model.keeper import ModelSelection
from gui.photos.photo_list import PhotoList
from gui.picture.explaining import ExplanationController
from gui.preferences.controller import PreferencesController
from gui.state.results import Row
from gui.state.session import ModelLoading, OpenPhoto, Session
from gui.window.answering import Answering
from gui.window.dialogs import Dialogs
from gui.work import read_photo

if TYPE_CHECKING:
    from gui.model.facts import ModelFacts
    from gui.photos.table_model import ResultsModel
    from gui.picture.overlay import Overlay
    from gui.state.batch import Batch
    from gui.state.session import ReadPhoto
    from gui.window.main_window import MainWindow
    from gui.work import LoadedModel, ModelLoader

_WORKERS = ("model", "batches", "registry", "pictures", "thumbnails", "files")


class Controller(QObject):
    """Keeps the session, joins the parts, and shows each change in the window.

    One worker loads the model and answers for the open photo, another for a batch, a third asks the registry, a fourth
    decodes pictures: a photo is seen while a slow server still has to hand out the model.
    """

    changed = Signal(object)  # the new session, after it was shown

    def __init__(
        self, window: MainWindow, rows: ResultsModel, *, model: str, loader: ModelLoader | None = None
    ) -> None:
        super().__init__()
        self.session = Session(model=ModelLoading(name=model))
        self.rows = rows
        self.window = window
        self.windows = Dialogs(window)
        self._workers = {name: Worker(f"acne-{name}") for name in _WORKERS}
        loading, asking, files = (self._workers[name] for name in ("model", "registry", "files"))
        self._pictures = Background(self._workers["pictures"], self)
        self._facts = Background(files, self)
        self._model_facts: ModelFacts | None = None
        self._facts_wanted = False
        self._explaining = ExplanationController(loading, self)
        self.opening = Opening(files, self)
        self.writing = Writing(files, self)
        self.comfort = PreferencesController(
            window, rows, windows=self.windows, worker=files, is_own=self.opening.is_own
        )
        self.answering = Answering(single=loading, batches=self._workers["batches"], parent=self)
        self.keeper = ModelSelection(
            loading=loading,
            asking=asking,
            name=model,
            loader=loader,
            look_every=self.comfort.store.load().look_every,
            parent=self,
        )
        self.photos = PhotoList(
            rows,
            keeper=self.keeper,
            answering=self.answering,
            writing=self.writing,
            thumbnails=self._workers["thumbnails"],
            parent=self,
        )
        self.model_desk = ModelController(window, self.keeper, windows=self.windows, asking=asking, parent=self)
        self._listen_to_parts()
        self._listen_to_window()
        window.show_session(self.session)

    @Slot()
    def show_facts(self) -> None:
        """Show what there is to say about the model, as soon as it is read."""
        if self._model_facts is None:
            self._facts_wanted = True
        else:
            self.windows.show_model(self._model_facts)

    def close(self, *, timeout: float = 5.0) -> bool:
        """Give up all work but what is to be written; return whether the threads ended within so many seconds each."""
        self.answering.abandon()
        self.model_desk.close()
        self.keeper.close()
        # The window's own are those of comfort and of every dialog, open or about to be deleted.
        works = {*self.findChildren(Background), *self.window.findChildren(Background)}
        for background in works - set(self.writing.findChildren(Background)):
            background.abandon()
        self.opening.close()
        closed = [worker.close(timeout=timeout) for worker in self._workers.values()]
        return all(closed)

    def _listen_to_parts(self) -> None:
        self._pictures.item_done.connect(self._picture_read)
        self._pictures.item_failed.connect(self._picture_failed)
        self._facts.item_done.connect(self._facts_read)
        self._explaining.explained.connect(self._explained)
        self._explaining.failed.connect(self._unexplained)
        self.keeper.loaded.connect(self._read_facts)
        self.keeper.changed.connect(lambda model: self._show(self.session.with_model(model)))
        self.answering.progressed.connect(self._hold_model)
        self.answering.ended.connect(self.keeper.release)
        self.photos.opened.connect(self._open)
        self.photos.closed.connect(lambda: self._show(self.session.closed()))
        self.photos.answered.connect(self._answered)
        self.opening.found.connect(self.photos.add)
        self.comfort.rows_restored.connect(self.photos.answer_waiting)
        self.comfort.server_change_wanted.connect(self.model_desk.show_server)
        self.comfort.forgotten.connect(self.photos.clear)
        self.comfort.look_every_changed.connect(self.keeper.look_every)
        for part in (self.opening, self.writing):
            part.told.connect(self.window.notice.show_text)

    def _listen_to_window(self) -> None:
        window = self.window
        self.photos.serve(window)
        window.photos_handed_over.connect(self.opening.open)
        window.data_handed_over.connect(self.opening.take)
        window.overlay_wanted.connect(lambda wanted: self._show(self.session.with_overlay_wanted(wanted=wanted)))
        window.opacity_wanted.connect(lambda opacity: self._show(self.session.with_opacity(opacity)))
        window.label_chosen.connect(lambda label: self._show(self.session.choosing(label)))
        window.table_wanted.connect(lambda path: self.photos.write(path, threshold=self.session.threshold))
        window.picture_wanted.connect(lambda path: self.writing.write_picture(path, self.session))
        window.panel.threshold_changed.connect(self._set_threshold)
        window.commands.samples.triggered.connect(self.opening.draw_samples)
        window.commands.about_model.triggered.connect(self.show_facts)

    @Slot(object)
    def _open(self, row: Row) -> None:
        self._show(self.session.opened(row))
        self._pictures.start(_read, [self.session.photo])

    @Slot(object)
    def _answered(self, row: Row) -> None:
        if row.error is not None:
            self._show(self.session.with_error(row.number, row.error))
        elif row.prediction is not None:
            session = self.session.with_prediction(row.number, row.prediction)
            if _is_of_another_file(session.photo):
                self._open(row)  # the picture came before the answer, so that it is the one to be read anew
            else:
                self._show(session)

    @Slot(object)
    def _hold_model(self, batch: Batch) -> None:
        if not batch.is_over:
            self.keeper.hold()

    @Slot(object)
    def _set_threshold(self, threshold: float | None) -> None:
        self.rows.set_threshold(threshold)
        self._show(self.session.with_threshold(threshold))

    @Slot(object)
    def _read_facts(self, loaded: LoadedModel) -> None:
        self._model_facts = None
        self.window.panel.know(None)
        self._facts.start(lambda loaded: loaded.facts(), [loaded])

    @Slot(object, object)
    def _facts_read(self, _loaded: LoadedModel, facts: ModelFacts) -> None:
        self._model_facts = facts
        self.window.panel.know(facts)
        if self._facts_wanted:
            self._facts_wanted = False
            self.windows.show_model(facts)

    @Slot(object, object)
    def _picture_read(self, photo: OpenPhoto, picture: ReadPhoto) -> None:
        session = self.session.with_picture(photo.number, picture)
        if _is_of_another_file(session.photo):
            # The file was written anew since it was answered: the old answer never stands beside these pixels.
            unanswered = self.session.opened(Row(number=photo.number, path=photo.path))
            self._show(unanswered.with_picture(photo.number, picture))
            self.photos.ask_anew()
        else:
            self._show(session)

    @Slot(object, str)
    def _picture_failed(self, photo: OpenPhoto, reason: str) -> None:
        self._show(self.session.with_error(photo.number, reason))

    @Slot(int, object)
    def _explained(self, number: int, overlay: Overlay) -> None:
        self._show(self.session.with_overlay(number, overlay))

    @Slot(int, str, str)
    def _unexplained(self, number: int, label: str, reason: str) -> None:
        self._show(self.session.with_unexplained(number, label, reason))

    def _show(self, session: Session) -> None:
        self.session = session
        self.window.show_session(session)
        self.model_desk.follow(session)
        self._explaining.follow(session, self.keeper.model)
        self.changed.emit(session)


def _read(photo: OpenPhoto) -> ReadPhoto:
    return read_photo(photo.path)


def _is_of_another_file(photo: OpenPhoto | None) -> bool:
    """Tell whether the answer to a photo is about what lay under its path before its picture was read, or since."""
    if photo is None or photo.prediction is None:
        return False
    return photo.picture is not None and not photo.picture.is_meant_by(photo.prediction)
