"""A model in full: where it came from, how good it was, and its card."""

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

from gui.answer.verdict_mark import VerdictMark
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.window import action_texts
from gui.window import texts as window_texts

if TYPE_CHECKING:
    from gui.model.facts import ModelFacts


class ModelDialog(QDialog):
    """Shows what there is to say about a model."""

    def __init__(self, facts: ModelFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_texts.ABOUT_MODEL.strip("&…"))
        self.title = Paragraph()
        self.title.setFont(scaled_font(self.font(), 1.5, bold=True))
        self.title.show_text(window_texts.model_title(facts))
        self.research_tool = QLabel(window_texts.RESEARCH_TOOL)
        self.licence_warning = Paragraph()
        self.licence_warning.show_text(window_texts.licence_warning(facts))
        self.facts = _facts(facts)
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)
        # A card's author is not the user: what it has of HTML is shown as text.
        dialect = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        self.card.document().setMarkdown(facts.card or window_texts.NO_CARD, dialect)
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
    for row, (name, value) in enumerate(window_texts.model_facts(facts)):
        told = Paragraph()
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        told.show_text(value)
        grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(told, row, 1)
    return grid
