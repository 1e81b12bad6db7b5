"""Wheel events on controls: only a control with focus is changed, so that scrolling past one does not set it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


def turned_with_focus_only(control: QWidget) -> None:
    """Let a wheel over a control without focus scroll what lies behind it, and give it no focus either."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a spin box of Qt's takes focus from a wheel
    control.installEventFilter(_WheelGuard(control))


class _WheelGuard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # so that it goes on to the parent
            return True
        return False
