"""The About dialog: the app, its version and its third-party software."""

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

from acnelib import __version__
from gui.preferences import texts
from gui.preferences.components import components
from gui.state.wording import APPLICATION, RESEARCH_TOOL
from gui.widgets.design import BODY, GAP, PAGE_GAP, SECTION_GAP, TITLE
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.scrolling import resize_to_screen, scrolling
from gui.widgets.text_widgets import Paragraph, scaled_font

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_LINES = 12  # of the table


class AboutDialog(QDialog):
    """The name, version and purpose of the app, and the licences of its components."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT)
        self.title = QLabel(APPLICATION)
        self.title.setFont(scaled_font(self.font(), TITLE, bold=True))
        self.version = QLabel(texts.about_version(__version__))
        self.version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.research_tool = QLabel(RESEARCH_TOOL)
        self.research_tool.setFont(scaled_font(self.font(), BODY, bold=True))
        purpose, notice = Paragraph(), Paragraph()
        purpose.show_text(texts.PURPOSE)
        notice.show_text(texts.QT_NOTICE)
        notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        heading = QLabel(texts.COMPONENTS)
        heading.setFont(scaled_font(self.font(), BODY, bold=True))
        self.components = _table([texts.component(component) for component in components()])
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        self.components.setMinimumHeight(self.fontMetrics().height() * _LEAST_LINES)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, GAP, 0)
        layout.setSpacing(GAP)
        for widget in (self.title, self.version, self.research_tool, purpose, QLabel(texts.OWN_LICENCE)):
            layout.addWidget(widget)
        layout.addSpacing(GAP)
        layout.addWidget(heading)
        layout.addWidget(self.components, 1)
        layout.addWidget(notice)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_GAP, SECTION_GAP, PAGE_GAP, SECTION_GAP)
        whole.setSpacing(SECTION_GAP)
        whole.addWidget(scrolling(page), 1)
        whole.addWidget(buttons)
        resize_to_screen(self, self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * 42)


def _table(rows: Sequence[tuple[str, str, str]]) -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(texts.COMPONENTS)
    table.setHeaderLabels([texts.COMPONENT, texts.VERSION, texts.LICENCE])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setAllColumnsShowFocus(True)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    for row in rows:
        item = QTreeWidgetItem(table, list(row))
        item.setToolTip(2, row[2])
        item.setSizeHint(2, QSize(0, round(table.fontMetrics().height() * 1.4)))
    for column in (0, 1):
        table.resizeColumnToContents(column)
        table.setColumnWidth(column, table.columnWidth(column) + 2 * table.fontMetrics().averageCharWidth())
    return table
