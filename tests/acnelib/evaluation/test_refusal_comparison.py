"""Two models are compared by their refusals of conditions that neither knows."""

from __future__ import annotations

import pytest

from acnelib.evaluation.refusal_comparison import FEWEST_CONDITIONS, compare_refusals
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos


def answers(refused, *, of_each=5):
    """Return answers about photos of conditions, of which the first ones are refused in each."""
    photos = [
        ScoredPhoto(
            sha256=f"{condition}-{place}",
            true_label=f"condition {condition}",
            group=f"condition {condition}",
            scores=(1.0,),
            in_scope=place >= number,
        )
        for condition, number in enumerate(refused)
        for place in range(of_each)
    ]
    return ScoredPhotos(labels=("acne",), confidence_threshold=0.8, photos=tuple(photos))


def test_a_model_that_refuses_more_in_every_condition_is_surely_better():
    found = compare_refusals(answers([4] * 20), answers([1] * 20))
    assert (found.photos, found.conditions) == (100, 20)
    assert (found.candidate, found.production) == (0.8, 0.2)
    assert found.better == 1.0


def test_one_that_refuses_more_in_some_conditions_and_less_in_others_is_not():
    found = compare_refusals(answers([5, 0] * 10), answers([0, 5] * 10))
    assert found.better == pytest.approx(0.5, abs=0.05)


def test_equal_refusals_count_half():
    assert compare_refusals(answers([2] * 20), answers([2] * 20)).better == 0.5


def test_few_conditions_support_no_claim():
    few = [5] * (FEWEST_CONDITIONS - 1)
    assert compare_refusals(answers(few), answers([0] * len(few))) is None
