"""The dialog about a model: where it came from, its test results and its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gui.model import texts
from gui.state.wording import RESEARCH_TOOL
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from gui.state.model_facts import ModelFacts


class ModelDialog(QDialog):
    """The details of a model and its card."""

    def __init__(self, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT_MODEL)
        self.title = Paragraph()
        self.title.setFont(scaled_font(self.font(), 1.5, bold=True))
        self.title.show_text(texts.model_title(facts))
        self.research_tool = QLabel(RESEARCH_TOOL)
        self.licence_warning = Paragraph()
        self.licence_warning.show_text(texts.licence_warning(facts))
        self.facts = _facts(facts)
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)
        # A card's author is not the user: what it has of HTML is shown as text.
        dialect = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        self.card.document().setMarkdown(facts.card or texts.NO_CARD, dialect)
        self.card.document().setDocumentMargin(12)
        self.card.moveCursor(QTextCursor.MoveOperation.Start)
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.research_tool)
        layout.addSpacing(6)
        layout.addLayout(self.facts)
        if self.licence_warning.text():
            layout.addLayout(self._warning())
        layout.addSpacing(6)
        layout.addWidget(self.card, 1)
        layout.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 38)

    def _warning(self) -> QHBoxLayout:
        mark = VerdictMark()
        mark.show_verdict("uncertain")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.licence_warning, 1)
        return line


def _facts(facts: ModelFacts) -> QGridLayout:
    grid = QGridLayout()  # QFormLayout gives a paragraph no more room than its narrowest form
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(texts.model_facts(facts)):
        paragraph = Paragraph()
        paragraph.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        paragraph.show_text(value)
        grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(paragraph, row, 1)
    return grid
