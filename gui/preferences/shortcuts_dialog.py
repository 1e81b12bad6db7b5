"""The dialog of keyboard shortcuts, read from the actions that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QStyle,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from gui.preferences import texts
from gui.widgets.design import BODY, GAP, PAGE_GAP, SECTION_GAP
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.scrolling import resize_to_screen
from gui.widgets.text_widgets import scaled_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu

_NATIVE = QKeySequence.SequenceFormat.NativeText


class ShortcutsDialog(QDialog):
    """Lists the actions that have keys, menu by menu, and the key that is held."""

    def __init__(self, menus: Iterable[QMenu], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SHORTCUTS)
        self.list = QTreeWidget()
        self.list.setAccessibleName(texts.SHORTCUTS)
        self.list.setHeaderLabels([texts.ACTION, texts.KEYS])
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setIndentation(self.fontMetrics().averageCharWidth() * 2)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        for menu in menus:
            actions = [action for action in menu.actions() if action.shortcuts()]
            self._add(plain(menu.title()), [(plain(action.text()), keys_of(action)) for action in actions])
        self._add(texts.HELD_KEYS, [(texts.HELD_SPACE, QKeySequence(Qt.Key.Key_Space).toString(_NATIVE))])
        self.list.expandAll()
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_GAP, SECTION_GAP, PAGE_GAP, SECTION_GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.list)
        layout.addWidget(buttons)
        rows = sum(self.list.visualItemRect(item).height() for item in self._items())
        around = self.sizeHint().height() - self.list.sizeHint().height() + self.list.header().height() + 8
        letter, written = self.fontMetrics().averageCharWidth(), self.fontMetrics().horizontalAdvance
        words = sum(max(written(item.text(column)) for item in self._items()) for column in (0, 1))
        beside = (
            2 * PAGE_GAP + self.list.indentation() + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        )
        resize_to_screen(self, max(letter * 78, words + beside + letter * 8), rows + around)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        items = QTreeWidgetItemIterator(self.list)
        while (item := items.value()) is not None:
            yield item
            items += 1

    def _add(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        if not rows:
            return
        group = QTreeWidgetItem(self.list, [title])
        group.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * 1.6)))
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFont(0, scaled_font(self.font(), BODY, bold=True))
        group.setFirstColumnSpanned(True)
        for row in rows:
            item = QTreeWidgetItem(group, list(row))
            item.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * 1.3)))


def plain(text: str) -> str:
    """Return the words of an action or menu without the marks of its letter and of what follows."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def keys_of(action: QAction) -> str:
    """Return all keys of an action as this desktop writes them."""
    return texts.alternatives(key.toString(_NATIVE) for key in action.shortcuts())
