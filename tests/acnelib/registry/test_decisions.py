"""Decisions on versions: come back as they were written, and a damaged tag is one clear error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acnelib.errors import TrackingFailed
from acnelib.registry import decisions
from acnelib.registry.decisions import (
    CANDIDATES,
    DECISIONS_TAG,
    DecidedBy,
    Decision,
    DecisionRecord,
    judged_since_promotion,
)

FIRST = DecisionRecord(
    version="1",
    decision=Decision.PROMOTED,
    by=DecidedBy.GATE,
    user="account",
    decided_at="2026-01-01T00:00:00.000+00:00",
    previous=None,
    reasons=("it is better",),
    numbers={"difference": 0.1},
    test_sha256="a" * 64,
)
SECOND = replace(FIRST, decision=Decision.REJECTED, by=DecidedBy.PERSON, previous="2", numbers={}, test_sha256=None)


def test_they_come_back_as_they_were_written():
    tags = decisions.tags_of((FIRST, SECOND))
    assert decisions.read(tags[DECISIONS_TAG], where="version 1") == (FIRST, SECOND)


def test_the_latest_one_has_tags_of_its_own():
    tags = decisions.tags_of((FIRST, SECOND))
    assert (tags["acnelib.decision"], json.loads(tags["acnelib.reasons"])) == ("rejected", ["it is better"])


def test_without_a_tag_there_are_none():
    assert decisions.read(None, where="version 1") == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 1),
        ("decision", "lost"),
        ("by", None),
        ("decided_at", 2026),
        ("reasons", "it is better"),
        ("reasons", [1]),
        ("numbers", ["0.1"]),
        ("numbers", {"difference": "0.1"}),
        ("previous", 2),
    ],
)
def test_a_value_of_another_type_is_one_clear_error(name, value):
    text = json.dumps([FIRST.as_json() | {name: value}])
    with pytest.raises(
        TrackingFailed, match=rf"version 1: its tag {DECISIONS_TAG} cannot be understood .*: delete the tag"
    ):
        decisions.read(text, where="version 1")


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{}]", "not JSON", "null"])
def test_a_tag_of_another_program_is_one_clear_error(text):
    with pytest.raises(TrackingFailed, match="delete the tag"):
        decisions.read(text, where="version 1")


def rejected(version, *, at="2026-02-01", candidates=1, by=DecidedBy.GATE):
    return replace(
        FIRST, version=version, decision=Decision.REJECTED, by=by, decided_at=at, numbers={CANDIDATES: candidates}
    )


@pytest.fixture
def promoted():
    """Version 1, made production on the first of February at noon."""
    return replace(FIRST, decided_at="2026-02-01T12:00:00.000+00:00")


class TestCandidatesSinceThePromotion:
    def test_count_whatever_photos_they_were_judged_on(self, promoted):
        one, other = (replace(rejected(number, at="2026-02-02"), test_sha256=test) for number, test in ("2a", "3b"))
        assert judged_since_promotion([promoted, one, other], but="4") == 2

    def test_do_not_count_if_they_were_rejected_before(self, promoted):
        assert judged_since_promotion([rejected("2", at="2026-01-31"), promoted], but="4") == 0

    def test_are_all_candidates_of_a_run_whose_best_was_rejected(self, promoted):
        assert judged_since_promotion([promoted, rejected("2", at="2026-02-02", candidates=3)], but="4") == 3

    def test_do_not_include_the_version_that_is_judged_again(self, promoted):
        assert judged_since_promotion([promoted, rejected("4", at="2026-02-02")], but="4") == 0

    def test_are_counted_from_the_beginning_where_nothing_was_promoted(self):
        assert judged_since_promotion([rejected("1"), rejected("2")], but="3") == 2

    def test_do_not_include_what_a_person_decided(self, promoted):
        assert judged_since_promotion([promoted, rejected("2", at="2026-02-02", by=DecidedBy.PERSON)], but="4") == 0

    @pytest.mark.parametrize("by", list(DecidedBy))
    def test_are_counted_anew_after_a_promotion_by_anyone(self, promoted, by):
        later = replace(promoted, version="3", by=by, decided_at="2026-02-03T12:00:00.000+00:00")
        assert judged_since_promotion([promoted, rejected("2", at="2026-02-02"), later], but="4") == 0
