"""The one button at a dialog's foot."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox


def dialog_buttons(button: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return a row with a standard button, without the icon that some styles give it: no other button has one."""
    buttons = QDialogButtonBox(button)
    buttons.button(button).setIcon(QIcon())
    return buttons
