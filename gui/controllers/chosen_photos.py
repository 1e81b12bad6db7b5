"""The photos that a review is about: those that are selected, else the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.results import RowState
from gui.state.review_queue import hash_of
from gui.state.review_session import ReviewSubject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.controllers.photo_list import PhotoListController
    from gui.photos.table_model import ResultsModel
    from gui.state.results import Row
    from gui.state.session import OpenPhoto
    from gui.window.main_window import MainWindow


class ChosenPhotos:
    """Looks them up in the window, each time as it is then."""

    def __init__(self, window: MainWindow, rows: ResultsModel, photos: PhotoListController) -> None:
        self._window, self._rows, self._photos = window, rows, photos
        self.open_photo: OpenPhoto | None = None  # as it is on the screen

    def rows(self) -> tuple[Row, ...]:
        """Return the selected photos where there are several, else the open one, if there is one."""
        results = self._window.results
        numbers = () if results is None else results.table.selected_numbers
        if len(numbers) <= 1:
            numbers = () if self._photos.current is None else (self._photos.current,)
        rows = (self._rows.results.row(number) for number in numbers)
        return tuple(row for row in rows if row is not None)

    def subjects(self, rows: Sequence[Row]) -> tuple[ReviewSubject, ...]:
        """Return what can be reviewed of photos: not what has no picture, or none on the screen yet."""
        found = (self._subject(row) for row in rows)
        return tuple(subject for subject in found if subject is not None)

    def _subject(self, row: Row) -> ReviewSubject | None:
        photo, sha256 = self.open_photo, hash_of(row)
        if photo is not None and photo.number == row.number:
            sha256 = None if photo.picture is None else photo.picture.sha256
        if sha256 is None or row.state is RowState.FAILED:
            return None
        return ReviewSubject(sha256=sha256, prediction=row.prediction if hash_of(row) == sha256 else None)
