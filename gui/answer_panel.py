"""The panel beside the picture: the answer, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import texts
from gui.score_bars import ScoreBars
from gui.text_widgets import Paragraph, scaled_font
from gui.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from acnelib.inference import Prediction

TOP = 5
"""How many scores are shown."""


class AnswerPanel(QScrollArea):
    """One page at a time: a message, a wait, or an answer."""

    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.message = MessagePage()
        self.wait = WaitPage()
        self.answer = AnswerPage()
        self.message.retry.clicked.connect(self.retry_wanted)
        self.page: QWidget = self.message
        self._pages = QStackedWidget()
        for page in (self.message, self.wait, self.answer):
            self._pages.addWidget(page)
        self.setWidget(self._pages)
        self._pages.setAutoFillBackground(False)  # setWidget switches it on

    def show_message(self, text: str, *, title: str = "", retry: bool = False) -> None:
        """Show a text, under a heading and over a button that tries again where asked for."""
        self.message.title.show_text(title)
        self.message.title.setVisible(bool(title))
        self.message.text.show_text(text)
        self.message.retry.setVisible(retry)
        self._turn_to(self.message)

    def show_wait(self, text: str) -> None:
        """Show what is waited for."""
        self.wait.text.show_text(text)
        self._turn_to(self.wait)

    def show_answer(self, prediction: Prediction, *, confident_at: float) -> None:
        """Show the label with the highest score, the verdict and the highest scores."""
        page, verdict = self.answer, str(prediction.verdict)
        page.label.show_text(texts.label(str(prediction.label)))
        page.mark.show_verdict(verdict)
        page.verdict.setText(texts.verdict(verdict))
        page.explanation.show_text(texts.verdict_explained(verdict, confident_at=confident_at))
        page.scores.show_scores(prediction.top(TOP))
        self._turn_to(page)

    def _turn_to(self, page: QWidget) -> None:
        self.page = page
        self._pages.setCurrentWidget(page)


class MessagePage(QWidget):
    """A text, with or without a heading and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.title = _heading(1.25)
        self.text = Paragraph()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.retry = QPushButton(texts.TRY_AGAIN)
        self.retry.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = _page_layout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(8)
        layout.addWidget(self.retry)
        layout.addStretch(1)


class WaitPage(QWidget):
    """What is waited for, over a bar that moves."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Paragraph()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(max(6, self.fontMetrics().height() // 2))
        layout = _page_layout(self)
        layout.addWidget(self.text)
        layout.addSpacing(4)
        layout.addWidget(self.bar)
        layout.addStretch(1)


class AnswerPage(QWidget):
    """The model's answer for the open photo."""

    def __init__(self) -> None:
        super().__init__()
        self.label = _heading(1.7)
        self.mark = VerdictMark()
        self.verdict = QLabel()
        self.verdict.setFont(scaled_font(self.font(), 1.1, bold=True))
        self.mark.setFont(self.verdict.font())
        self.explanation = Paragraph()
        self.scores = ScoreBars()
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self.mark)
        verdict.addWidget(self.verdict, 1)
        layout = _page_layout(self)
        layout.addWidget(QLabel(texts.HIGHEST_SCORE))
        layout.addWidget(self.label)
        layout.addSpacing(10)
        layout.addLayout(verdict)
        layout.addWidget(self.explanation)
        layout.addSpacing(18)
        layout.addWidget(_small_heading(texts.SCORES))
        layout.addSpacing(4)
        layout.addWidget(self.scores)
        layout.addStretch(1)


def _page_layout(page: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    return layout


def _heading(factor: float) -> Paragraph:
    heading = Paragraph()
    heading.setFont(scaled_font(heading.font(), factor, bold=True))
    return heading


def _small_heading(text: str) -> QLabel:
    heading = QLabel(text)
    heading.setFont(scaled_font(heading.font(), 1.0, bold=True))
    return heading
