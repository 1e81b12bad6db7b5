"""The page of an answer: the class and its meaning, the verdict and its basis, the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.answer import texts
from gui.answer.score_bars import ScoreBars
from gui.answer.threshold_control import ThresholdControl
from gui.widgets.design import BODY, CAPTION, DISPLAY, GAP, HALF, SECTION, SECTION_GAP, TITLE
from gui.widgets.link_button import LinkButton
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from gui.answer.class_meaning import Meaning


class AnswerPage(QWidget):
    """The model's answer for the open photo: label, verdict, scores; the verdict first where the label means little."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.above_label = QLabel()
        self.label = heading(DISPLAY)
        self.meaning = MeaningLines()
        self.mark = VerdictMark()
        self.verdict = QLabel()
        self.explanation = Paragraph()
        self.measured = Paragraph()
        self.measured.setFont(scaled_font(self.font(), CAPTION))
        self.threshold = ThresholdControl()
        self.quality = Paragraph()
        self.quality.setToolTip(texts.QUALITY_EXPLAINED)
        self.above_scores = _small_heading(texts.SCORES)
        self.scores = ScoreBars()
        for words in (self.above_label, self.verdict, self.above_scores):  # which are long in some languages
            words.setWordWrap(True)
        self._answered, self._judged = QWidget(), QWidget()
        answered = page_layout(self._answered)
        answered.setSpacing(HALF)
        answered.addWidget(self.above_label)
        answered.addWidget(self.label)
        judged = page_layout(self._judged)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.mark)
        line.addWidget(self.verdict, 1)
        judged.addLayout(line)
        judged.addWidget(self.explanation)
        judged.addWidget(self.quality)
        self._layout = page_layout(self)
        self._layout.setSpacing(SECTION_GAP)
        self._layout.addWidget(self._answered)
        self._layout.addWidget(self._judged)
        self._layout.addLayout(_section(self.above_scores, self.scores))
        for part in (self.threshold, self.meaning, self.measured):  # below the scores, whose last one is never hidden
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.put_first(verdict=False)

    def put_first(self, *, verdict: bool) -> None:
        """Put the verdict or the label above the other, and in larger letters."""
        self._layout.removeWidget(self._judged)
        self._layout.insertWidget(0 if verdict else 1, self._judged)
        self.label.setFont(scaled_font(self.font(), SECTION if verdict else DISPLAY, bold=True))
        self.verdict.setFont(scaled_font(self.font(), TITLE if verdict else SECTION, bold=True))
        self.mark.setFont(self.verdict.font())


class MeaningLines(QWidget):
    """What a class is, and a link to the page of its atlas, opened in the browser by a click and by nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self._page = ""
        self.text = Paragraph()
        self.link = LinkButton()
        self.link.clicked.connect(self._open_page)
        layout = page_layout(self)
        layout.setSpacing(HALF)
        layout.addWidget(self.text)
        layout.addWidget(self.link)

    def show_meaning(self, meaning: Meaning | None) -> None:
        """Show what a class is; None: nothing."""
        self._page = "" if meaning is None or meaning.page is None else meaning.page
        self.text.show_text("" if meaning is None else texts.class_explained(meaning.text))
        self.link.setText(texts.read_more(self._page))
        self.link.setToolTip(plain_text(self._page))
        self.link.setVisible(bool(self._page))
        self.setVisible(meaning is not None)

    @Slot()
    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))


def page_layout(page: QWidget) -> QVBoxLayout:
    """Lay out a page from top to bottom, without margins."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    return layout


def heading(factor: float) -> Paragraph:
    """Return a heading that is larger than other text by a factor."""
    paragraph = Paragraph()
    paragraph.setFont(scaled_font(paragraph.font(), factor, bold=True))
    return paragraph


def _section(title: QLabel, content: QWidget) -> QVBoxLayout:
    section = QVBoxLayout()
    section.setContentsMargins(0, 0, 0, 0)
    section.setSpacing(HALF)
    section.addWidget(title)
    section.addWidget(content)
    return section


def _small_heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(scaled_font(label.font(), BODY, bold=True))
    return label
