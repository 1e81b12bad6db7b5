"""The figures of a review: its progress, and the agreement of reviewers, which is computed off the UI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background
from gui.state.review_queue import NO_PROGRESS, population, progress
from gui.state.review_session import agreements_of

if TYPE_CHECKING:
    from acnelib.reviews import Review
    from gui.background import Worker
    from gui.photos.table_model import ResultsModel
    from gui.state.review_session import PairAgreement


class ReviewFigures(QObject):
    """Kept until photos or reviews change: thousands of them are not counted with every change of the window."""

    changed = Signal()

    def __init__(self, rows: ResultsModel, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._reviews = rows, rows.view.reviews
        self._comparisons = Background(worker, self)
        self._comparisons.item_done.connect(self._compared)
        self.progress = NO_PROGRESS
        self.agreements: tuple[PairAgreement, ...] = ()
        rows.changed.connect(self.count)

    @property
    def is_busy(self) -> bool:
        """Whether reviewers are being compared."""
        return self._comparisons.is_busy

    @Slot()
    def count(self) -> None:
        """Count the reviewed photos of the queue."""
        if self._reviews.is_on:
            self.progress = progress(population(self._rows.shown_rows(), self._reviews), self._reviews)
            self.changed.emit()

    def compare(self) -> None:
        """Compare the reviewer with the others."""
        self._comparisons.start(_compare, [(self._reviews.reviewer, self._reviews.shared_reviews())])

    @Slot(object, object)
    def _compared(self, _shared: object, agreements: tuple[PairAgreement, ...]) -> None:
        self.agreements = agreements
        self.changed.emit()


def _compare(shared: tuple[str, tuple[Review, ...]]) -> tuple[PairAgreement, ...]:
    return agreements_of(*shared)
