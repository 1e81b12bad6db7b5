"""The place of a photo's menu, asked for by mouse or key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QContextMenuEvent

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QAbstractItemView


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint | None:
    """Return where on the screen the menu of a photo belongs; None where no photo is meant."""
    by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
    here = view.visualRect(view.currentIndex()).center() if by_key else event.pos()
    return view.viewport().mapToGlobal(here) if view.indexAt(here).isValid() else None
