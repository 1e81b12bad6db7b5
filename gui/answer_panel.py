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
    from gui.session import ModelReady, ReadPhoto

TOP = 5
"""How many scores are shown."""


class AnswerPanel(QScrollArea):
    """One page at a time: a message, a wait, or an answer."""

    retry_wanted = Signal()
    label_chosen = Signal(str)

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
        self.answer.scores.label_chosen.connect(self.label_chosen)
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

    def show_answer(
        self, prediction: Prediction, *, model: ModelReady, photo: ReadPhoto, explained: str | None
    ) -> None:
        """Show the label with the highest score, the verdict and the highest scores.

        Args:
            prediction: The answer.
            model: Whose answer it is.
            photo: What it is about.
            explained: The label of which the picture shows where the model looked; None where it shows nothing.
        """
        page, verdict = self.answer, str(prediction.verdict)
        out_of_scope = prediction.verdict == "out-of-scope"
        page.above_label.setText(texts.HIGHEST_SCORE_OUT_OF_SCOPE if out_of_scope else texts.HIGHEST_SCORE)
        page.label.show_text(texts.label(str(prediction.label)))
        page.mark.show_verdict(verdict)
        page.verdict.setText(texts.verdict(verdict))
        page.explanation.show_text(texts.verdict_explained(verdict, model))
        page.hints.show_text(texts.photo_hints(photo.hints, size=photo.size))
        page.hints.setVisible(bool(photo.hints))
        page.above_scores.setText(texts.SCORES_OUT_OF_SCOPE if out_of_scope else texts.SCORES)
        page.scores.show_scores(prediction.top(TOP), muted=out_of_scope)
        page.scores.show_choice(explained)
        page.put_first(verdict=out_of_scope)
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
    """The model's answer for the open photo: label, verdict, scores; the verdict first where the label means little."""

    def __init__(self) -> None:
        super().__init__()
        self.above_label = QLabel()
        self.label = _heading(1.7)
        self.mark = VerdictMark()
        self.verdict = QLabel()
        self.explanation = Paragraph()
        self.hints = Paragraph()
        self.hints.setToolTip(texts.HINTS_EXPLAINED)
        self.above_scores = _small_heading(texts.SCORES)
        self.scores = ScoreBars()
        self._answered, self._judged = QWidget(), QWidget()
        answered = _page_layout(self._answered)
        answered.addWidget(self.above_label)
        answered.addWidget(self.label)
        judged = _page_layout(self._judged)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.mark)
        line.addWidget(self.verdict, 1)
        judged.addLayout(line)
        judged.addWidget(self.explanation)
        judged.addWidget(self.hints)
        self._layout = _page_layout(self)
        self._layout.setSpacing(12)
        self._layout.addWidget(self._answered)
        self._layout.addWidget(self._judged)
        self._layout.addSpacing(4)
        self._layout.addWidget(self.above_scores)
        self._layout.addWidget(self.scores)
        self._layout.addStretch(1)
        self.put_first(verdict=False)

    def put_first(self, *, verdict: bool) -> None:
        """Put the verdict or the label above the other, and in larger letters."""
        self._layout.removeWidget(self._judged)
        self._layout.insertWidget(0 if verdict else 1, self._judged)
        self.label.setFont(scaled_font(self.font(), 1.15 if verdict else 1.7, bold=True))
        self.verdict.setFont(scaled_font(self.font(), 1.7 if verdict else 1.1, bold=True))
        self.mark.setFont(self.verdict.font())


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
