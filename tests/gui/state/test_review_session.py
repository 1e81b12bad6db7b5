"""A session of reviews: what is hidden, what counts as blind, what is next, and how reviewers agree."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from acnelib.inference import ModelIdentity, Prediction, Verdict
from acnelib.reviews import ReviewVerdict
from gui.state.results import Row
from gui.state.review_queue import ReviewQueue
from gui.state.review_session import PairAgreement, QueueOrder, ReviewSession, ReviewSubject, agreements_of

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
CLASS, NONE, UNSURE = ReviewVerdict.CLASS, ReviewVerdict.NONE, ReviewVerdict.UNSURE


def prediction(number: int, confidence: float = 0.7, verdict: Verdict = Verdict.CONFIDENT) -> Prediction:
    return Prediction(
        path=None,
        sha256=f"{number:064x}",
        label="acne",
        confidence=confidence,
        verdict=verdict,
        scores={"acne": 1.0},
        model=MODEL,
    )


def row(number: int, confidence: float | None = 0.7) -> Row:
    answer = None if confidence is None else prediction(number, confidence)
    return Row(number=number, path=Path(f"{number}.png"), prediction=answer)


def subject(number: int = 1, **changes: object) -> ReviewSubject:
    answer = replace(prediction(number), **changes)
    return ReviewSubject(sha256=answer.sha256, prediction=answer)


@pytest.fixture
def session() -> ReviewSession:
    session = ReviewSession()
    session.is_on, session.reviewer = True, "R1"
    return session


class Listed:
    """Photos as they are listed."""

    version = 0

    def __init__(self, rows: list[Row]) -> None:
        self.rows = tuple(rows)

    def shown_rows(self) -> tuple[Row, ...]:
        return self.rows


def queue(rows: list[Row], session: ReviewSession) -> tuple[Row, ...]:
    return ReviewQueue(Listed(rows), session).rows


def numbers(rows: tuple[Row, ...]) -> list[int]:
    return [one.number for one in rows]


class TestBlindReviews:
    @pytest.fixture(autouse=True)
    def blind(self, session):
        session.wants_blind = True

    def test_an_answer_is_hidden_until_its_photo_is_reviewed(self, session):
        assert session.hides(subject().sha256)
        session.review([subject()], NONE)
        assert not session.hides(subject().sha256)

    def test_nothing_is_hidden_while_no_photo_is_reviewed(self, session):
        session.is_on = False
        assert not session.hides(subject().sha256)

    def test_a_review_with_the_answer_hidden_is_blind_and_says_what_the_model_had_answered(self, session):
        (made,) = session.review([subject()], CLASS, label="rosacea")
        assert (made.review.blind, made.review.reviewer, made.review.label) == (True, "R1", "rosacea")
        assert vars(made.review.model) == {"sha256": "f" * 64, "label": "acne", "confidence": 0.7}

    def test_a_second_review_is_not_blind_once_the_answer_was_shown(self, session):
        session.review([subject()], NONE)
        session.note_shown(subject().sha256)
        session.undo()
        assert session.hides(subject().sha256)
        (made,) = session.review([subject()], UNSURE)
        assert made.review.blind is False

    def test_an_answer_that_was_shown_before_answers_were_hidden_is_remembered(self, session):
        session.wants_blind = False
        session.note_shown(subject().sha256)
        session.wants_blind = True
        assert [one.review.blind for one in session.review([subject(), subject(2)], NONE)] == [False, True]

    def test_what_one_reviewer_saw_another_one_has_not_seen(self, session):
        session.note_shown(subject().sha256)
        session.reviewer = "R2"
        assert session.is_blind(subject())

    def test_what_was_shown_before_a_reviewer_was_named_all_have_seen(self, session):
        session.reviewer = ""
        session.note_shown(subject().sha256)
        session.reviewer = "R2"
        assert not session.is_blind(subject())

    def test_opinions_of_others_are_hidden_too(self, session):
        session.review([subject()], NONE)
        session.reviewer = "R2"
        assert session.others(subject().sha256) == ()
        session.review([subject()], UNSURE)
        assert [one.reviewer for one in session.others(subject().sha256)] == ["R1"]

    def test_a_hidden_answer_cannot_be_agreed_with(self, session):
        assert not session.can_agree(subject())


def test_a_review_with_the_answer_in_sight_is_not_blind(session):
    assert [one.review.blind for one in session.review([subject()], NONE)] == [False]


def test_a_photo_without_an_answer_is_reviewed_blind(session):
    (made,) = session.review([ReviewSubject(sha256="a" * 64)], NONE)
    assert (made.review.blind, made.review.model) == (True, None)


def test_agreeing_gives_each_photo_of_a_selection_its_own_answer(session):
    made = session.agree([subject(), subject(2, label="rosacea")])
    assert [one.review.label for one in made] == ["acne", "rosacea"]


def test_an_answer_out_of_scope_cannot_be_agreed_with(session):
    assert session.can_agree(subject())
    assert not session.can_agree(subject(verdict=Verdict.OUT_OF_SCOPE))


class TestUndo:
    def test_a_selection_is_undone_as_a_whole_the_last_one_first(self, session):
        session.review([subject(1)], UNSURE)
        made = session.review([subject(1), subject(2)], NONE)
        assert session.undo() == made[::-1]
        assert session.own(subject(1).sha256).verdict is UNSURE
        assert session.own(subject(2).sha256) is None

    def test_nothing_is_undone_where_nothing_was_reviewed(self, session):
        assert (session.can_undo, session.undo()) == (False, ())

    def test_a_review_that_could_not_be_written_is_no_review_and_cannot_be_undone(self, session):
        (made,) = session.review([subject()], NONE)
        session.unwritten(made)
        assert (session.own(subject().sha256), session.can_undo) == (None, False)

    def test_a_review_whose_line_could_not_be_taken_back_counts_again(self, session):
        session.review([subject()], NONE)
        session.not_undone(session.undo()[0])
        assert session.own(subject().sha256).verdict is NONE


class TestQueue:
    def test_the_least_certain_answers_come_first_and_pending_photos_last(self, session):
        session.order = QueueOrder.LEAST_CERTAIN
        rows = [row(1, 0.9), row(2, None), row(3, 0.4), row(4, 0.6)]
        assert numbers(queue(rows, session)) == [3, 4, 1, 2]

    def test_the_random_order_depends_on_the_photos_alone(self, session):
        session.order = QueueOrder.RANDOM
        rows = [row(number) for number in range(1, 30)]
        mixed = queue(rows, session)
        assert mixed == queue(rows[::-1], session) != tuple(rows)
        assert sorted(numbers(mixed)) == numbers(rows)

    def test_photos_that_cannot_be_read_are_left_out(self, session):
        bad = row(1).answered(replace(prediction(1), error="it is empty"), stage=None, at="2026-01-01T00:00:00+00:00")
        assert queue([bad, row(2)], session) == (row(2),)

    def test_disagreements_are_with_the_answer_or_between_reviewers(self, session):
        session.order = QueueOrder.DISAGREEMENTS
        session.review([subject(1)], CLASS, label="rosacea")
        session.agree([subject(2), subject(3)])
        session.review([subject(4)], UNSURE)
        session.reviewer = "R2"
        session.review([subject(3)], NONE)
        assert numbers(queue([row(number) for number in range(1, 6)], session)) == [1, 3]

    def test_the_next_photo_is_the_next_one_without_a_review_from_the_start_again_at_the_end(self, session):
        rows = [row(1), row(2), row(3)]
        waiting = ReviewQueue(Listed(rows), session)
        session.review([subject(2)], NONE)
        assert waiting.next_after(1) == rows[2]
        assert waiting.next_after(3) == rows[0]
        waiting.update({made.review.sha256 for made in session.review([subject(1), subject(3)], NONE)})
        assert waiting.next_after(3) is None

    def test_progress_counts_the_reviewers_own_reviews(self, session):
        waiting = ReviewQueue(Listed([row(1), row(2)]), session)
        session.review([subject(2)], NONE)
        assert vars(waiting.progress) == {"reviewed": 1, "total": 2}
        session.reviewer = "R2"
        assert waiting.progress.reviewed == 0

    @pytest.mark.parametrize("order", QueueOrder)
    def test_a_queue_that_learns_of_each_review_is_like_one_that_looks_at_all_photos(self, session, order):
        session.order, chance = order, random.Random(1)
        listed = Listed([row(number, chance.random()) for number in (*range(1, 12), 3)])  # and a copy of photo 3
        kept = ReviewQueue(listed, session)
        for _ in range(60):
            assert kept.progress.total == len(kept.rows)
            if chance.random() < 0.3:
                made = session.undo()
            else:
                label = chance.choice(["acne", "rosacea"])
                made = session.review([subject(chance.randint(1, 11))], CLASS, label=label)
            kept.update({one.review.sha256 for one in made})
            fresh = ReviewQueue(listed, session)
            assert (kept.rows, kept.progress) == (fresh.rows, fresh.progress)
            assert kept.next_after(5) == fresh.next_after(5)

    def test_a_review_looks_at_its_own_photo_alone(self, session):
        listed = Listed([row(1), row(2)])
        kept = ReviewQueue(listed, session)
        assert kept.progress.reviewed == 0
        listed.rows = ()  # which no one looks at again
        kept.update({session.review([subject(2)], NONE)[0].review.sha256})
        assert vars(kept.progress) == {"reviewed": 1, "total": 2}


def compared(session: ReviewSession) -> tuple[PairAgreement, ...]:
    return agreements_of(session.reviewer, session.shared_reviews())


class TestAgreement:
    def test_two_reviewers_of_the_same_photos_are_compared(self, session):
        session.review([subject(1), subject(2)], NONE)
        session.review([subject(3)], CLASS, label="acne")
        assert compared(session) == ()
        session.reviewer = "R2"
        session.review([subject(1)], NONE)
        session.review([subject(2), subject(3)], CLASS, label="acne")
        (pair,) = compared(session)
        assert (pair.agreement.reviewers, pair.agreement.photos, pair.blind) == (("R1", "R2"), 3, False)
        assert pair.agreement.kappa == pytest.approx(0.4)

    def test_blind_reviews_alone_count_where_both_have_some(self, session):
        for reviewer in ("R1", "R2"):
            session.reviewer = reviewer
            session.wants_blind = False
            session.review([subject(1)], NONE if reviewer == "R1" else UNSURE)
            session.wants_blind = True
            session.review([subject(2)], NONE)
        (pair,) = compared(session)
        assert (pair.agreement.photos, pair.agreement.agreed, pair.blind) == (1, 1, True)


def test_the_reviews_of_a_file_take_the_place_of_all(session):
    (made,) = session.review([subject()], NONE)
    session.load({"a" * 64: {"R1": replace(made.review, sha256="a" * 64)}})
    assert (session.own(subject().sha256), session.own("a" * 64).verdict, session.can_undo) == (None, NONE, False)
