"""The panel of reviews shows a moment of a session, and says what the reviewer wants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from acnelib.reviews import Agreement, Review, ReviewVerdict
from gui.review import texts
from gui.review.panel import ReviewPanel
from gui.state.review_queue import ReviewProgress
from gui.state.review_session import PairAgreement, QueueOrder
from gui.state.review_view import ReviewView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LABELS = ("acne-vulgaris", "milia", "rosacea")
VIEW = ReviewView(
    labels=LABELS, can_review=True, can_agree=True, answer="milia", progress=ReviewProgress(reviewed=34, total=1200)
)


@pytest.fixture
def panel(qtbot: QtBot) -> ReviewPanel:
    panel = ReviewPanel()
    qtbot.addWidget(panel)
    panel.resize(240, 500)
    panel.show()
    panel.show_review(VIEW)
    return panel


def test_it_shows_the_question_the_progress_and_the_answer_to_agree_with(panel: ReviewPanel) -> None:
    assert (panel.question.text(), panel.progress.text()) == ("What does this photo show?", "34 of 1,200 reviewed")
    assert panel.agree.text() == "Agree: Milia"
    panel.show_review(replace(VIEW, photos=3))
    assert (panel.question.text(), panel.agree.text()) == ("What do these 3 photos show?", "Agree with each answer")


def test_a_hidden_answer_is_not_named(panel: ReviewPanel) -> None:
    panel.show_review(replace(VIEW, can_agree=False, answer=None))
    assert (panel.agree.text(), panel.agree.isEnabled()) == ("Agree with the answer", False)


def test_the_first_nine_classes_have_a_key_and_all_have_a_button(panel: ReviewPanel) -> None:
    panel.show_review(replace(VIEW, labels=tuple(f"class-{number}" for number in range(1, 13))))
    assert [button.key for button in panel.classes] == [*"123456789", "", "", ""]


def test_classes_stand_in_two_columns_where_all_their_words_fit(panel: ReviewPanel, qtbot: QtBot) -> None:
    assert len({button.x() for button in panel.classes}) == 1
    panel.resize(600, 500)
    qtbot.waitUntil(lambda: len({button.x() for button in panel.classes}) == 2)


@pytest.mark.parametrize(
    ("verdict", "label", "chosen"),
    [
        (ReviewVerdict.CLASS, "milia", "Milia"),
        (ReviewVerdict.NONE, None, texts.NONE),
        (ReviewVerdict.UNSURE, None, texts.UNSURE),
    ],
)
def test_the_present_review_is_marked(
    panel: ReviewPanel, verdict: ReviewVerdict, label: str | None, chosen: str
) -> None:
    panel.show_review(replace(VIEW, own=Review.now("a" * 64, verdict, label=label, blind=True)))
    buttons = (*panel.classes, panel.none, panel.unsure)
    assert [button.text() for button in buttons if button.is_chosen] == [chosen]


def test_showing_emits_nothing(panel: ReviewPanel, qtbot: QtBot) -> None:
    signals = (panel.blind_requested, panel.order_requested, panel.reviewer_changed)
    with qtbot.assertNotEmitted(signals[0]), qtbot.assertNotEmitted(signals[1]), qtbot.assertNotEmitted(signals[2]):
        panel.show_review(replace(VIEW, is_blind=True, order=QueueOrder.RANDOM, reviewer="R1"))
    assert (panel.blind.isChecked(), panel.order.currentText(), panel.reviewer.text()) == (True, "Random sample", "R1")


def test_a_pseudonym_is_taken_without_the_spaces_around_it(panel: ReviewPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.reviewer_changed) as named:
        qtbot.keyClicks(panel.reviewer, " R1 ")
        qtbot.keyClick(panel.reviewer, Qt.Key.Key_Return)
    assert named.args == ["R1"]


@pytest.mark.parametrize(
    ("kappa", "blind", "text"),
    [
        (0.714, True, "R1 and no name: Cohen’s κ\u00a00.71 on 34 photos, reviewed blind"),
        (-0.2, False, "R1 and no name: Cohen’s κ\u00a0−0.20 on 34 photos, some reviewed with the answer in sight"),
        (None, True, "R1 and no name: Cohen’s κ\u00a0not defined yet on 34 photos, reviewed blind"),
    ],
)
def test_agreement_is_a_sentence(kappa: float | None, blind: bool, text: str) -> None:
    agreement = Agreement(reviewers=("R1", ""), photos=34, agreed=30, kappa=kappa)
    assert texts.agreement(PairAgreement(agreement=agreement, blind=blind)) == text
