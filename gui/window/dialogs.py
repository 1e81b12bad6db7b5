"""The dialogs beside the main window: each made when it is opened, and one of a kind at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog, QWidget

_Dialog = TypeVar("_Dialog", bound="QDialog")


class Dialogs(QObject):
    """Dialogs that leave the main window usable while they are open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.open: dict[type[QDialog], QDialog] = {}

    def show(self, kind: type[_Dialog], make: Callable[[], _Dialog]) -> _Dialog:
        """Make a dialog and show it, in place of one of its kind that may be open."""
        if (previous := self.open.pop(kind, None)) is not None:
            previous.close()  # so it abandons its work, as when the user closes it
            previous.deleteLater()
        dialog = make()
        self.open[kind] = dialog
        dialog.show()
        return dialog
