"""Another threshold: what it would have meant on photos that the model never saw, and the control for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from tiny_bundles import evaluation

from acnelib.bundle import EVALUATION, open_bundle
from acnelib.evaluation_record import ThresholdShare
from acnelib.inference import ModelIdentity
from gui.answer import texts
from gui.answer.threshold_control import ThresholdControl
from gui.state.model_facts import facts_of
from gui.state.threshold import ThresholdCurve

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SHARES = tuple(
    ThresholdShare(confidence=confidence, photos=photos, groups=groups, accuracy=accuracy, interval=interval)
    for confidence, photos, groups, accuracy, interval in (
        (0.95, 5, 4, 1.0, (0.5101, 1.0)),
        (0.624, 31, 28, 0.9032, (0.7511, 0.9649)),
        (0.3, 40, 36, 0.8, (0.6511, 0.9049)),
    )
)
CURVE = ThresholdCurve(photos=42, points=SHARES)


@pytest.fixture
def control(qtbot: QtBot) -> ThresholdControl:
    control = ThresholdControl()
    qtbot.addWidget(control)
    control.show_threshold(None, own=0.624)
    control.show_curve(CURVE)
    control.show()
    qtbot.mouseClick(control.button, Qt.MouseButton.LeftButton)
    return control


def reported(control: ThresholdControl) -> str:
    return control.meaning.accessibleName().replace("\u00a0", " ")


@pytest.mark.parametrize(("threshold", "photos"), [(0.0, 40), (0.3, 40), (0.31, 31), (0.624, 31), (0.63, 5)])
def test_a_threshold_covers_the_photos_that_reach_it(threshold: float, photos: int) -> None:
    chosen = CURVE.at(threshold)
    assert chosen.confident.photos == photos
    assert chosen.coverage == photos / 42


def test_above_every_confidence_nothing_is_covered() -> None:
    assert (CURVE.at(0.96).confident, CURVE.at(0.96).coverage) == (None, 0.0)


def test_few_groups_of_photos_say_little() -> None:
    assert [CURVE.at(threshold).is_small for threshold in (0.3, 0.9, 0.99)] == [False, True, True]


def test_the_meaning_is_reported_with_its_interval(control: ThresholdControl) -> None:
    assert control.meaning.accessibleName() == texts.threshold_effect(CURVE.at(0.62))
    for figure in ("42 photos that the model never saw", "74 %", "90 %", "75–96 %"):
        assert figure in reported(control)


def test_too_few_photos_are_reported(control: ThresholdControl) -> None:
    control.number.setValue(90)
    for figure in ("12 %", "100 %", "51–100 %", "only 4 independent photos"):
        assert figure in reported(control)


def test_a_threshold_that_nothing_reaches_is_reported(control: ThresholdControl) -> None:
    control.number.setValue(99)
    assert "no answer would be called confident" in reported(control)


def test_slider_and_number_say_the_same(control: ThresholdControl, qtbot: QtBot) -> None:
    assert (control.slider.value(), control.number.value()) == (62, 62)
    with qtbot.waitSignal(control.changed) as changed:
        control.slider.setFocus()
        qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert changed.args == [0.63]
    assert control.number.value() == 63
    assert control.button.text() == texts.threshold_button(0.63)


def test_the_models_own_threshold_comes_back(control: ThresholdControl, qtbot: QtBot) -> None:
    assert not control.reset.isEnabled()
    control.number.setValue(80)
    with qtbot.waitSignal(control.changed) as changed:
        qtbot.mouseClick(control.reset, Qt.MouseButton.LeftButton)
    assert changed.args == [None]
    assert (control.slider.value(), control.number.value()) == (62, 62)
    assert control.button.text() == texts.THRESHOLD


def test_showing_a_threshold_is_no_change(control: ThresholdControl, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(control.changed):
        control.show_threshold(0.8, own=0.5)
    assert control.number.value() == 80


def test_it_is_closed_until_it_is_wanted(control: ThresholdControl, qtbot: QtBot) -> None:
    assert control.slider.isVisible()
    qtbot.keyClick(control.button, Qt.Key.Key_Space)
    assert not control.slider.isVisible()
    assert control.button.accessibleDescription() == texts.COLLAPSED


def test_a_curve_that_is_loading_differs_from_one_that_is_missing(control: ThresholdControl) -> None:
    control.show_curve(None, known=False)
    assert reported(control) == texts.CURVE_LOADING
    control.show_curve(None)
    assert reported(control) == texts.NO_CURVE
    control.show_curve(ThresholdCurve(photos=4, points=()))
    assert reported(control) == texts.NONE_IN_SCOPE


@pytest.mark.parametrize("content", [None, "{", "[]", '{"test": []}', '{"test": {"n": 4, "selective": 1}}'])
def test_a_bundle_without_a_readable_evaluation_has_no_curve(bundle: Path, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / EVALUATION).write_text(content)
    assert curve_in(bundle, tmp_path) is None


def test_the_curve_is_read_from_the_bundle(bundle: Path, tmp_path: Path) -> None:
    evaluation(photos=42, thresholds=SHARES).write(tmp_path / EVALUATION)
    assert curve_in(bundle, tmp_path) == CURVE


def curve_in(bundle: Path, folder: Path) -> ThresholdCurve | None:
    opened = replace(open_bundle(bundle), path=folder)
    return facts_of(opened, identity=ModelIdentity(name="tiny", version=None, sha256="")).curve
