"""The editable list of folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from acnelib.text.visible import visible
from gui.training import texts
from gui.widgets.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable


class FolderList(QWidget):
    """A title, folders, and buttons that add and remove some."""

    changed = Signal()

    def __init__(self, title: str, *, tip: str, ask: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self.title = QLabel(title)
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight((self.fontMetrics().height() + 5) * lines + 4)
        self.list.setAccessibleName(title.replace("&", ""))
        self.title.setBuddy(self.list)
        for widget in (self.title, self.list):
            widget.setToolTip(plain_text(tip))
        self.add_button, self.remove_button = QPushButton(texts.ADD), QPushButton(texts.REMOVE)
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        QShortcut(QKeySequence.StandardKey.Delete, self.list, self._remove, context=Qt.ShortcutContext.WidgetShortcut)
        self.list.itemSelectionChanged.connect(self._follow)
        buttons = QVBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self.title)
        whole.addLayout(row)
        self._follow()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders."""
        return tuple(Path(self.list.item(line).data(Qt.ItemDataRole.UserRole)) for line in range(self.list.count()))

    def show_folders(self, folders: Iterable[Path]) -> None:
        """Show other folders."""
        self.list.clear()
        for folder in folders:
            self._append(folder)
        self.changed.emit()

    def _append(self, folder: Path) -> None:
        if folder in self.folders:
            return
        item = QListWidgetItem(visible(str(folder)))
        item.setData(Qt.ItemDataRole.UserRole, str(folder))
        item.setToolTip(plain_text(str(folder)))
        self.list.addItem(item)

    @Slot()
    def _add(self) -> None:
        beside = str(self.folders[-1].parent) if self.folders else ""
        if chosen := QFileDialog.getExistingDirectory(self, self._ask, beside):
            self._append(Path(chosen))
            self.changed.emit()

    @Slot()
    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
