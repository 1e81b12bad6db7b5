"""The actions of the review menu, whose keys work while photos are being reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from gui.window import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu

MOST_KEYS = 9


class ReviewActions(QObject):
    """Switches reviewing on, and says what a photo shows: an action for each class of the model, with its number."""

    judged = Signal(str, str)  # verdict, and a class label where it is a class

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._menu: QMenu | None = None
        self._labels: tuple[str, ...] = ()
        self._is_on = False
        self.classes: list[QAction] = []
        self.toggle = self._action(texts.REVIEW, "Ctrl+R")
        self.toggle.setCheckable(True)
        self.toggle.setIconText(texts.REVIEW_TOOL)
        self.blind = self._action(texts.BLIND, "Ctrl+B")
        self.blind.setCheckable(True)
        self.none = self._action(texts.NONE_OF_THESE, "0")
        self.unsure = self._action(texts.CANNOT_TELL, "?")
        self.agree = self._action(texts.AGREE, "Return", "Enter")
        self.undo = self._action(texts.UNDO_REVIEW, "Ctrl+Z")
        self.train = self._action(texts.TRAIN)
        self.folder = self._action(texts.REVIEW_FOLDER)
        self.none.triggered.connect(lambda: self.judged.emit("none", ""))
        self.unsure.triggered.connect(lambda: self.judged.emit("unsure", ""))
        self.show_on(is_on=False)

    @property
    def groups(self) -> tuple[list[QAction], ...]:
        """The actions of the menu, but for those of classes, between its separators."""
        return [self.toggle, self.blind], [self.none, self.unsure, self.agree], [self.undo], [self.train], [self.folder]

    def use_menu(self, menu: QMenu) -> None:
        """Take the menu into which the classes of a model come."""
        self._menu = menu

    def show_labels(self, labels: tuple[str, ...]) -> None:
        """Offer the classes of a model, the first nine of them by number."""
        if labels == self._labels or self._menu is None:
            return
        self._labels = labels
        for action in self.classes:
            self._menu.removeAction(action)
            action.deleteLater()
        self.classes = []
        for number, label in enumerate(labels, 1):
            action = self._action(texts.class_action(label), *([str(number)] if number <= MOST_KEYS else []))
            action.triggered.connect(lambda _=False, label=label: self.judged.emit("class", label))
            action.setEnabled(self._is_on)
            self._menu.insertAction(self.none, action)
            self.classes.append(action)

    def show_on(self, *, is_on: bool) -> None:
        """Let the keys work, or not."""
        self._is_on = is_on
        self.toggle.setChecked(is_on)
        for action in (*self.classes, self.none, self.unsure, self.agree):
            action.setEnabled(is_on)
        if not is_on:
            self.undo.setEnabled(False)

    def _action(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action
