"""Calibration: a temperature that makes confidence mean something, and the threshold for "uncertain"."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acnelib.share_estimates import expected_calibration_error
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


@pytest.mark.parametrize("number", [10, 100])
def test_answers_that_were_all_right_are_no_proof_of_certainty(number):
    true = np.arange(number) % 3
    logits = 50.0 * np.eye(3)[true]
    confidence = scores_at(logits, fit_temperature(logits, true)).max(axis=1)
    assert confidence == pytest.approx((number + 1) / (number + 2), abs=0.01)


def scored(confidence):
    """Scores of two labels; a score of 0.5 for both means the first one."""
    return np.stack([confidence, 1 - confidence], axis=1)


@given(
    answers=st.lists(st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9, 1.0]), st.booleans()), min_size=1),
    target=st.sampled_from([0.5, 0.8, 0.9]),
)
def test_answers_from_the_threshold_on_are_right_as_often_as_wanted_or_none_is_confident(answers, target):
    confidence = np.array([value for value, _ in answers])
    right = np.array([value for _, value in answers])
    threshold = fit_threshold(scored(confidence), np.where(right, 0, 1), target=target)
    assert threshold == 1.0 or right[confidence >= threshold].mean() >= target


def test_the_threshold_is_the_lowest_that_will_do():
    confidence = np.linspace(0.99, 0.6, 40)
    true = np.r_[np.zeros(30, int), np.ones(10, int)]  # of the thirty surest all are right, of the others none
    threshold = fit_threshold(scored(confidence), true, target=0.8)
    kept = confidence >= threshold
    assert threshold in confidence
    assert 30 <= kept.sum() <= 34


def test_few_right_answers_are_no_proof():
    confidence = np.array([0.95, 0.9, 0.85])
    assert fit_threshold(scored(confidence), np.array([0, 0, 0]), target=0.9) == 1.0


def test_the_more_answers_prove_it_the_lower_is_the_threshold():
    chance = np.random.default_rng(0)

    def threshold(number):
        confidence = chance.uniform(0.5, 1, number)
        return fit_threshold(scored(confidence), np.where(chance.random(number) < confidence, 0, 1), target=0.85)

    assert np.mean([threshold(2000) for _ in range(5)]) < np.mean([threshold(60) for _ in range(5)])


def test_the_accuracy_that_was_wanted_is_mostly_reached_on_other_photos():
    chance = np.random.default_rng(1)
    reached = []
    for _ in range(100):
        confidence, others = chance.uniform(0.5, 1, 200), chance.uniform(0.5, 1, 20_000)
        threshold = fit_threshold(scored(confidence), np.where(chance.random(200) < confidence, 0, 1), target=0.9)
        if threshold < 1:
            reached.append(others[others >= threshold].mean() >= 0.9)
    assert len(reached) > 50
    assert np.mean(reached) > 0.7


def test_nothing_is_confident_where_no_threshold_will_do():
    confidence = np.array([0.95, 0.9, 0.8])
    assert fit_threshold(scored(confidence), np.array([1, 1, 0]), target=0.9) == 1.0
