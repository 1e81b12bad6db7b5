"""The controller of the whole app: the session, its workers, and the order in which the parts hear of a change."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.background import Background, Worker
from gui.controllers.chosen_photos import ChosenPhotos
from gui.controllers.classification import ClassificationController
from gui.controllers.explanation import ExplanationController
from gui.controllers.model import ModelController
from gui.controllers.photo_commands import PhotoCommandsController
from gui.controllers.photo_list import PhotoListController
from gui.controllers.preferences import PreferencesController
from gui.controllers.recent_photos import RecentPhotosController
from gui.controllers.review import ReviewController
from gui.controllers.site_check import SiteCheckController
from gui.controllers.training import TrainingController
from gui.files.opening import Opening
from gui.files.writing import Writing
from gui.model.selection import ModelSelection
from gui.state.results import Row
from gui.state.review_view import with_hidden
from gui.state.session import ModelLoading, OpenPhoto, Session
from gui.window.dialogs import Dialogs
from gui.work import read_photo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.state.batch import Batch
    from gui.state.model_facts import ModelFacts
    from gui.state.overlay import Overlay
    from gui.state.session import ModelState, ReadPhoto
    from gui.window.main_window import MainWindow
    from gui.work import LoadedModel, ModelLoader

_WORKERS = ("model", "batches", "registry", "pictures", "thumbnails", "files", "reviews", "site-check")


class AppController(QObject):
    """Keeps the session and shows each change of it in the window.

    Where several parts hear of the same event, one method here calls them, in an order that can be read.

    One worker loads the model and classifies the open photo, another a batch, a third asks the registry, a fourth
    decodes pictures: a photo is shown while a slow server still has to hand out the model.
    """

    changed = Signal(object)  # the new session, after it was shown

    def __init__(
        self, window: MainWindow, rows: ResultsModel, *, model: str, loader: ModelLoader | None = None
    ) -> None:
        super().__init__()
        self.session = Session(model=ModelLoading(name=model))
        self.rows = rows
        self.window = window
        self.dialogs = Dialogs(window)
        self.workers = {name: Worker(f"acne-{name}") for name in _WORKERS}
        loading, asking, files = (self.workers[name] for name in ("model", "registry", "files"))
        self._pictures = Background(self.workers["pictures"], self)
        self._facts = Background(files, self)
        self._model_facts: ModelFacts | None = None
        self._facts_requested = False
        self._explanation = ExplanationController(loading, self)
        self.opening = Opening(files, self)
        self.writing = Writing(files, photos=lambda: [row.path for row in rows.results], parent=self)
        self.recent = RecentPhotosController(window.commands.recent, is_own=self.opening.is_own, parent=self)
        self.preferences = PreferencesController(
            window,
            rows,
            dialogs=self.dialogs,
            worker=files,
            is_own=self.opening.is_own,
            recent=lambda: self.recent.recent.paths,
        )
        self.classification = ClassificationController(single=loading, batches=self.workers["batches"], parent=self)
        self.model_selection = ModelSelection(
            loading=loading,
            asking=asking,
            name=model,
            loader=loader,
            check_every=self.preferences.store.load().check_every,
            parent=self,
        )
        self.photos = PhotoListController(
            rows,
            model_selection=self.model_selection,
            classification=self.classification,
            thumbnails=self.workers["thumbnails"],
            parent=self,
        )
        self.review = ReviewController(
            window,
            rows,
            photos=self.photos,
            store=self.preferences.store,
            worker=self.workers["reviews"],
            parent=self,
        )
        self.photo_commands = PhotoCommandsController(
            window,
            rows,
            chosen=ChosenPhotos(window, rows, self.photos),
            session=lambda: self.session,
            writing=self.writing,
            dialogs=self.dialogs,
            worker=self.workers["pictures"],
            parent=self,
        )
        self.site_check = SiteCheckController(
            rows, review=self.review, selection=self.model_selection, worker=self.workers["site-check"], parent=self
        )
        selection = self.model_selection
        self.training = TrainingController(
            window, rows, review=self.review, photos=self.photos, selection=selection, worker=files, parent=self
        )
        self.model_controller = ModelController(window, selection, dialogs=self.dialogs, asking=asking, parent=self)
        self._connect_parts()
        self._connect_window()
        window.show_session(self.session)

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Begin the work, once the window can be seen and nothing competes with that.

        Args:
            paths: Photos and folders to open, after the photos of the last session.
        """
        self.model_selection.start()
        self.preferences.restore_rows()
        self.review.start()
        if paths:
            self.opening.open(paths)
        self.opening.remove_stale_folders()  # on the same worker, so after the photos

    @Slot()
    def show_facts(self) -> None:
        """Show the details of the model, as soon as they are read."""
        if self._model_facts is None:
            self._facts_requested = True
        else:
            self.model_controller.show_facts(self._model_facts)

    @Slot()
    def show_server(self) -> None:
        """Let the user name another server, which the settings show too if they are open."""
        dialog = self.model_controller.show_server()
        dialog.server_stored.connect(self.preferences.show_server)

    def close(self, *, timeout: float = 5.0) -> bool:
        """Abandon all work except writing; return whether each thread ended within the timeout (seconds)."""
        self.classification.abandon()
        self.model_controller.close()
        self.model_selection.close()
        self.review.close()
        self.site_check.close()
        self.training.close()
        # The window's own belong to the preferences and to every dialog, open or about to be deleted.
        works = {*self.findChildren(Background), *self.window.findChildren(Background)}
        writers = (self.writing, self.review.writing)
        writing = {background for each in writers for background in each.findChildren(Background)}
        for background in works - writing:
            background.abandon()
        self.opening.close()
        closed = [worker.close(timeout=timeout) for worker in self.workers.values()]
        return all(closed)

    def _connect_parts(self) -> None:
        self._pictures.item_done.connect(self._picture_read)
        self._pictures.item_failed.connect(self._picture_failed)
        self._facts.item_done.connect(self._facts_read)
        self._explanation.explained.connect(self._explained)
        self._explanation.failed.connect(self._unexplained)
        self.model_selection.loaded.connect(self._model_loaded)
        self.model_selection.changed.connect(self._model_changed)
        self.classification.answered.connect(self.photos.put)
        self.classification.progressed.connect(self._batch_progressed)
        self.classification.ended.connect(self.model_selection.unlock)
        self.photos.opened.connect(self._open)
        self.photos.closed.connect(lambda: self._show(self.session.closed()))
        self.photos.answered.connect(self._answered)
        self.opening.found.connect(self.photos.add)
        self.opening.opened.connect(self.recent.note_opened)
        self.recent.chosen.connect(self.opening.open)
        self.preferences.recent_restored.connect(self.recent.restore)
        self.preferences.deleted.connect(self.recent.forget)
        self.preferences.rows_restored.connect(self.photos.classify_pending)
        self.preferences.server_change_requested.connect(self.show_server)
        self.preferences.deleted.connect(self.photos.clear)
        self.preferences.deleted.connect(self.review.forget)
        self.review.hidden_changed.connect(lambda: self._show(self.session))
        self.preferences.check_every_changed.connect(self.model_selection.set_check_every)
        for part in (
            self.opening,
            self.writing,
            self.model_selection,
            self.review,
            self.photo_commands,
            self.site_check,
            self.training,
        ):
            part.message.connect(self.window.notice.show_text)

    def _connect_window(self) -> None:
        window = self.window
        self.photos.connect_commands(window.commands)
        window.results_made.connect(self._results_made)
        window.paths_received.connect(self.opening.open)
        window.data_received.connect(self.opening.open_data)
        window.overlay_requested.connect(lambda on: self._show(self.session.with_overlay_requested(requested=on)))
        window.opacity_requested.connect(lambda opacity: self._show(self.session.with_opacity(opacity)))
        window.overlay_style_requested.connect(lambda style: self._show(self.session.with_overlay_style(style)))
        window.label_chosen.connect(lambda label: self._show(self.session.choosing(label)))
        window.files.table_file_chosen.connect(self._write_table)
        window.files.picture_file_chosen.connect(lambda path: self.writing.write_picture(path, self.session))
        window.panel.threshold_changed.connect(self._set_threshold)
        window.commands.samples.triggered.connect(self.opening.draw_samples)
        window.commands.about_model.triggered.connect(self.show_facts)
        window.commands.server.triggered.connect(self.show_server)

    @Slot(object)
    def _model_loaded(self, loaded: LoadedModel) -> None:
        """Classify with a new model; the session learns of it next, by :meth:`_model_changed`."""
        self.photos.judge_again(loaded.ready)
        self.photos.classify_with_new_model()
        self.model_controller.offer_production()
        self._model_facts = None
        self.window.panel.show_facts(None)
        self._facts.start(lambda loaded: loaded.facts(), [loaded])
        QTimer.singleShot(0, _import_list)

    @Slot(object)
    def _model_changed(self, model: ModelState) -> None:
        self.model_controller.show_model(model)
        self._show(self.session.with_model(model))

    @Slot(object)
    def _batch_progressed(self, batch: Batch) -> None:
        if not batch.is_over:
            self.model_selection.lock()
        if self.window.results is not None:
            self.window.results.show_batch(batch)

    @Slot(object)
    def _results_made(self, panel: ResultsPanel) -> None:
        self.photos.connect_panel(panel)
        self.review.connect_panel(panel)
        self.photo_commands.connect_panel(panel)
        panel.pause_requested.connect(self.classification.pause)
        panel.resume_requested.connect(self.classification.resume)
        panel.cancel_requested.connect(self.classification.cancel)

    @Slot(object)
    def _write_table(self, path: Path) -> None:
        """Write the table exactly as it is listed: what is hidden on the screen is hidden in the file."""
        self.writing.write_table(path, self.rows.exported_rows(), threshold=self.session.threshold)

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
                self._open(row)  # the picture came before the answer, so it is the picture that is read again
            else:
                self._show(session)

    @Slot(object)
    def _set_threshold(self, threshold: float | None) -> None:
        self.rows.set_threshold(threshold)
        self._show(self.session.with_threshold(threshold))

    @Slot(object, object)
    def _facts_read(self, _loaded: LoadedModel, facts: ModelFacts) -> None:
        self._model_facts = facts
        self.window.panel.show_facts(facts)
        self.site_check.show_facts(facts)
        if self._facts_requested:
            self._facts_requested = False
            self.model_controller.show_facts(facts)

    @Slot(object, object)
    def _picture_read(self, photo: OpenPhoto, picture: ReadPhoto) -> None:
        session = self.session.with_picture(photo.number, picture)
        if _is_of_another_file(session.photo):
            # The file has changed since it was classified: the old answer never stands beside these pixels.
            unanswered = self.session.opened(Row(number=photo.number, path=photo.path))
            self._show(unanswered.with_picture(photo.number, picture))
            self.photos.classify_current()
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
        self.session = session = with_hidden(session, self.review.reviews)
        self.window.show_session(session)
        self.model_controller.show_session(session)
        self.review.show_session(session)
        self.photo_commands.show_session(session)
        self._explanation.show_session(session, self.model_selection.model)
        self.changed.emit(session)


def _import_list() -> None:
    """Import the list of photos while nothing waits for it; photos that come later find it there."""
    import_module("gui.photos.panel")


def _read(photo: OpenPhoto) -> ReadPhoto:
    return read_photo(photo.path)


def _is_of_another_file(photo: OpenPhoto | None) -> bool:
    """Tell whether the answer to a photo is about another file than its picture: the file changed in between."""
    if photo is None or photo.prediction is None:
        return False
    return photo.picture is not None and not photo.picture.is_meant_by(photo.prediction)
