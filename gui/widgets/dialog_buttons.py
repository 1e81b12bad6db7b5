"""The buttons of dialogs, without the icons that some styles give to a few of them: no other button has one."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox


def dialog_buttons(button: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return a row with a standard button."""
    buttons = QDialogButtonBox(button)
    buttons.button(button).setIcon(QIcon())
    return buttons


def add_cancel(box: QMessageBox) -> None:
    """Give a question the button that Enter and Escape press, by which nothing is done."""
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    cancel.setIcon(QIcon())
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
