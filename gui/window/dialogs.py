"""The windows that menus open, each made when it is first wanted, and one of a kind at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog, QWidget

    from gui.model.facts import ModelFacts

_Window = TypeVar("_Window", bound="QDialog")


class Dialogs(QObject):
    """Dialogs beside the main one, which goes on while they are open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.open: dict[type[QDialog], QDialog] = {}

    def show(self, kind: type[_Window], make: Callable[[], _Window]) -> _Window:
        """Make a window and show it, in place of the one of its kind that may be open."""
        if (former := self.open.pop(kind, None)) is not None:
            former.close()  # by which it gives up what is under way, as it does when the user closes it
            former.deleteLater()
        window = make()
        self.open[kind] = window
        window.show()
        return window

    def show_model(self, facts: ModelFacts) -> None:
        """Show what there is to say about a model."""
        from gui.model.dialog import ModelDialog

        self.show(ModelDialog, lambda: ModelDialog(facts, self._parent))
