"""Calibration, held against what a perfectly calibrated model shows on as many photos."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.evaluation.calibration import CalibrationVerdict, calibration_of
from acnelib.share_estimates import wilson

ROUNDS = 400
MODELS = 120


@pytest.fixture(scope="module")
def judged(drawn):
    """Verdicts on many models that are perfectly calibrated, by metric."""
    found = [calibration_of(drawn(60, seed=seed), seed=seed, rounds=ROUNDS) for seed in range(MODELS)]
    return {name: [getattr(one, name).verdict for one in found] for name in ("ece", "nll", "brier")}


@pytest.mark.parametrize("metric", ["ece", "nll", "brier"])
def test_a_calibrated_model_lies_in_its_band_about_95_times_in_100(judged, metric):
    within = np.mean([verdict == CalibrationVerdict.WITHIN for verdict in judged[metric]])
    assert 0.89 <= within <= 0.99


def test_copies_do_not_make_a_calibrated_model_look_worse(drawn):
    found = [calibration_of(drawn(40, seed=seed, copies=4), seed=seed, rounds=ROUNDS) for seed in range(60)]
    assert np.mean([one.ece.verdict == CalibrationVerdict.WITHIN for one in found]) >= 0.88


def test_copies_make_no_band_narrower(drawn):
    once, often = calibration_of(drawn(40, seed=1)), calibration_of(drawn(40, seed=1, copies=6))
    assert often.ece.band == pytest.approx(once.ece.band)
    assert often.ece.expected == pytest.approx(once.ece.expected)


def test_an_overconfident_model_shows_more(drawn):
    found = calibration_of(drawn(300, seed=1, sharpened=4))
    assert {found.ece.verdict, found.nll.verdict, found.brier.verdict} == {CalibrationVerdict.MORE}
    assert found.ece.below == 1


def test_an_underconfident_model_shows_more_calibration_error_and_less_loss(drawn):
    found = calibration_of(drawn(300, seed=1, sharpened=0.3))
    assert (found.ece.verdict, found.nll.verdict) == (CalibrationVerdict.MORE, CalibrationVerdict.LESS)


def test_few_groups_get_no_verdict(drawn):
    assert calibration_of(drawn(9, seed=1, sharpened=9, copies=30)).ece.verdict == CalibrationVerdict.FEW


def test_the_observed_values_are_those_of_the_metrics(drawn):
    answers = drawn(90, seed=1)
    metrics, found = answers.metrics(), calibration_of(answers)
    assert found.ece.observed == pytest.approx(metrics.ece)
    assert found.nll.observed == pytest.approx(metrics.nll)
    assert found.brier.observed == pytest.approx(metrics.brier)


def test_what_is_expected_of_a_calibrated_model_is_the_mean_over_its_own_scores(scored):
    scores = [(0.7, 0.2, 0.1)] * 50
    found = calibration_of(scored(scores, ["cysts"] * 50), rounds=4000)
    entropy = -sum(score * np.log(score) for score in scores[0])
    assert found.nll.expected == pytest.approx(entropy, rel=0.02)
    assert found.brier.expected == pytest.approx(1 - sum(score**2 for score in scores[0]), rel=0.02)


def test_bins_count_their_photos_and_leave_out_empty_ones(scored):
    truth = ["cysts", "papules", "cysts"]
    found = calibration_of(scored([(0.75, 0.25, 0), (0.7, 0.3, 0), (1, 0, 0)], truth, groups=["a", "a", "b"]))
    assert [(one.low, one.n, one.groups) for one in found.bins] == [(0.7, 2, 1), (0.9, 1, 1)]
    assert found.bins[0].confidence == pytest.approx(0.725)
    assert found.bins[0].accuracy == 0.5
    assert found.bins[0].interval == pytest.approx(wilson(0.5, 1))


def test_a_model_that_is_surely_right_is_no_fault(scored):
    found = calibration_of(scored([(1, 0, 0)] * 12, ["cysts"] * 12))
    assert {found.ece.verdict, found.nll.verdict, found.brier.verdict} == {CalibrationVerdict.WITHIN}


def test_the_same_seed_gives_the_same_band(drawn):
    answers = drawn(40, seed=1)
    assert calibration_of(answers, seed=3) == calibration_of(answers, seed=3)
