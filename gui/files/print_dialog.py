"""The question which printer, and what paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from gui.files import texts
from gui.report.pages import set_margins

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


def choose_printer(parent: QWidget, folder: Path) -> QPrinter | None:
    """Return the printer that the user chooses; None for none.

    Args:
        parent: The window that asks.
        folder: For a file, where the system offers to print to one.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_margins(printer)
    if not QPrinterInfo.availablePrinterNames():  # the dialog offers a file alone
        printer.setOutputFileName(str(folder / f"{texts.LIST_REPORT}.pdf"))
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(texts.PRINT_REPORT)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=False)
    try:
        return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()
