"""The controller of reviews: who reviews what in which order, and the file that it is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.controllers.chosen_photos import ChosenPhotos
from gui.controllers.review_figures import ReviewFigures
from gui.controllers.review_file import ReviewFileController
from gui.controllers.review_preferences import ReviewPreferences
from gui.review import texts
from gui.state.review_queue import hash_of
from gui.state.review_view import view_of
from gui.state.session import ModelReady

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from acnelib.reviews import Review
    from gui.background import Worker
    from gui.controllers.photo_list import PhotoListController
    from gui.photos.panel import ResultsPanel
    from gui.photos.table_model import ResultsModel
    from gui.state.preferences import PreferenceStore
    from gui.state.results import Row
    from gui.state.review_session import MadeReview, QueueOrder, ReviewSubject
    from gui.state.session import Session
    from gui.window.main_window import MainWindow

    Make = Callable[[Sequence[ReviewSubject]], tuple[MadeReview, ...]]


class ReviewController(QObject):
    """Joins the window to the session of reviews and to its file, which is made with the first review."""

    hidden_changed = Signal()  # other answers than before are hidden
    panel_made = Signal(object)  # the panel of reviews, which is made when it is first needed
    message = Signal(str)  # sentences for the user; empty: the message before is out of date

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        photos: PhotoListController,
        store: PreferenceStore,
        worker: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a window to its reviews.

        Args:
            window: The window.
            rows: Its photos, with the session of reviews.
            photos: Which of them is open.
            store: The preferences, which remember the folder after the first review.
            worker: On which the file is read and written.
            parent: Its owner.
        """
        super().__init__(parent)
        self._window, self._rows, self._photos = window, rows, photos
        self._preferences = ReviewPreferences(store)
        self.reviews = rows.view.reviews
        self._file = ReviewFileController(ask=window.files.ask_review_folder, store=store, worker=worker, parent=self)
        self.writing = self._file.writing
        self._chosen = ChosenPhotos(window, rows, photos)
        self._labels: tuple[str, ...] = ()
        self._figures = ReviewFigures(rows, worker, self)
        self._has_message = False
        self._use_preferences()
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read, written or compared."""
        return self.writing.is_busy or self._figures.is_busy

    @property
    def file(self) -> Path | None:
        """The file of reviews, if it has any and all are known."""
        return self._file.path if self._file.is_ready and self.reviews.has_reviews else None

    def start(self) -> None:
        """Read the reviews, where a folder is remembered."""
        self._file.start_reading()

    def begin(self, order: QueueOrder) -> None:
        """Switch reviewing on, in an order."""
        self.reviews.order = order
        self._set_on(is_on=True)

    def connect_panel(self, panel: ResultsPanel) -> None:
        """Follow the selection in the table."""
        panel.table.selectionModel().selectionChanged.connect(lambda *_: self._refresh())
        self._show_column()

    def show_session(self, session: Session) -> None:
        """Show the reviewer's review of the open photo."""
        self._chosen.open_photo = session.photo
        self._labels = session.model.labels if isinstance(session.model, ModelReady) else ()
        self._refresh()

    @Slot()
    def forget(self) -> None:
        """Forget the folder and the reviewer; the file of reviews stays."""
        self._file.use_remembered()
        self.reviews.load({})
        self._use_preferences()
        self._reviews_changed()

    def close(self) -> None:
        """Abandon what is being read; what is being written is finished."""
        self.writing.close()
        self._figures.close()

    def _connect(self) -> None:
        commands = self._window.commands.review
        commands.toggle.triggered.connect(lambda is_on: self._set_on(is_on=is_on))
        commands.blind.triggered.connect(self._set_blind)
        commands.judged.connect(self._judge)
        commands.agree.triggered.connect(self._agree)
        commands.undo.triggered.connect(self._undo)
        commands.folder.triggered.connect(self._file.change_folder)
        self._file.loaded.connect(self._loaded)
        self._file.not_read.connect(lambda reason: self._say(texts.not_read(reason)))
        self.writing.not_written.connect(self._not_written)
        self.writing.not_undone.connect(self._not_undone)
        self._figures.changed.connect(self._refresh)

    def _use_preferences(self) -> None:
        self._preferences.use(self.reviews)
        self._window.commands.review.blind.setChecked(self.reviews.wants_blind)

    def _remember(self) -> None:
        """Write what the reviewer has chosen, from the first review on."""
        if self.file is not None:
            self._preferences.keep(self.reviews, self.file)

    def _set_on(self, *, is_on: bool) -> None:
        self.reviews.is_on = is_on
        if is_on and self._window.review is None:
            panel = self._window.make_review()
            panel.judged.connect(self._judge)
            panel.agree_requested.connect(self._agree)
            panel.undo_requested.connect(self._undo)
            panel.blind_requested.connect(self._set_blind)
            panel.order_requested.connect(self._set_order)
            panel.reviewer_changed.connect(self._set_reviewer)
            panel.done_typing.connect(self._window.focus_photos)
            self.writing.prepare()
            self.panel_made.emit(panel)
        if self._window.review is not None:
            self._window.review.setVisible(is_on)
        if is_on:
            self._window.focus_photos()
        self._window.commands.review.show_on(is_on=is_on)
        self._reviews_changed()

    @Slot(bool)
    def _set_blind(self, is_blind: bool) -> None:  # noqa: FBT001 as the signal hands it over
        self.reviews.wants_blind = is_blind
        self._window.commands.review.blind.setChecked(is_blind)
        self._remember()
        self._reviews_changed()

    @Slot(object)
    def _set_order(self, order: QueueOrder) -> None:
        self.reviews.order = order
        self._remember()
        self._open(self._figures.queue.next_after(None))
        self._figures.count()

    @Slot(str)
    def _set_reviewer(self, name: str) -> None:
        from acnelib.reviews.review import is_reviewer

        if not is_reviewer(name):
            self._say(texts.NO_REVIEWER)
            self._refresh()
            return
        self.reviews.reviewer = name
        self._remember()
        self._reviews_changed()

    @Slot(str, str)
    def _judge(self, verdict: str, label: str) -> None:
        from acnelib.reviews import ReviewVerdict

        self._review(lambda subjects: self.reviews.review(subjects, ReviewVerdict(verdict), label=label or None))

    @Slot()
    def _agree(self) -> None:
        subjects = self._chosen.subjects(self._chosen.rows())
        if subjects and not all(map(self.reviews.can_agree, subjects)):
            hidden = any(self.reviews.hides(subject.sha256) for subject in subjects)
            self._say(texts.cannot_agree(len(subjects), hidden=hidden))
        else:
            self._review(self.reviews.agree)

    def _review(self, make: Make) -> None:
        """Review the selected photos, or the open one, once the file is known and read."""
        if not self.reviews.is_on:
            return
        rows = self._chosen.rows()
        subjects = self._chosen.subjects(rows)
        if not rows or len(subjects) < len(rows):
            self._say(texts.NOT_READY if rows else texts.NO_PHOTO)
            return
        self._file.when_ready(lambda: self._write(make, subjects, rows))

    def _write(self, make: Make, subjects: Sequence[ReviewSubject], rows: Sequence[Row]) -> None:
        was_remembered = self._file.is_remembered
        reviews = make(subjects)
        queue = self._figures.queue
        queue.update({made.review.sha256 for made in reviews})
        following = queue.next_after(
            rows[-1].number
        )  # in the list as it was: a filter may take the photo out of it now
        self._file.add(reviews)
        self._remember()
        self._say("")
        if not was_remembered and self._file.path is not None:
            self.message.emit(texts.stored_in(self._file.path))  # which stays until the user dismisses it
        self._reviews_changed(reviews)
        self._open(following)
        if following is None:
            self._say(texts.nothing_follows(self.reviews.order))

    @Slot()
    def _undo(self) -> None:
        undone = self.reviews.undo()
        if not undone:
            return
        self._file.take_back(undone)
        self._say("")
        self._reviews_changed(undone)
        sha256 = undone[-1].review.sha256
        self._open(next((row for row in self._rows.results if hash_of(row) == sha256), None))

    @Slot(object)
    def _loaded(self, last: Mapping[str, Mapping[str, Review]]) -> None:
        self.reviews.load(last)
        self._remember()
        self._reviews_changed()

    @Slot(object, str)
    def _not_written(self, made: MadeReview, reason: str) -> None:
        self.reviews.unwritten(made)
        self._reviews_changed()
        self._say(texts.not_written(reason))

    @Slot(object, str)
    def _not_undone(self, made: MadeReview, reason: str) -> None:
        self.reviews.not_undone(made)
        self._reviews_changed()
        self._say(texts.not_undone(reason))

    def _open(self, row: Row | None) -> None:
        if row is not None:
            self._photos.open(row.number)

    def _say(self, text: str) -> None:
        """Show sentences; none takes away only sentences of this controller."""
        if text or self._has_message:
            self.message.emit(text)
        self._has_message = bool(text)

    def _reviews_changed(self, reviews: Sequence[MadeReview] | None = None) -> None:
        """Show the window after reviews; None: after anything else than a few reviews."""
        self._show_column()
        photos = None if reviews is None else {made.review.sha256 for made in reviews}
        if photos is None:
            self._figures.queue.forget()
        else:
            self._figures.queue.update(photos)
        self._rows.reviews_changed(photos)
        self._figures.compare()
        self.hidden_changed.emit()

    def _show_column(self) -> None:
        if self._window.results is not None:
            self._window.results.table.show_reviews(shown=self.reviews.is_on or self.reviews.has_reviews)

    @Slot()
    def _refresh(self) -> None:
        panel = self._window.review
        if panel is None or not self.reviews.is_on:
            return
        rows = self._chosen.rows()
        view = view_of(
            self.reviews,
            self._chosen.subjects(rows),
            photos=len(rows),
            labels=self._labels,
            progress=self._figures.progress,
            agreements=self._figures.agreements,
        )
        panel.show_review(view)
        self._window.commands.review.undo.setEnabled(view.can_undo)
