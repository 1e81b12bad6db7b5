"""Calibration: a temperature that makes confidence mean something, and the threshold for "uncertain"."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acnelib.metrics import expected_calibration_error
from acnelib.training.calibration import fit_temperature, fit_threshold, scores_at


@pytest.fixture
def calibrated():
    """Logits [4000, 3], and labels drawn as often as the logits say."""
    random = np.random.default_rng(0)
    logits = random.normal(scale=2, size=(4000, 3))
    drawn = random.random((4000, 1)) > scores_at(logits, 1.0).cumsum(axis=1)
    return logits, drawn.sum(axis=1)


def calibration_error(scores, true):
    return expected_calibration_error(scores.max(axis=1), scores.argmax(axis=1) == true)


@pytest.mark.parametrize("factor", [10.0, 1.0, 0.25], ids=["overconfident", "calibrated", "timid"])
def test_the_temperature_takes_exaggeration_back(calibrated, factor):
    logits, true = calibrated
    temperature = fit_temperature(logits * factor, true)
    assert temperature == pytest.approx(factor, rel=0.1)
    assert calibration_error(scores_at(logits * factor, temperature), true) < 0.03


def test_overconfident_scores_were_far_off_before(calibrated):
    logits, true = calibrated
    assert calibration_error(scores_at(logits * 10, 1.0), true) > 0.1


@given(
    answers=st.lists(st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9, 1.0]), st.booleans()), min_size=1),
    wanted=st.sampled_from([0.5, 0.8, 0.9, 1.0]),
)
def test_answers_from_the_threshold_on_are_right_as_often_as_wanted_or_only_the_surest_are_left(answers, wanted):
    confidence = np.array([value for value, _ in answers])
    right = np.array([value for _, value in answers])
    threshold = fit_threshold(np.stack([confidence, 1 - confidence], axis=1), np.where(right, 0, 1), wanted=wanted)
    # A score of 0.5 for both answers means the first one.
    reached = right[confidence >= threshold].mean() >= wanted
    assert reached or threshold == confidence.max()


def test_the_threshold_is_the_lowest_that_will_do():
    confidence = np.array([0.95, 0.9, 0.8, 0.7, 0.6])
    true = np.array([0, 0, 1, 0, 1])  # of the four surest, three are right
    threshold = fit_threshold(np.stack([confidence, 1 - confidence], axis=1), true, wanted=0.75)
    assert threshold == 0.7


def test_nearly_everything_is_uncertain_where_no_threshold_will_do():
    confidence = np.array([0.95, 0.9, 0.8])
    threshold = fit_threshold(np.stack([confidence, 1 - confidence], axis=1), np.array([1, 1, 0]), wanted=0.9)
    assert threshold == 0.95
