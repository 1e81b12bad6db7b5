"""The gate: production changes only for a model that is better on the same test photos."""

from __future__ import annotations

import pytest

from acnelib.evaluation.gate import Comparison, judge_against_production, judge_first, judge_other_classes


def compared(candidate, production, *, n=20, left_out=0):
    comparison = Comparison(n=n, left_out=left_out, candidate=candidate, production=production, version="3")
    return judge_against_production(comparison)


@pytest.mark.parametrize(
    ("candidate", "promote", "said"), [(0.5, True, "beats"), (0.2, False, "does not beat"), (0.1, False, "does not")]
)
def test_the_first_model_must_beat_the_majority_class(candidate, promote, said):
    judgement = judge_first(candidate=candidate, majority=0.2, n=20, why_first="there is no production version yet")
    assert judgement.promote == promote
    assert judgement.reasons[0] == "there is no production version yet"
    assert f"macro-F1 {candidate:.3f} on 20 test photos {said}" in judgement.reasons[1]
    assert "the majority class (0.200)" in judgement.reasons[1]


def test_a_model_that_beats_production_is_promoted():
    judgement = compared(0.61, 0.6)
    assert judgement.promote
    assert judgement.reasons == ("macro-F1 0.610 beats 0.600 of production (version 3) on the same 20 test photos",)


@pytest.mark.parametrize("candidate", [0.6, 0.599, 0.0])
def test_a_tie_or_a_worse_model_leaves_production(candidate):
    judgement = compared(candidate, 0.6)
    assert not judgement.promote
    assert f"macro-F1 {candidate:.3f} does not beat 0.600 of production (version 3)" in judgement.reasons[0]


def test_photos_that_production_was_trained_on_are_left_out_and_counted():
    assert compared(0.7, 0.6, n=16, left_out=4).reasons == (
        "macro-F1 0.700 beats 0.600 of production (version 3) on the same 16 test photos",
        "4 test photos were left out: production was trained on them",
    )


def test_without_any_photo_to_compare_on_production_stays():
    judgement = compared(0.0, 0.0, n=0, left_out=20)
    assert not judgement.promote
    assert judgement.reasons == (
        "no test photo is left to compare on, so production stays",
        "20 test photos were left out: production was trained on them",
    )


def test_models_of_other_classes_are_not_compared():
    judgement = judge_other_classes(candidate=["cysts", "scars"], production=["cysts", "rosacea"], version="3")
    assert not judgement.promote
    assert "production (version 3) knows other classes" in judgement.reasons[0]
    assert "(new: scars; gone: rosacea)" in judgement.reasons[0]


def test_classes_that_are_only_gone_are_named_too():
    judgement = judge_other_classes(candidate=["cysts"], production=["cysts", "rosacea"], version="3")
    assert "(new: none; gone: rosacea)" in judgement.reasons[0]
