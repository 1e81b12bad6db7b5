"""How an answer is meant: one rule for the classifier, the app and the reports."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.verdicts import Verdict, is_confident, verdict_of


@pytest.mark.parametrize(
    ("confidence", "in_scope", "fit", "verdict"),
    [
        (0.8, True, True, Verdict.CONFIDENT),
        (0.79, True, True, Verdict.UNCERTAIN),
        (1.0, True, False, Verdict.UNCERTAIN),
        (1.0, False, True, Verdict.OUT_OF_SCOPE),
        (0.1, False, False, Verdict.OUT_OF_SCOPE),
    ],
)
def test_only_a_sure_answer_about_a_fit_photo_in_scope_is_confident(confidence, in_scope, fit, verdict):
    assert verdict_of(confidence, threshold=0.8, in_scope=in_scope, fit=fit) is verdict


def test_no_threshold_makes_an_unfit_photo_confident():
    assert verdict_of(0.5, threshold=0.0, in_scope=True, fit=False) is Verdict.UNCERTAIN


def test_many_answers_follow_the_same_rule():
    reached, in_scope = np.array([True, True, False]), np.array([True, False, True])
    assert is_confident(reached, in_scope=in_scope).tolist() == [True, False, False]


def test_at_the_threshold_1_nothing_is_confident():
    assert verdict_of(1.0, threshold=1.0, in_scope=True, fit=True) is Verdict.UNCERTAIN
