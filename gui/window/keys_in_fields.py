"""The keys that text fields, buttons and the window's actions all know: which of them gets a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLineEdit

from gui.answer.score_bars import ScoreRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QMainWindow, QWidget

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_Standard = QKeySequence.StandardKey
_EDITING = (_Standard.Copy, _Standard.Cut, _Standard.Paste, _Standard.Undo, _Standard.Redo, _Standard.SelectAll)


class KeysInFields(QObject):
    """Gives a key to the field, or to the action of the window, that users expect.

    Backspace, with any modifier, edits text: no photo is removed by it then. Enter is the field's or the button's.
    The actions keep keys such as Ctrl+E, which a field would take for a move to the end of its line, but for those of
    the clipboard and of undoing.
    """

    def __init__(self, window: QMainWindow, keys: Iterable[QKeySequence]) -> None:
        """Watch a window.

        Args:
            window: The window, which is asked last about a key.
            keys: The keys of its actions.
        """
        super().__init__(window)
        self._window = window
        editing = {each.toString() for kind in _EDITING for each in QKeySequence.keyBindings(kind)}
        self._kept = {key.toString() for key in keys if key.toString().startswith("Ctrl+")} - editing
        window.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Decide about a key before a shortcut is looked for."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().eventFilter(watched, event)
        if watched is not self._window:  # a field, before it claims the key
            is_kept = _is_for_actions(event, self._kept)
            if is_kept:
                event.ignore()
            return is_kept
        is_for_field = _is_for_focus(event)
        event.setAccepted(is_for_field)
        return is_for_field

    @Slot("QWidget*", "QWidget*")
    def _watch_field(self, _old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(new, QLineEdit | QAbstractSpinBox) and new.window() is self._window:
            new.installEventFilter(self)  # a second time, it takes the place of the first


def _is_for_actions(event: QKeyEvent, kept: set[str]) -> bool:
    return event.key() != Qt.Key.Key_Backspace and QKeySequence(event.keyCombination()).toString() in kept


def _is_for_focus(event: QKeyEvent) -> bool:
    focus = QApplication.focusWidget()
    is_typing = isinstance(focus, QLineEdit | QAbstractSpinBox)
    if event.key() == Qt.Key.Key_Backspace:
        return is_typing
    return event.key() in _ENTER and (is_typing or isinstance(focus, QAbstractButton | QComboBox | ScoreRow))
