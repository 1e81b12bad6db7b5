"""The help window: topics at the left, their text at the right, and a search through both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gui.help import texts
from gui.help.guide import Topic, topics
from gui.widgets.dialog_buttons import dialog_buttons

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

_TOPIC = Qt.ItemDataRole.UserRole
_MARGIN, _SPACING = 16, 8


class HelpDialog(QDialog):
    """Shows the topics of the help."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.HELP)
        self.search = QLineEdit()
        self.search.setPlaceholderText(texts.SEARCH)
        self.search.setAccessibleName(texts.SEARCH)
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(texts.TOPICS)
        self.page = QTextBrowser()
        self.page.setAccessibleName(texts.HELP)
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(_MARGIN)
        for topic in topics():
            item = QListWidgetItem(topic.title, self.list)
            item.setData(_TOPIC, topic)
            item.setSizeHint(QSize(0, round(self.fontMetrics().height() * 1.8)))
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.list.currentItemChanged.connect(self._show)
        self.page.anchorClicked.connect(self._follow)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def titles(self) -> list[str]:
        """Return the topics that the search leaves."""
        return [item.text() for item in self._items() if not item.isHidden()]

    def _lay_out(self) -> None:
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        left = QVBoxLayout()
        left.setSpacing(_SPACING)
        left.addWidget(self.search)
        left.addWidget(self.list)
        for widget in (self.search, self.list):
            widget.setFixedWidth(letter * 32)
        columns = QHBoxLayout()
        columns.setSpacing(_MARGIN)
        columns.addLayout(left)
        columns.addWidget(self.page, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(_MARGIN)
        layout.addLayout(columns)
        layout.addWidget(buttons)
        room = self.screen().availableGeometry().size() * 0.85
        self.resize(min(letter * 132, room.width()), min(line * 38, room.height()))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    @Slot(str)
    def _find(self, words: str) -> None:
        """List the topics that contain every word."""
        wanted = words.casefold().split()
        for item in self._items():
            topic: Topic = item.data(_TOPIC)
            content = f"{topic.title} {topic.text}".casefold()
            item.setHidden(not all(word in content for word in wanted))
        left = [item for item in self._items() if not item.isHidden()]
        if not left:
            self.page.setMarkdown(texts.NOTHING_FOUND)
        elif self.list.currentItem() not in left:
            self.list.setCurrentItem(left[0])
        else:
            self._show(self.list.currentItem())

    def _show(self, item: QListWidgetItem | None, _previous: QListWidgetItem | None = None) -> None:
        if item is not None:
            topic: Topic = item.data(_TOPIC)
            self.page.setMarkdown(f"# {topic.title}\n\n{topic.text}")

    def _follow(self, link: QUrl) -> None:
        """Open the topic of a link; the help links to its own topics alone."""
        for item in self._items():
            if item.data(_TOPIC).anchor == link.toString():
                self.search.clear()
                self.list.setCurrentItem(item)
