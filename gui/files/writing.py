"""The writing of exports, off the UI thread: tables may be long and pictures large."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.files import texts
from gui.one_by_one import OneByOne
from gui.state.wording import error_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtPrintSupport import QPrinter

    from gui.background import Worker
    from gui.report.content import BatchReport, PhotoReport
    from gui.state.results import Row
    from gui.state.session import Session


@dataclass(frozen=True, kw_only=True)
class _Table:
    path: Path
    photos: tuple[Path, ...]
    rows: tuple[Row, ...]
    threshold: float | None


@dataclass(frozen=True, kw_only=True)
class _Picture:
    path: Path
    photos: tuple[Path, ...]
    session: Session


@dataclass(frozen=True, kw_only=True)
class _Report:
    path: Path
    photos: tuple[Path, ...]
    report: PhotoReport | BatchReport


@dataclass(frozen=True, kw_only=True)
class _Print:
    printer: QPrinter
    photos: tuple[Path, ...]
    report: PhotoReport | BatchReport


class Writing(QObject):
    """Writes tables, pictures and reports, one after the other, and reports the result of each."""

    message = Signal(str)  # the result, in a sentence for the user

    def __init__(
        self, worker: Worker, *, photos: Callable[[], Iterable[Path]] = tuple, parent: QObject | None = None
    ) -> None:
        """Make a writer.

        Args:
            worker: The worker that writes.
            photos: Returns the photos that are listed at the time, shown or not: none of them is written over.
            parent: Its owner.
        """
        super().__init__(parent)
        self._listed = photos
        self._tables, self._pictures, self._reports, self._prints = (OneByOne(worker, self) for _ in range(4))
        self._tables.item_done.connect(self._table_written)
        self._pictures.item_done.connect(self._picture_written)
        self._reports.item_done.connect(self._report_written)
        self._prints.item_done.connect(self._report_printed)
        for writes in (self._tables, self._pictures, self._reports, self._prints):
            writes.item_failed.connect(self._failed)

    def write_table(self, path: Path, rows: tuple[Row, ...], *, threshold: float | None) -> None:
        """Write rows exactly as they are listed."""
        photos = tuple(self._listed())
        table = _Table(path=path, photos=photos, rows=rows, threshold=threshold)
        self._tables.add(_write_table, table)

    def write_picture(self, path: Path, session: Session) -> None:
        """Write the open photo with what is laid over it."""
        if session.photo is not None and session.photo.picture is not None:
            picture = _Picture(path=path, photos=tuple(self._listed()), session=session)
            self._pictures.add(_write_picture, picture)

    def write_report(self, path: Path, report: PhotoReport | BatchReport) -> None:
        """Write a report as PDF."""
        self._reports.add(_write_report, _Report(path=path, photos=tuple(self._listed()), report=report))

    def print_report(self, printer: QPrinter, report: PhotoReport | BatchReport) -> None:
        """Print a report."""
        self._prints.add(_print_report, _Print(printer=printer, photos=tuple(self._listed()), report=report))

    @Slot(object, object)
    def _table_written(self, table: _Table, _nothing: None) -> None:
        self.message.emit(texts.exported(table.path, len(table.rows), hidden=sum(row.is_hidden for row in table.rows)))

    @Slot(object, object)
    def _picture_written(self, picture: _Picture, _nothing: None) -> None:
        self.message.emit(texts.picture_saved(picture.path))

    @Slot(object, object)
    def _report_written(self, report: _Report, _nothing: None) -> None:
        self.message.emit(texts.report_saved(report.path))

    @Slot(object, object)
    def _report_printed(self, done: _Print, _nothing: None) -> None:
        if file := done.printer.outputFileName():
            self.message.emit(texts.report_saved(Path(file)))
        else:
            self.message.emit(texts.report_printed(done.printer.printerName()))

    @Slot(object, str)
    def _failed(self, _item: object, reason: str) -> None:
        self.message.emit(error_text(reason))


def _write_table(table: _Table) -> None:
    from gui.files.exporting import checked_target, export_table

    path = checked_target(table.path, table.photos)
    export_table(path, table.rows, threshold=table.threshold)


def _write_picture(picture: _Picture) -> None:
    from gui.files.exporting import checked_target, export_picture

    session, photo = picture.session, picture.session.photo
    path = checked_target(picture.path, picture.photos)
    if photo is not None and photo.picture is not None:
        pixels = photo.picture.pixels
        export_picture(
            path,
            pixels,
            overlay=session.overlay,
            opacity=session.opacity,
            style=session.overlay_style,
            photo=photo.path,
        )


def _write_report(report: _Report) -> None:
    from gui.files.exporting import checked_target, export_report

    export_report(checked_target(report.path, report.photos), report.report)


def _print_report(job: _Print) -> None:
    from gui.files.exporting import checked_target, print_on

    if file := job.printer.outputFileName():
        checked_target(Path(file), job.photos)
    print_on(job.printer, job.report)
