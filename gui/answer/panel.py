"""The panel beside the picture: the answer, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QScrollArea, QSizePolicy, QWidget

from gui.answer import texts
from gui.answer.class_meaning import meaning_of
from gui.answer.page import AnswerPage, heading, page_layout
from gui.state.results import verdict_at
from gui.state.session import ModelMissing, ModelReady, Shown
from gui.state.wording import class_name, digits_apart, error_text, photo_quality
from gui.widgets.design import GAP, HALF, SECTION_GAP, TITLE
from gui.widgets.text_widgets import Paragraph

if TYPE_CHECKING:
    from acnelib.inference import Prediction
    from gui.state.model_facts import ModelFacts
    from gui.state.session import ReadPhoto, Session

TOP = 5
"""How many scores are shown."""


class AnswerPanel(QScrollArea):
    """One page at a time: a message, a wait, or an answer."""

    retry_requested = Signal()
    label_chosen = Signal(str)
    threshold_changed = Signal(object)  # float, 0–1, or None for the model's own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: ModelFacts | None = None
        self._explains = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.message = MessagePage()
        self.wait = WaitPage()
        self.answer = AnswerPage()
        self.message.retry.clicked.connect(self.retry_requested)
        self.answer.scores.label_chosen.connect(self.label_chosen)
        self.answer.threshold.changed.connect(self.threshold_changed)
        self.page: QWidget = self.message
        # Hidden pages take no room; in a stack, a short message would be scrolled as far as the longest answer.
        pages = QWidget()
        layout = self._pages = page_layout(pages)
        layout.setContentsMargins(0, 0, GAP + HALF, 0)  # else text touches the scroll bar
        for page in (self.message, self.wait, self.answer):
            layout.addWidget(page)
            page.setVisible(page is self.page)
        self.setWidget(pages)
        pages.setAutoFillBackground(False)  # setWidget switches it on

    def put_above(self, widget: QWidget) -> None:
        """Show a widget above the answer, which scrolls with it."""
        self._pages.insertWidget(0, widget)
        self._pages.setSpacing(SECTION_GAP)

    @property
    def has_facts(self) -> bool:
        """Whether the details of the model are known."""
        return self._facts is not None

    def show_session(self, session: Session) -> None:
        """Show the answer of a session, or why there is none yet."""
        model, photo = session.model, session.photo
        match session.shown:
            case Shown.INVITATION:
                self.show_message(texts.no_answer_yet(model))
            case Shown.READING:
                self.show_wait(texts.READING)
            case Shown.WAITING:
                self.show_wait(texts.LOADING_MODEL)
            case Shown.CLASSIFYING:
                self.show_wait(texts.CLASSIFYING)
            case Shown.NO_MODEL if isinstance(model, ModelMissing):
                self.show_message(error_text(model.reason), title=texts.NO_MODEL, retry=True)
            case Shown.FAILURE if photo is not None:
                self.show_message(error_text(str(photo.error), photo.path), title=texts.failure_title(photo))
            case Shown.ANSWER if session.answer_hidden:
                self.show_message(texts.HIDDEN_EXPLAINED, title=texts.HIDDEN)
            case Shown.ANSWER if isinstance(model, ModelReady) and photo is not None and photo.prediction is not None:
                if photo.picture is not None:
                    self.show_answer(
                        photo.prediction,
                        model=model,
                        photo=photo.picture,
                        explained=session.explained,
                        threshold=session.threshold,
                    )

    def show_message(self, text: str, *, title: str = "", retry: bool = False) -> None:
        """Show a text, under a heading and over a button that tries again where asked for."""
        self.message.title.show_text(title)
        self.message.title.setVisible(bool(title))
        self.message.text.show_text(text)
        self.message.retry.setVisible(retry)
        self._show_page(self.message)

    def show_wait(self, text: str) -> None:
        """Show what is waited for."""
        self.wait.text.show_text(text)
        self._show_page(self.wait)

    def show_answer(
        self,
        prediction: Prediction,
        *,
        model: ModelReady,
        photo: ReadPhoto,
        explained: str | None,
        threshold: float | None = None,
    ) -> None:
        """Show the label with the highest score, the verdict and the highest scores.

        Args:
            prediction: The answer.
            model: Whose answer it is.
            photo: What it is about.
            explained: The label of which the picture shows where the model looked; None where it shows nothing.
            threshold: Score (0–1) from which the user takes an answer for confident; None: the model's own.
        """
        page, verdict = self.answer, str(verdict_at(prediction, threshold))
        out_of_scope = verdict == "out-of-scope"
        used = model.confidence_threshold if threshold is None else threshold
        digits = 0 if out_of_scope else digits_apart(prediction.confidence or 0.0, used)
        page.above_label.setText(texts.HIGHEST_SCORE_OUT_OF_SCOPE if out_of_scope else texts.HIGHEST_SCORE)
        page.name = str(prediction.label)
        page.label.show_text(class_name(page.name))
        page.mark.show_verdict(verdict)
        page.verdict.setText(texts.verdict(verdict))
        if prediction.model.drawn and not out_of_scope:
            page.explanation.show_text(texts.DRAWN_EXPLAINED)
        elif not out_of_scope and not prediction.fit:
            page.explanation.show_text(texts.UNFIT_EXPLAINED)
        elif threshold is None or out_of_scope:
            page.explanation.show_text(texts.verdict_explained(verdict, model, digits=digits))
        else:
            page.explanation.show_text(texts.verdict_at_threshold(verdict, threshold, model, digits=digits))
        measured = model.measured if threshold is None and not out_of_scope and prediction.fit else None
        page.measured.show_text(measured or "")
        page.measured.setVisible(measured is not None)
        page.threshold.show_threshold(threshold, own=model.confidence_threshold, origin=model.threshold_origin)
        page.threshold.setVisible(not prediction.model.drawn)
        page.quality.show_text(photo_quality(prediction.quality, size=photo.size))
        page.quality.setVisible(bool(prediction.quality))
        page.above_scores.setText(texts.SCORES_OUT_OF_SCOPE if out_of_scope else texts.SCORES)
        page.scores.show_scores(prediction.top(TOP), muted=out_of_scope, digits=digits)
        page.scores.show_choice(explained)
        page.put_first(verdict=out_of_scope)
        self._explains = not out_of_scope  # a class is not explained when its score means little
        self._show_meaning()
        self._show_page(page)

    def show_facts(self, facts: ModelFacts | None) -> None:
        """Take the details of the model, which may come after its answers; None: they are not known yet."""
        self._facts = facts
        self.answer.threshold.show_curve(None if facts is None else facts.curve, known=facts is not None)
        self._show_meaning()

    def _show_meaning(self) -> None:
        source = None if self._facts is None else self._facts.provenance.source
        meaning = meaning_of(self.answer.name, source=source) if self._explains else None
        self.answer.meaning.show_meaning(meaning)

    def _show_page(self, page: QWidget) -> None:
        if page is not self.page:
            self.page.hide()
            self.page = page
            page.show()


class MessagePage(QWidget):
    """A text, with or without a heading and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.title = heading(TITLE)
        self.text = Paragraph()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.retry = QPushButton(texts.TRY_AGAIN)
        self.retry.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = page_layout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(GAP)
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
        layout = page_layout(self)
        layout.addWidget(self.text)
        layout.addSpacing(HALF)
        layout.addWidget(self.bar)
        layout.addStretch(1)
