"""The controller of training with reviews: its plan, its process, and the comparison with the version before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QThread, QTimer, Signal, Slot

from acnelib.runs.outcome import RunOutcome
from acnelib.runs.process import COMMAND
from gui.background import Background
from gui.state.review_queue import hash_of
from gui.state.session import ModelReady

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QMessageBox

    from gui.background import Worker
    from gui.controllers.photo_list import PhotoListController
    from gui.controllers.review import ReviewController
    from gui.model.selection import ModelSelection
    from gui.photos.table_model import ResultsModel
    from gui.state.training_plan import TrainingPlan
    from gui.state.training_progress import TrainingEnd, TrainingProgress
    from gui.training.dialog import TrainingDialog
    from gui.training.run import TrainingRun
    from gui.window.main_window import MainWindow


class TrainingController(QObject):
    """Joins the window to a training, of which there is one at a time; it goes on while its dialog is hidden.

    Attributes:
        command: The command of a run, without its options.
        dialog: The dialog; None before it is opened.
        run: The training under way, or the last one; None before the first.
        question: The question whether to quit in spite of it; None while it is not asked.
    """

    message = Signal(str)  # sentences for the user

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        review: ReviewController,
        photos: PhotoListController,
        selection: ModelSelection,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a window to its trainings.

        Args:
            window: The window, which asks before it is closed during a training.
            rows: The listed photos, with the session of reviews.
            review: Knows the file of reviews.
            photos: Classifies the listed photos again.
            selection: The model in use.
            worker: On which files are counted.
            parent: Its owner.
        """
        super().__init__(parent)
        self._window, self._rows, self._review, self._photos = window, rows, review, photos
        self._selection = selection
        self.command: Sequence[str] = COMMAND
        self.dialog: TrainingDialog | None = None
        self.run: TrainingRun | None = None
        self.question: QMessageBox | None = None
        self._end: TrainingEnd | None = None
        self._before: dict[str, str] | None = None  # the answers that are compared with
        self._is_classifying = False
        self._counts = Background(worker, self)
        self._counts.item_done.connect(self._counted)
        window.commands.review.train.triggered.connect(self.show)
        window.installEventFilter(self)
        review.hidden_changed.connect(self._follow)
        selection.loaded.connect(self._loaded)
        selection.message.connect(self._not_taken)
        rows.changed.connect(self._compare)
        self._follow()

    @property
    def is_running(self) -> bool:
        """Whether a training is under way."""
        return self.run is not None and self.run.is_running

    @Slot()
    def show(self) -> None:
        """Show the training under way, or the plan of another one."""
        from gui.training.dialog import TrainingDialog
        from gui.training.run import missing_extras

        if self.dialog is None or not (self.is_running or self._before is not None):
            plan = self._proposed()
            if plan is None:
                return
            if self.dialog is not None:
                self.dialog.deleteLater()
            missing = () if self.command is not COMMAND else missing_extras()
            self.dialog = TrainingDialog(plan, missing=missing, parent=self._window)
            self.dialog.plan.count_requested.connect(self._count)
            self.dialog.plan.start_requested.connect(self._start)
            self.dialog.progress.cancel_requested.connect(self._cancel)
            self.dialog.end.use_requested.connect(self._use)
            self.dialog.end.photo_chosen.connect(self._photos.open)
            self._count((*plan.folders, *plan.backgrounds))
        self.dialog.show()
        self.dialog.activateWindow()

    def close(self) -> None:
        """End the training under way."""
        if self.run is not None:
            self.run.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Ask before the window is closed during a training; not where the whole app is ended by a signal."""
        if event.type() != QEvent.Type.Close or watched is not self._window or not self.is_running:
            return False
        if QThread.currentThread().loopLevel() == 0:
            return False
        event.ignore()
        self._ask()
        return True

    def _proposed(self) -> TrainingPlan | None:
        from acnelib.config.settings import Settings
        from acnelib.errors import AcneError
        from acnelib.labels import normalised_label
        from gui.state.training_plan import TrainingPlan, folders_of
        from gui.state.wording import error_text

        reviews = self._review.file
        if reviews is None:
            return None
        model = self._selection.state
        labels = model.labels if isinstance(model, ModelReady) else ()

        def is_class(name: str) -> bool:
            return any(character.isalnum() for character in name) and normalised_label(name) in labels

        try:
            workdir = Settings.load().workdir.absolute()
        except AcneError as error:
            self.message.emit(error_text(str(error)))
            return None
        paths = [row.path for row in self._rows.results if self._review.reviews.all_of(hash_of(row))]
        return TrainingPlan(folders=folders_of(paths, is_class=is_class), reviews=reviews, workdir=workdir)

    @Slot()
    def _follow(self) -> None:
        self._window.commands.review.train.setEnabled(self._review.file is not None or self.is_running)

    @Slot(object)
    def _count(self, folders: tuple[Path, ...]) -> None:
        from gui.training.counting import count_files

        self._counts.start(count_files, [folders])

    @Slot(object, object)
    def _counted(self, _folders: tuple[Path, ...], photos: int) -> None:
        if self.dialog is not None:
            self.dialog.plan.show_count(photos)

    @Slot(object)
    def _start(self, plan: TrainingPlan) -> None:
        from gui.training.run import TrainingRun

        if self.is_running or self.dialog is None:
            return
        if self.run is not None:
            self.run.deleteLater()
        self.run = TrainingRun(plan, command=self.command, parent=self)
        self.run.progressed.connect(self._progressed)
        self.run.ended.connect(self._ended)
        self._end = None
        self.dialog.show_begun()
        self.run.start()
        self._follow()

    @Slot()
    def _cancel(self) -> None:
        if self.run is not None and self.dialog is not None:
            self.dialog.progress.show_cancelling()
            self.run.cancel()

    @Slot(object)
    def _progressed(self, progress: TrainingProgress) -> None:
        if self.dialog is not None:
            self.dialog.progress.show_progress(progress)

    @Slot(object)
    def _ended(self, end: TrainingEnd) -> None:
        from gui.training import texts

        self._end = end
        if self.question is not None:
            self.question.reject()
        if self.dialog is not None:
            self.dialog.show_end(end)
            if not self.dialog.isVisible():
                self.message.emit(texts.notice(end))
        if end.outcome is RunOutcome.PROMOTED:
            self._selection.check()  # so that the window offers the new version, too
        self._follow()

    @Slot()
    def _use(self) -> None:
        """Use the promoted version, and classify the listed photos again."""
        from gui.state.answer_changes import answers_of

        self._before, self._is_classifying = answers_of(self._rows.results), False
        if self.dialog is not None:
            self.dialog.end.show_comparing()
        if self._selection.new is not None:
            self._selection.use_new_version()
        else:
            self._selection.choose_production()

    @Slot()
    def _loaded(self) -> None:
        if self._before is not None and not self._is_classifying:
            QTimer.singleShot(0, self._classify_again)  # once all others have heard of the new model

    @Slot()
    def _classify_again(self) -> None:
        self._is_classifying = True
        self._photos.classify_again()
        self._compare()

    @Slot()
    def _not_taken(self) -> None:
        """Offer the version again where it could not be loaded."""
        if self._before is not None and not self._is_classifying and self._selection.is_idle:
            self._before = None
            if self.dialog is not None and self._end is not None:
                self.dialog.end.show_end(self._end)

    @Slot()
    def _compare(self) -> None:
        """List what has changed, once no photo is pending any more."""
        from gui.state.answer_changes import answer_changes

        model, results = self._selection.state, self._rows.results
        if self._before is None or not self._is_classifying or results.pending() or not isinstance(model, ModelReady):
            return
        identity = model.identity
        found = answer_changes(
            self._before,
            results,
            model_sha256=identity.sha256,
            version=str(identity.version),
            reviews=self._review.reviews,
        )
        self._before, self._is_classifying = None, False
        if self.dialog is not None:
            self.dialog.end.show_changes(found)

    def _ask(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        from gui.training import texts
        from gui.widgets.dialog_buttons import add_cancel

        if self.question is not None:
            return
        box = self.question = QMessageBox(self._window)
        box.setWindowTitle(texts.CLOSE_TITLE)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(texts.CLOSE_TITLE)
        box.setInformativeText(texts.CLOSE_QUESTION)
        stop = box.addButton(texts.STOP_AND_QUIT, QMessageBox.ButtonRole.DestructiveRole)
        add_cancel(box)
        stop.clicked.connect(self._stop_and_quit)
        box.finished.connect(self._answered)
        box.open()

    @Slot()
    def _answered(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None

    @Slot()
    def _stop_and_quit(self) -> None:
        self.close()
        self._window.close()
