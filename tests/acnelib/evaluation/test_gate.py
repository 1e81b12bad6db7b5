"""The gate: production changes only for a model that is better on the same photos, or as good and worth it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acnelib.evaluation.gate import (
    GateRules,
    JudgedPhotos,
    LackedPhotos,
    Traits,
    judge_against_production,
    judge_first,
    judge_other_classes,
    judge_without_photos,
    judge_without_records,
)
from acnelib.evaluation.paired_comparison import PairedComparison
from acnelib.evaluation.refusal_comparison import RefusalComparison

ALIKE = Traits(train_photos=200, size=2_000_000, milliseconds=4.0)
CONTEST = PairedComparison(
    photos=42,
    groups=40,
    candidate=0.70,
    production=0.65,
    better=0.95,
    spread=0.03,
    better_calibrated=0.5,
    recalls={"cysts": (0.8, 0.7, 20), "papules": (0.6, 0.6, 22)},
)


KNOWN = JudgedPhotos(known=42, new=0)


def judged(comparison=CONTEST, *, candidate=ALIKE, production=ALIKE, photos=KNOWN, **rest):
    return judge_against_production(
        comparison, version="3", candidate=candidate, production=production, photos=photos, **rest
    )


@pytest.mark.parametrize(
    ("candidate", "promote", "said"), [(0.5, True, "beats"), (0.2, False, "does not beat"), (0.1, False, "does not")]
)
def test_the_first_model_must_beat_the_majority_class(candidate, promote, said):
    judgement = judge_first(candidate=candidate, majority=0.2, n=20, why_first="there is no production version yet")
    assert judgement.promote == promote
    assert judgement.reasons[0] == "there is no production version yet"
    assert f"macro-F1 {candidate:.3f} on 20 photos held out {said}" in judgement.reasons[1]
    assert "the majority class (0.200)" in judgement.reasons[1]


def test_a_model_that_is_surely_better_is_promoted_with_the_numbers():
    judgement = judged()
    assert judgement.promote
    (reason,) = judgement.reasons
    assert reason.startswith("macro-F1 0.700 against 0.650 of production (version 3) on the same 42 photos (40 groups)")
    assert reason.endswith("each held out from both: better with probability 0.95, 0.90 is required")


def test_a_model_that_may_be_better_leaves_production_and_says_what_could_not_be_seen():
    judgement = judged(replace(CONTEST, better=0.85))
    assert not judgement.promote
    assert judgement.reasons[1] == "a difference of less than 0.06 cannot be detected with these photos"


EQUAL = replace(CONTEST, candidate=0.65, better=0.5, spread=0.0)
REFUSALS = RefusalComparison(photos=300, conditions=203, candidate=0.69, production=0.31, better=0.99)


def test_a_model_that_answers_alike_leaves_production_and_says_so():
    judgement = judged(EQUAL)
    assert not judgement.promote
    assert judgement.reasons[1] == "both answer these photos alike"


def test_a_model_that_is_as_good_and_refuses_more_photos_of_other_conditions_is_promoted():
    judgement = judged(EQUAL, refusals=REFUSALS)
    assert judgement.promote
    assert "it refuses 69% of 300 photos of 203 other skin conditions" in judgement.reasons[1]
    assert "production 31%" in judgement.reasons[1]
    assert judgement.numbers["candidate_refused"] == 0.69


@pytest.mark.parametrize("comparison", [replace(EQUAL, candidate=0.60), replace(EQUAL, groups=9)])
def test_refusals_are_no_advantage_of_a_model_that_is_worse_or_hardly_compared(comparison):
    assert not judged(comparison, refusals=REFUSALS).promote


def test_refusals_that_may_be_chance_are_no_advantage():
    assert not judged(EQUAL, refusals=replace(REFUSALS, better=0.89)).promote


def test_a_setting_says_how_sure_to_be():
    assert judged(replace(CONTEST, better=0.85), rules=GateRules(confidence=0.8)).promote


def test_the_more_candidates_there_were_since_the_last_promotion_the_more_is_required():
    assert judged(other_candidates=0).promote
    late = judged(other_candidates=2)
    assert not late.promote
    assert "0.97 is required" in late.reasons[0]
    assert late.reasons[-1].startswith("2 other candidates since the last promotion")


@pytest.mark.parametrize(
    ("advantage", "said"),
    [
        ({"train_photos": 240}, "trained on more photos (240, production 200)"),
        ({"size": 900_000}, "smaller (900.0 kB, production 2.0 MB)"),
        ({"milliseconds": 2.0}, "faster (2.0 ms, production 4.0 ms)"),
        ({"relicensed": True}, "its card tells the licences of the photos as they are now"),
    ],
)
def test_a_model_that_is_as_good_and_has_an_advantage_is_promoted(advantage, said):
    even = replace(CONTEST, candidate=0.64, better=0.4)
    assert not judged(even).promote
    judgement = judged(even, candidate=replace(ALIKE, **advantage))
    assert judgement.promote
    assert judgement.reasons[1] == f"not worse by more than 0.02, and {said}"


def test_a_candidate_that_is_as_good_replaces_a_model_of_withdrawn_photos():
    even = replace(CONTEST, candidate=0.65, better=0.5)
    judgement = judged(even, production=replace(ALIKE, withdrawn=2))
    assert judgement.promote
    assert "free of 2 photos that production was trained on and that were withdrawn" in judgement.reasons[1]


def test_being_better_calibrated_is_such_an_advantage():
    even = replace(CONTEST, candidate=0.64, better=0.4, better_calibrated=0.97)
    assert judged(even).promote


def test_being_better_calibrated_is_asked_for_as_surely_as_being_better():
    even = replace(CONTEST, candidate=0.64, better=0.4, better_calibrated=0.94)
    assert judged(even).promote
    assert not judged(even, other_candidates=1).promote


def test_no_advantage_outweighs_being_worse_by_more_than_the_margin():
    worse = replace(CONTEST, candidate=0.62, better=0.2, better_calibrated=1.0)
    more = replace(ALIKE, train_photos=900)
    assert not judged(worse, candidate=more).promote
    assert judged(worse, candidate=more, rules=GateRules(margin=0.05)).promote


def test_a_class_may_not_lose_more_than_half_of_its_recall():
    lost = replace(CONTEST, recalls={"cysts": (0.9, 0.7, 20), "papules": (0.29, 0.6, 22)})
    judgement = judged(lost)
    assert not judgement.promote
    assert (
        "papules: recall 0.29 on 22 photos, production 0.60: a class may not lose more than half" in judgement.reasons
    )


def test_a_class_of_one_photo_blocks_nothing():
    assert judged(replace(CONTEST, recalls={"cysts": (0.9, 0.7, 20), "scars": (0.0, 1.0, 1)})).promote


def test_on_too_few_photos_production_stays_however_much_better_the_candidate_looks():
    judgement = judged(replace(CONTEST, groups=9, better=1.0))
    assert not judgement.promote
    assert "too few to judge on (10 groups are needed)" in judgement.reasons[1]
    assert "acne promote VERSION --reason" in judgement.reasons[1]


def test_photos_without_a_fair_answer_are_counted():
    judgement = judged(photos=replace(KNOWN, left_out=4))
    assert judgement.reasons[-1].startswith("4 photos were left out: production has learnt from them or from others")


@pytest.mark.parametrize(
    ("photos", "stated"),
    [
        (JudgedPhotos(known=42, new=0), "each held out from both"),
        (JudgedPhotos(known=30, new=12), "30 of them held out from both and 12 new to production"),
        (JudgedPhotos(known=0, new=42), "all of them new to production"),
        (JudgedPhotos(known=0, new=42, tested=True), "kept out for a test"),
    ],
)
def test_the_decision_states_whose_answers_were_compared(photos, stated):
    assert stated in judged(photos=photos).reasons[0]


def test_a_run_of_production_that_cannot_be_read_is_stated():
    judgement = judged(photos=JudgedPhotos(known=0, new=42, lost="the run of version 3 was deleted"))
    assert judgement.reasons[-1].endswith("never saw can be compared, because the run of version 3 was deleted")


def test_without_any_photo_to_compare_on_production_stays():
    judgement = judge_without_photos(version="3", photos=JudgedPhotos(known=0, new=0, left_out=20))
    assert not judgement.promote
    assert "production (version 3) stays" in judgement.reasons[0]
    assert judgement.reasons[1].startswith("20 photos were left out")


def test_production_stays_if_nothing_states_what_it_learnt_from():
    judgement = judge_without_records(version="3")
    assert not judgement.promote
    assert "acne promote VERSION --reason" in judgement.reasons[0]


def test_models_of_other_classes_are_not_compared():
    judgement = judge_other_classes(candidate=["cysts", "scars"], production=["cysts", "rosacea"], version="3")
    assert not judgement.promote
    assert "production (version 3) knows other classes" in judgement.reasons[0]
    assert "(new: scars; gone: rosacea)" in judgement.reasons[0]


def test_the_numbers_are_told_to_programs_too():
    numbers = judged(other_candidates=1, photos=JudgedPhotos(known=30, new=12, left_out=2)).numbers
    assert (numbers["photos"], numbers["groups"], numbers["known"], numbers["new"]) == (42, 40, 30, 12)
    assert (numbers["left_out"], numbers["other_candidates"]) == (2, 1)
    assert numbers["probability_required"] == pytest.approx(0.95)


def lacking(lacked, learnt=100, kind="photos of the classes"):
    return LackedPhotos(kind=kind, lacked=lacked, learnt=learnt)


@pytest.mark.parametrize("kind", ["photos of the classes", "background photos"])
def test_a_better_model_whose_data_lack_much_of_what_production_learnt_from_leaves_production(kind):
    judgement = judged(lacked=[lacking(0, kind="other photos"), lacking(21, kind=kind)])
    assert not judgement.promote
    assert f"its data lack 21 of the 100 {kind} that production (version 3) learnt from" in judgement.reasons[-1]
    assert "acne promote VERSION" in judgement.reasons[-1]


def test_a_model_whose_data_lack_a_few_of_productions_photos_can_be_promoted():
    judgement = judged(lacked=[lacking(20), lacking(0, learnt=0, kind="background photos")])
    assert judgement.promote
    assert judgement.numbers["lacked_photos_of_the_classes"] == 20


def test_photos_whose_labels_were_given_with_an_answer_in_sight_are_counted():
    judgement = judged(photos=replace(KNOWN, not_blind=3))
    assert "3 photos were left out: reviewers gave their labels with a model's answer in sight" in judgement.reasons
    assert judgement.numbers["not_blind"] == 3
