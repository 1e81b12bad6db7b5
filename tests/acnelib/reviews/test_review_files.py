"""Review files: lines that only grow, whatever ends a program, and that say what is wrong with them."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from acnelib.errors import DataUnusable
from acnelib.reviews import Review, ReviewedAnswer, ReviewFile, ReviewVerdict, read_reviews

ONE, OTHER = "a" * 64, "b" * 64
ANSWER = ReviewedAnswer(sha256="c" * 64, label="acne", confidence=0.75)
ROSACEA = Review(
    sha256=ONE,
    verdict=ReviewVerdict.CLASS,
    label="rosacea",
    reviewer="R1",
    time="2026-11-30T10:00:00+00:00",
    blind=True,
    model=ANSWER,
)
UNSURE = replace(ROSACEA, verdict=ReviewVerdict.UNSURE, label=None)


@pytest.fixture
def reviews(tmp_path):
    return ReviewFile(tmp_path / "folder" / "reviews.jsonl")


def test_a_line_has_the_documented_fields(reviews):
    reviews.append(ROSACEA)
    assert json.loads(reviews.path.read_text(encoding="utf-8")) == {
        "sha256": ONE,
        "verdict": "class",
        "label": "rosacea",
        "reviewer": "R1",
        "time": "2026-11-30T10:00:00+00:00",
        "blind": True,
        "model": {"sha256": "c" * 64, "label": "acne", "confidence": 0.75},
    }


def test_there_is_no_file_before_the_first_review_and_then_it_is_its_owners_alone(reviews):
    assert not reviews.path.parent.exists()
    reviews.append(ROSACEA)
    assert stat.S_IMODE(reviews.path.stat().st_mode) == 0o600


def test_reviews_are_read_in_the_order_of_their_lines(reviews):
    for review in (ROSACEA, UNSURE):
        reviews.append(review)
    assert reviews.read() == (ROSACEA, UNSURE)


def test_a_review_keeps_letters_of_every_script(reviews):
    review = replace(ROSACEA, label="酒さ", reviewer="Дерматолог")
    reviews.append(review)
    assert reviews.read() == (review,)


def test_reviews_of_two_programs_at_once_are_all_there(reviews):
    some = [replace(ROSACEA, sha256=f"{number:064x}") for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda review: ReviewFile(reviews.path).append(review), some))
    assert sorted(review.sha256 for review in reviews.read()) == [review.sha256 for review in some]


def test_a_line_that_was_being_written_is_left_out_and_the_next_review_begins_a_line(reviews):
    reviews.append(ROSACEA)
    with reviews.path.open("a", encoding="utf-8") as stream:
        stream.write(UNSURE.as_line()[:40])
    assert reviews.read() == (ROSACEA,)
    reviews.append(UNSURE)
    with pytest.raises(DataUnusable, match="line 2 is no review"):
        reviews.read()


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ("[]", "no object"),
        ("{", "no JSON"),
        ("[" * 5000, "nested deeper|no JSON"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"sha256": None}, "sha256"),
        ({"verdict": "perhaps"}, "class, none, unsure"),
        ({"verdict": ["class"]}, "verdict"),
        ({"label": None}, "label"),
        ({"label": 3}, "label"),
        ({"verdict": "none"}, "label must be null"),
        ({"reviewer": "x" * 61}, "reviewer"),
        ({"reviewer": "a\nb"}, "reviewer"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2026-11-30T10:00:00"}, "time zone"),
        ({"time": 3}, "time"),
        ({"blind": 1}, "blind"),
        ({"model": {}}, "model"),
        ({"model": {"sha256": "c" * 64, "label": "acne", "confidence": 2}}, "confidence"),
        ({"model": {"sha256": "c" * 64, "label": "acne", "confidence": "high"}}, "confidence"),
    ],
)
def test_a_line_that_is_no_review_is_named_with_the_reason(reviews, values, named):
    line = values if isinstance(values, str) else json.dumps(json.loads(ROSACEA.as_line()) | values)
    reviews.append(UNSURE)
    with reviews.path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(DataUnusable, match=rf"reviews\.jsonl, line 2 is no review \(.*({named})"):
        reviews.read()


def test_fields_that_a_later_version_adds_are_ignored(reviews):
    reviews.append(ROSACEA)
    reviews.path.write_text(json.dumps(json.loads(ROSACEA.as_line()) | {"seconds": 3}) + "\n", encoding="utf-8")
    assert reviews.read() == (ROSACEA,)


def test_a_missing_file_is_named(reviews):
    with pytest.raises(DataUnusable, match=r"reviews\.jsonl cannot be read"):
        reviews.read()


class TestTakingBack:
    def test_the_last_review_is_gone_as_if_it_had_not_been_made(self, reviews):
        for review in (UNSURE, ROSACEA):
            reviews.append(review)
        reviews.take_back(ROSACEA, before=UNSURE)
        assert reviews.read() == (UNSURE,)

    def test_an_earlier_opinion_is_repeated_where_the_file_has_grown(self, reviews):
        later = replace(ROSACEA, sha256=OTHER)
        for review in (UNSURE, ROSACEA, later):
            reviews.append(review)
        reviews.take_back(ROSACEA, before=UNSURE)
        assert reviews.read() == (UNSURE, ROSACEA, later, UNSURE)

    def test_a_first_review_of_a_file_that_has_grown_stays(self, reviews):
        for review in (ROSACEA, replace(ROSACEA, sha256=OTHER)):
            reviews.append(review)
        with pytest.raises(DataUnusable, match="review the photo again"):
            reviews.take_back(ROSACEA, before=None)


class TestSeveralFiles:
    def test_a_reviewers_last_line_of_a_file_counts_whatever_the_clock_said(self, reviews):
        earlier = replace(UNSURE, time="2026-11-29T10:00:00+00:00")
        for review in (ROSACEA, earlier):
            reviews.append(review)
        assert read_reviews([reviews.path]) == (earlier,)

    def test_the_order_of_files_does_not_matter(self, tmp_path):
        files = [ReviewFile(tmp_path / name) for name in ("b.jsonl", "a.jsonl")]
        later = replace(UNSURE, time="2026-11-30T11:00:00+02:00")  # an hour before, by another clock
        files[0].append(ROSACEA)
        files[1].append(later)
        paths = [one.path for one in files]
        assert read_reviews(paths) == read_reviews(paths[::-1]) == (later, ROSACEA)
