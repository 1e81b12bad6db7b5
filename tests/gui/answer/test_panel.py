"""The panel by itself: the user's threshold, what a class is, and what comes late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from acnelib.bundle import open_bundle
from acnelib.evaluation_record import ThresholdShare
from acnelib.inference import ModelIdentity, Prediction, Quality, Verdict
from gui.answer import texts
from gui.answer.panel import AnswerPanel
from gui.state.model_facts import facts_of
from gui.state.session import ModelReady, ReadPhoto
from gui.state.threshold import ThresholdCurve
from gui.widgets.pixels import Pixels

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.answer.page import AnswerPage
    from gui.state.model_facts import ModelFacts

PIXELS = Pixels((QImage(40, 30, QImage.Format.Format_RGB32),))
IDENTITY = ModelIdentity(name="acne", version="3", sha256="ab" * 32)
READY = ModelReady(
    name="production",
    identity=IDENTITY,
    labels=("rosacea", "milia"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
)


@pytest.fixture
def panel(qtbot: QtBot) -> AnswerPanel:
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 640)
    panel.show()
    return panel


def show(
    panel: AnswerPanel,
    score: float,
    verdict: Verdict,
    *,
    quality: tuple[Quality, ...] = (),
    fit: bool = True,
    identity: ModelIdentity = IDENTITY,
    model: ModelReady = READY,
    **options: object,
) -> AnswerPage:
    prediction = Prediction(
        path="1.jpg",
        sha256="0",
        label="rosacea",
        confidence=score,
        verdict=verdict,
        quality=quality,
        fit=fit,
        scores={"rosacea": score, "milia": 1 - score},
        model=identity,
    )
    photo = ReadPhoto(pixels=PIXELS, size=(40, 30), sha256="a" * 64)
    panel.show_answer(prediction, model=model, photo=photo, explained=None, **options)
    return panel.answer


def told_of_model(bundle: Path, *, source: str, curve: ThresholdCurve | None = None) -> ModelFacts:
    reported = facts_of(open_bundle(bundle), identity=IDENTITY)
    return replace(reported, provenance=replace(reported.provenance, source=source), curve=curve)


@pytest.mark.parametrize(
    ("score", "threshold", "verdict", "said"),
    [
        (0.7, 0.8, "uncertain", "is below your threshold of 80 %"),
        (0.55, 0.5, "confident", "reaches your threshold of 50 %"),
    ],
)
def test_the_users_threshold_decides_and_is_called_theirs(
    panel: AnswerPanel, score: float, threshold: float, verdict: str, said: str
) -> None:
    own = Verdict.CONFIDENT if score >= READY.confidence_threshold else Verdict.UNCERTAIN
    page = show(panel, score, own, threshold=threshold)
    assert page.mark.verdict == verdict
    assert said in page.explanation.accessibleName().replace("\u00a0", " ")
    assert page.threshold.number.value() == round(threshold * 100)


@pytest.mark.parametrize(
    ("score", "threshold", "written"),
    [
        (0.668, 0.672, ("66.8 %", "67.2 %")),
        (0.6699, 0.67, ("66.99 %", "67.00 %")),
        (0.6, 0.67, ("60 %", "67 %")),
        (0.67, 0.67, ("67 %", "67 %")),
    ],
)
@pytest.mark.parametrize("users", [False, True], ids=["the model's", "the user's"])
def test_a_score_and_a_threshold_that_round_alike_are_told_apart(
    panel: AnswerPanel, score: float, threshold: float, written: tuple[str, str], users: bool
) -> None:
    verdict = Verdict.CONFIDENT if score >= threshold else Verdict.UNCERTAIN
    model = READY if users else replace(READY, confidence_threshold=threshold)
    page = show(panel, score, verdict, model=model, threshold=threshold if users else None)
    assert page.verdict.text() == texts.verdict(verdict.value)
    assert page.scores.rows[0].percentage.text().replace("\u00a0", " ") == written[0]
    assert f"threshold of {written[1]}" in page.explanation.accessibleName().replace("\u00a0", " ")


MEASURED = replace(READY, measured="“Confident” was measured on photos of dermnet")


def test_the_sources_on_which_the_models_threshold_was_measured_are_named(panel: AnswerPanel) -> None:
    page = show(panel, 0.7, Verdict.CONFIDENT, model=MEASURED)
    assert (page.measured.accessibleName(), page.measured.isVisible()) == (MEASURED.measured, True)
    assert not show(panel, 0.7, Verdict.CONFIDENT, model=MEASURED, threshold=0.5).measured.isVisible()
    assert not show(panel, 0.7, Verdict.OUT_OF_SCOPE, model=MEASURED).measured.isVisible()
    assert not show(panel, 0.7, Verdict.CONFIDENT, model=READY).measured.isVisible()


@pytest.mark.parametrize("threshold", [None, 0.1])
def test_an_unfit_photo_is_confident_at_no_threshold_and_the_panel_says_why(
    panel: AnswerPanel, threshold: float | None
) -> None:
    page = show(panel, 0.9, Verdict.UNCERTAIN, quality=(Quality.SMALL, Quality.BRIGHT), fit=False, threshold=threshold)
    assert (page.mark.verdict, page.verdict.text()) == ("uncertain", "Uncertain")
    assert page.explanation.accessibleName() == texts.UNFIT_EXPLAINED
    assert page.quality.accessibleName() == "Photo quality: small (40 × 30), very bright"


def test_a_photo_that_is_poor_but_fit_may_be_confident(panel: AnswerPanel) -> None:
    page = show(panel, 0.9, Verdict.CONFIDENT, quality=(Quality.DARK,))
    assert (page.verdict.text(), page.quality.accessibleName()) == ("Confident", "Photo quality: dark")


def test_what_is_out_of_scope_stays_so_at_any_threshold(panel: AnswerPanel) -> None:
    page = show(panel, 0.9, Verdict.OUT_OF_SCOPE, threshold=0.1)
    assert page.mark.verdict == "out-of-scope"
    assert page.explanation.accessibleName().startswith("This photo is unlike")


def test_the_panel_says_why_no_answer_of_a_model_of_drawn_pictures_is_confident(panel: AnswerPanel) -> None:
    drawn = replace(IDENTITY, drawn=True)
    page = show(panel, 0.99, Verdict.UNCERTAIN, identity=drawn, threshold=0.1)
    assert page.mark.verdict == "uncertain"
    assert page.explanation.accessibleName() == texts.DRAWN_EXPLAINED
    assert not page.threshold.isVisible()
    assert show(panel, 0.7, Verdict.CONFIDENT).threshold.isVisible()


def test_a_threshold_that_is_chosen_is_handed_on(panel: AnswerPanel, qtbot: QtBot) -> None:
    page = show(panel, 0.7, Verdict.CONFIDENT)
    with qtbot.waitSignal(panel.threshold_changed) as changed:
        page.threshold.number.setValue(75)
    assert changed.args == [0.75]


def test_the_class_is_explained_and_its_page_comes_with_the_facts(panel: AnswerPanel, bundle: Path) -> None:
    page = show(panel, 0.7, Verdict.CONFIDENT)
    assert page.meaning.text.accessibleName().startswith("What is this? Lasting redness")
    assert not page.meaning.link.isVisible()
    panel.show_facts(told_of_model(bundle, source="dermnet"))
    assert page.meaning.link.isVisible()
    panel.show_facts(None)
    assert not page.meaning.link.isVisible()


def test_a_class_that_means_little_is_not_explained(panel: AnswerPanel) -> None:
    assert not show(panel, 0.9, Verdict.OUT_OF_SCOPE).meaning.isVisible()
    assert show(panel, 0.9, Verdict.CONFIDENT).meaning.isVisible()


def test_the_curve_is_shown_when_it_comes_and_forgotten_with_its_model(panel: AnswerPanel, bundle: Path) -> None:
    page = show(panel, 0.7, Verdict.CONFIDENT)
    assert page.threshold.meaning.accessibleName() == texts.CURVE_LOADING
    point = ThresholdShare(confidence=0.6, photos=21, groups=20, accuracy=0.9, interval=(0.7, 0.97))
    panel.show_facts(told_of_model(bundle, source="sample", curve=ThresholdCurve(photos=42, points=(point,))))
    assert (
        page.threshold.meaning.accessibleName()
        .replace("\u00a0", " ")
        .startswith("On 42 photos that the model never saw: 50 %")
    )
    panel.show_facts(None)
    assert page.threshold.meaning.accessibleName() == texts.CURVE_LOADING


def test_a_narrow_panel_cuts_no_word_short(panel: AnswerPanel, bundle: Path) -> None:
    panel.show_facts(told_of_model(bundle, source="dermnet"))
    page = show(panel, 0.7, Verdict.UNCERTAIN, threshold=0.8)
    page.threshold.button.click()
    panel.resize(panel.fontMetrics().averageCharWidth() * 42, 640)
    QApplication.processEvents()
    control = page.threshold
    for widget in (page.meaning.link, control.button, control.number, control.reset):
        assert widget.width() >= widget.sizeHint().width()
        assert widget.mapTo(page, widget.rect().topRight()).x() < page.width()


def test_the_keyboard_goes_through_the_panel_from_top_to_bottom(panel: AnswerPanel, bundle: Path) -> None:
    panel.show_facts(told_of_model(bundle, source="dermnet"))
    page = show(panel, 0.7, Verdict.CONFIDENT, threshold=0.5)
    control = page.threshold
    control.button.click()
    page.meaning.link.setFocus()
    wanted = [page.meaning.link, control.button, control.slider, control.number, control.reset]
    reached = [page.meaning.link]
    for _ in wanted[1:]:
        panel.focusNextChild()
        reached.append(panel.focusWidget())
    assert reached == wanted


def test_a_short_message_is_not_scrolled_as_far_as_a_long_answer(panel: AnswerPanel) -> None:
    panel.resize(300, 240)
    show(panel, 0.7, Verdict.CONFIDENT)
    QApplication.processEvents()
    assert panel.verticalScrollBar().maximum() > 0
    panel.show_message("It cannot be decoded", title="This photo cannot be shown")
    QApplication.processEvents()
    assert panel.verticalScrollBar().maximum() == 0
    assert (panel.message.isVisible(), panel.answer.isVisible()) == (True, False)
