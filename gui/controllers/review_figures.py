"""The figures of a review: its progress, and the agreement of reviewers, which is computed off the UI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.background import Background
from gui.state.review_queue import NO_PROGRESS, ReviewProgress, ReviewQueue
from gui.state.review_session import agreements_of

if TYPE_CHECKING:
    from acnelib.reviews import Review
    from gui.background import Worker
    from gui.photos.table_model import ResultsModel
    from gui.state.review_session import PairAgreement

_PAUSE = 150
"""Milliseconds without a review after which reviewers are compared."""


class ReviewFigures(QObject):
    """Kept up to date with each review: thousands of photos are not looked through for one that has changed.

    Attributes:
        queue: The photos to review.
        agreements: How far the reviewer agrees with others.
    """

    changed = Signal()

    def __init__(self, rows: ResultsModel, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reviews = rows.view.reviews
        self.queue = ReviewQueue(rows, self._reviews)
        self._comparisons = Background(worker, self)
        self._comparisons.item_done.connect(self._compared)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._compare)
        self.agreements: tuple[PairAgreement, ...] = ()
        rows.changed.connect(self.count)

    @property
    def is_busy(self) -> bool:
        """Whether reviewers are being compared."""
        return self._comparisons.is_busy or self._timer.isActive()

    @property
    def progress(self) -> ReviewProgress:
        """How many photos of the queue the reviewer has reviewed."""
        return self.queue.progress if self._reviews.is_on else NO_PROGRESS

    @Slot()
    def count(self) -> None:
        """Say that the photos of the queue, or their reviews, may have changed."""
        if self._reviews.is_on:
            self.changed.emit()

    def compare(self) -> None:
        """Compare the reviewer with the others, once there is a pause."""
        self._timer.start()

    def close(self) -> None:
        """Compare no more."""
        self._timer.stop()
        self._comparisons.abandon()

    @Slot()
    def _compare(self) -> None:
        self._comparisons.start(_compare, [(self._reviews.reviewer, self._reviews.shared_reviews())])

    @Slot(object, object)
    def _compared(self, _shared: object, agreements: tuple[PairAgreement, ...]) -> None:
        self.agreements = agreements
        self.changed.emit()


def _compare(shared: tuple[str, tuple[Review, ...]]) -> tuple[PairAgreement, ...]:
    return agreements_of(*shared)
