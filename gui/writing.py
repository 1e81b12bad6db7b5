"""Writing what the user takes out of the app, off the UI thread: tables may be long and pictures large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui import texts
from gui.background import Background, Worker

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gui.results import Row
    from gui.session import Session


@dataclass(frozen=True, kw_only=True)
class _Table:
    path: Path
    rows: tuple[Row, ...]
    threshold: float | None
    confident_at: Mapping[str, float]


class Writing(QObject):
    """Writes tables and pictures, one after the other, and says what became of each."""

    told = Signal(str)

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tables, self._pictures = Background(worker, self), Background(worker, self)
        self._tables.item_done.connect(self._table_written)
        self._pictures.item_done.connect(self._picture_written)
        for background in (self._tables, self._pictures):
            background.item_failed.connect(self._failed)

    def write_table(
        self, path: Path, rows: tuple[Row, ...], *, threshold: float | None, confident_at: Mapping[str, float]
    ) -> None:
        """Write rows exactly as they are listed."""
        table = _Table(path=path, rows=rows, threshold=threshold, confident_at=confident_at)
        self._tables.start(_write_table, [table])

    def write_picture(self, path: Path, session: Session) -> None:
        """Write the open photo with what is laid over it."""
        if session.photo is not None and session.photo.picture is not None:
            self._pictures.start(_write_picture, [(path, session)])

    @Slot(object, object)
    def _table_written(self, table: _Table, _nothing: None) -> None:
        self.told.emit(texts.exported(table.path, len(table.rows)))

    @Slot(object, object)
    def _picture_written(self, item: tuple[Path, Session], _nothing: None) -> None:
        self.told.emit(texts.picture_saved(item[0]))

    @Slot(object, str)
    def _failed(self, _item: object, reason: str) -> None:
        self.told.emit(texts.reason(reason))


def _write_table(table: _Table) -> None:
    from gui.exporting import export_table

    export_table(table.path, table.rows, threshold=table.threshold, confident_at=table.confident_at)


def _write_picture(item: tuple[Path, Session]) -> None:
    from gui.exporting import export_picture

    path, session = item
    photo = session.photo
    if photo is not None and photo.picture is not None:
        export_picture(path, photo.picture.pixels, overlay=session.overlay, opacity=session.opacity, photo=photo.path)
