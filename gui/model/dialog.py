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

from gui.model import facts_texts, texts
from gui.state.wording import RESEARCH_TOOL
from gui.widgets.design import GAP, HALF, PAGE_GAP, SECTION_GAP, TITLE
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.scrolling import resize_to_screen, scrolling
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from gui.state.model_facts import ModelFacts

_LEAST_LINES = 12  # of the card


class ModelDialog(QDialog):
    """The details of a model and its card."""

    def __init__(self, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT_MODEL)
        self.title = Paragraph()
        self.title.setFont(scaled_font(self.font(), TITLE, bold=True))
        self.title.show_text(facts_texts.model_title(facts))
        self.research_tool = QLabel(RESEARCH_TOOL)
        self.licence_warning = Paragraph()
        self.licence_warning.show_text(facts_texts.licence_warning(facts))
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
        self.card.setMinimumHeight(self.fontMetrics().height() * _LEAST_LINES)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, GAP, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.title)
        layout.addWidget(self.research_tool)
        layout.addSpacing(GAP)
        layout.addLayout(self.facts)
        if self.licence_warning.text():
            layout.addLayout(self._warning())
        layout.addSpacing(GAP)
        layout.addWidget(self.card, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_GAP, SECTION_GAP, PAGE_GAP, SECTION_GAP)
        whole.setSpacing(SECTION_GAP)
        whole.addWidget(scrolling(page), 1)
        whole.addWidget(buttons)
        resize_to_screen(self, self.fontMetrics().averageCharWidth() * 118, self.fontMetrics().height() * 42)

    def _warning(self) -> QHBoxLayout:
        mark = VerdictMark()
        mark.show_verdict("uncertain")
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.licence_warning, 1)
        return line


def _facts(facts: ModelFacts) -> QGridLayout:
    grid = QGridLayout()  # QFormLayout gives a paragraph no more room than its narrowest form
    grid.setHorizontalSpacing(SECTION_GAP)
    grid.setVerticalSpacing(HALF)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts_texts.model_facts(facts)):
        paragraph = Paragraph()
        paragraph.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        paragraph.show_text(value)
        grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(paragraph, row, 1)
    return grid
