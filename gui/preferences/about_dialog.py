"""What the app is, and what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.preferences import parts, texts
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.window.texts import APPLICATION, RESEARCH_TOOL

if TYPE_CHECKING:
    from collections.abc import Sequence


class AboutDialog(QDialog):
    """Shows name, version and purpose, and under which licences the parts stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT)
        self.title = QLabel(APPLICATION)
        self.title.setFont(scaled_font(self.font(), 1.7, bold=True))
        self.version = QLabel(texts.about_version(parts.own_version()))
        self.version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.research_tool = QLabel(RESEARCH_TOOL)
        self.research_tool.setFont(scaled_font(self.font(), 1.0, bold=True))
        purpose, notice = Paragraph(), Paragraph()
        purpose.show_text(texts.PURPOSE)
        notice.show_text(texts.QT_NOTICE)
        notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        above_parts = QLabel(texts.PARTS)
        above_parts.setFont(scaled_font(self.font(), 1.0, bold=True))
        self.parts = _table([texts.part(part) for part in parts.parts()])
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        for part in (self.title, self.version, self.research_tool, purpose, QLabel(texts.OWN_LICENCE)):
            layout.addWidget(part)
        layout.addSpacing(8)
        layout.addWidget(above_parts)
        layout.addWidget(self.parts, 1)
        layout.addWidget(notice)
        layout.addSpacing(4)
        layout.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * 38)


def _table(rows: Sequence[tuple[str, str, str]]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(texts.PARTS)
    table.setHeaderLabels([texts.PART, texts.VERSION, texts.LICENCE])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    for row in rows:
        item = QTreeWidgetItem(table, list(row))
        item.setToolTip(2, row[2])
        item.setSizeHint(2, QSize(0, round(table.fontMetrics().height() * 1.4)))
    for column in (0, 1):
        table.resizeColumnToContents(column)
        table.setColumnWidth(column, table.columnWidth(column) + 2 * table.fontMetrics().averageCharWidth())
    return table
