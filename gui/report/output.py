"""Where a report goes: into a PDF file or to a printer; for a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPageSize, QPdfWriter

from gui.report import texts
from gui.report.pages import paint_report, set_margins

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from gui.report.content import BatchReport, PhotoReport

_DOTS_PER_INCH = 150  # sharp enough to read, small enough to send


def write_pdf(path: Path, report: PhotoReport | BatchReport) -> None:
    """Write a report.

    Args:
        path: The file, which is written over.
        report: The report.

    Raises:
        OSError: It cannot be written.
    """
    writer = QPdfWriter(str(path))
    writer.setTitle(texts.TITLE)
    writer.setCreator(texts.TITLE)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    set_margins(writer)
    if not paint_report(writer, report):
        raise OSError(None, "it was not written completely", str(path))


def print_report(printer: QPrinter, report: PhotoReport | BatchReport) -> None:
    """Print a report on the paper that was chosen for the printer.

    Args:
        printer: The printer.
        report: The report.

    Raises:
        OSError: The printer did not take it.
    """
    printer.setDocName(texts.TITLE)
    printer.setCreator(texts.TITLE)
    if not paint_report(printer, report):
        raise OSError(None, "it did not take the report", printer.outputFileName() or printer.printerName())
