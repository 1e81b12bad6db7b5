"""What several reviewers say together about a photo, and how far they agree."""

from __future__ import annotations

import pytest

from acnelib.reviews import PhotoDecision, Review, ReviewOutcome, ReviewVerdict, agreements, decide

PHOTO = "a" * 64


def review(opinion, reviewer="R1", *, photo=PHOTO, blind=True):
    verdict = ReviewVerdict(opinion) if opinion in {"none", "unsure"} else ReviewVerdict.CLASS
    label = opinion if verdict is ReviewVerdict.CLASS else None
    return Review.now(photo, verdict, label=label, reviewer=reviewer, blind=blind)


def decided(*reviews):
    decision = decide(reviews)[PHOTO]
    return decision.outcome, decision.label, decision.blind


@pytest.mark.parametrize(
    ("opinions", "decision"),
    [
        (["acne"], (ReviewOutcome.CLASS, "acne", True)),
        (["none"], (ReviewOutcome.NONE, None, True)),
        (["unsure"], (ReviewOutcome.UNSURE, None, False)),
        (["acne", "acne"], (ReviewOutcome.CLASS, "acne", True)),
        (["acne", "unsure"], (ReviewOutcome.CLASS, "acne", True)),
        (["acne", "rosacea"], (ReviewOutcome.CONFLICT, None, False)),
        (["acne", "none"], (ReviewOutcome.CONFLICT, None, False)),
        (["unsure", "unsure"], (ReviewOutcome.UNSURE, None, False)),
    ],
)
def test_reviewers_decide_together(opinions, decision):
    assert decided(*(review(opinion, f"R{number}") for number, opinion in enumerate(opinions))) == decision


def test_a_reviewers_last_opinion_counts():
    assert decided(review("rosacea"), review("acne")) == (ReviewOutcome.CLASS, "acne", True)


def test_a_reviewer_without_a_name_is_one_reviewer():
    assert decided(review("rosacea", ""), review("acne", "")) == (ReviewOutcome.CLASS, "acne", True)


def test_one_blind_reviewer_makes_an_agreed_label_the_truth():
    assert decided(review("acne", "R1", blind=False), review("acne", "R2"))[2]
    assert not decided(review("acne", "R1", blind=False), review("acne", "R2", blind=False))[2]


def test_a_blind_reviewer_who_looked_again_with_the_answer_in_sight_is_blind_no_longer():
    assert not decided(review("acne"), review("acne", blind=False))[2]


def test_who_said_what_is_kept_for_the_report():
    (decision,) = decide([review("acne", "B"), review("none", "A")]).values()
    assert decision == PhotoDecision(outcome=ReviewOutcome.CONFLICT, opinions=(("A", "none"), ("B", "acne")))


def reviewed(**opinions):
    """Return the reviews of several reviewers, one letter for each photo."""
    words = {"a": "acne", "r": "rosacea", "n": "none", "u": "unsure"}
    return [
        review(words[letter], reviewer, photo=f"{place:064x}")
        for reviewer, letters in opinions.items()
        for place, letter in enumerate(letters)
        if letter != " "
    ]


def test_agreement_beyond_chance_is_cohens_kappa():
    (agreement,) = agreements(reviewed(A="aaaaarrrrn", B="aaaarrrrrn"))
    assert (agreement.reviewers, agreement.photos, agreement.agreed) == (("A", "B"), 10, 9)
    assert agreement.kappa == pytest.approx((0.9 - 0.41) / (1 - 0.41))


def test_only_photos_that_both_reviewed_count():
    (agreement,) = agreements(reviewed(A="ar a", B="a ra"))
    assert agreement.photos == 2


def test_kappa_is_not_defined_where_both_always_say_the_same_one_thing():
    (agreement,) = agreements(reviewed(A="aaa", B="aaa"))
    assert (agreement.agreed, agreement.kappa) == (3, None)


def test_agreement_by_chance_alone_is_zero():
    (agreement,) = agreements(reviewed(A="aarr", B="arar"))
    assert agreement.kappa == 0


def test_each_two_of_three_reviewers_are_compared():
    assert [one.reviewers for one in agreements(reviewed(A="a", B="a", C="r"))] == [("A", "B"), ("A", "C"), ("B", "C")]


def test_reviews_with_the_answer_in_sight_can_be_left_out():
    some = [review("acne", "A", blind=False), review("acne", "B")]
    assert len(agreements(some)) == 1
    assert agreements(some, blind_only=True) == ()
