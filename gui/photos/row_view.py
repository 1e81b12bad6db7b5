"""The cells of a photo as the user may see them: answers that are hidden from a reviewer are not in them.

Nor is the folder of such a photo, as folders are often named after what their photos show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.photos import texts
from gui.state.counts import counted
from gui.state.results_filter import Column, RowKind, kind_of, raw_value
from gui.state.review_queue import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.state.counts import Counts
    from gui.state.results import Row
    from gui.state.results_filter import Filter
    from gui.state.review_session import ReviewSession


class RowView:
    """Looks at rows with the user's threshold, and with what a reviewer may know.

    Attributes:
        reviews: Who reviews, and what is hidden from them.
        threshold: Score (0–1) from which the user takes an answer for confident; None: the model's own.
    """

    def __init__(self, reviews: ReviewSession) -> None:
        self.reviews = reviews
        self.threshold: float | None = None

    def note_shown(self, row: Row) -> None:
        """Take note that the answer to a photo is on the screen, if it is not hidden."""
        if not self.reviews.hides(hash_of(row)):
            self.reviews.note_shown(hash_of(row))

    def kind(self, row: Row) -> RowKind:
        """Return the outcome for a photo."""
        return kind_of(self._visible(row), self.threshold)

    def is_listed(self, row: Row, wanted: Filter) -> bool:
        """Tell whether a filter lets a photo through."""
        return wanted.accepts(self._visible(row), self.threshold)

    def counts(self, rows: Iterable[Row], wanted: Filter) -> Counts:
        """Count photos by outcome and by class, each as if the filter asked for any of them."""
        return counted((self._visible(row) for row in rows), wanted, self.threshold)

    def own_review(self, row: Row) -> str:
        """Return what the reviewer says about a photo; empty without a review of theirs."""
        return texts.review(self.reviews.own(hash_of(row)), ())

    def raw_value(self, row: Row, column: Column) -> Any:
        """Return what a column sorts by; None for what comes last either way."""
        if column is Column.REVIEW:
            return self._review(row) or None
        if column is Column.FOLDER and self.reviews.hides(hash_of(row)):
            return None
        return raw_value(self._visible(row), column, self.threshold)

    def text(self, row: Row, column: Column) -> str:
        """Return the text of a cell; empty while there is none."""
        if column is Column.REVIEW:
            return self._review(row)
        if column is not Column.PHOTO and self.reviews.hides(hash_of(row)):
            return texts.HIDDEN if column is Column.LABEL else ""
        return texts.cell(row, column, threshold=self.threshold)

    def tip(self, row: Row, column: Column) -> str:
        """Return the tooltip of a cell, which has more room."""
        if column is Column.REVIEW:
            return self._review(row)
        if column is Column.FOLDER and self.reviews.hides(hash_of(row)):
            return ""
        return texts.cell_tip(self._visible(row), column, threshold=self.threshold)

    def spoken(self, row: Row, column: Column) -> str:
        """Return a cell as a screen reader reads it."""
        if column is Column.REVIEW:
            text = self._review(row)
            return f"{texts.column(column)}: {text}" if text else ""
        if self.reviews.hides(hash_of(row)):
            return self.text(row, column)
        return texts.cell_spoken(row, column, threshold=self.threshold)

    def exported(self, row: Row) -> Row:
        """Return a photo as a file may hold it: with its answer, which then counts as shown, or with a note instead."""
        if self.reviews.hides(hash_of(row)):
            return row.hidden()
        self.reviews.note_shown(hash_of(row))
        return row

    def _review(self, row: Row) -> str:
        sha256 = hash_of(row)
        return texts.review(self.reviews.own(sha256), self.reviews.others(sha256))

    def _visible(self, row: Row) -> Row:
        """Return a row as the reviewer may know it: a hidden answer is none."""
        return row.hidden() if self.reviews.hides(hash_of(row)) else row
