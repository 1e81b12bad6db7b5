"""Several sources and background in the data report."""

from __future__ import annotations

import json

import pytest
from data_reports import content_of, name, paired, split_photo
from report_pages import section, text_of

from acnelib.dataset.curation import Reason
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.report.by_source import MOST_CONDITIONS, MOST_SIDE_BY_SIDE

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def two_sources():
    """Cysts of two atlases, one photo in both, and papules of one."""
    placed = {
        name(1): split_photo(group="1"),
        name(2): split_photo(group="2"),
        name(3): split_photo(group="3"),
        name(4): split_photo(group="4", reason=Reason.BLURRED),
        name(5): split_photo("papules", group="5"),
    }
    one, other = ("atlas",), ("clinic",)
    return placed, {name(1): one, name(2): other, name(3): one + other, name(4): one, name(5): other}


@pytest.fixture
def with_background():
    """Two class photos, and three of other conditions, one of which is a copy of a class photo."""
    placed = {
        name(1): split_photo(group="1"),
        name(2): split_photo("papules", group="2"),
        name(3): split_photo("eczema", group="3"),
        name(4): split_photo("eczema", "tinea", group="4"),
        name(5): split_photo("tinea", group="1", reason=Reason.COPY_OF_CLASS),
    }
    return placed, {name(3), name(4), name(5)}


def rows_of(report, id_):
    return [text_of(row) for row in section(report, id_).css("table tr")]


class TestSources:
    def test_photos_are_counted_by_class_and_source(self, written, two_sources):
        placed, sources = two_sources
        assert rows_of(written(content_of(placed, sources=sources)), "sources") == [
            "class atlas clinic all",
            "cysts 2 of 3 2 3 of 4",
            "papules 0 1 1",
            "all 2 of 3 3 4 of 5",
        ]

    def test_a_photo_of_two_sources_counts_once_in_the_total(self, written, two_sources):
        placed, sources = two_sources
        about = text_of(section(written(content_of(placed, sources=sources)), "sources"))
        assert "1 photo in more than one source" in about

    def test_a_source_that_could_not_be_read_is_a_warning(self, written):
        report = written(content_of(missing_sources={"atlas": "it does not answer"}))
        assert text_of(section(report, "sources").css(".warnings")) == "Warning atlas is missing: it does not answer."

    def test_a_photo_names_its_source_where_there_are_several(self, written, two_sources):
        placed, sources = two_sources
        pair = paired(name(1), name(2), PairKind.NEAR_EQUAL)
        report = written(content_of(placed, sources=sources, pairs=(pair,)))
        assert section(report, "pairs").css(".source::text").getall() == ["atlas", "clinic"]
        assert not written(content_of(placed, pairs=(pair,))).css(".source")


class TestDefinedAlike:
    def test_a_class_of_two_sources_shows_photos_of_each_side_by_side(self, written, two_sources):
        placed, sources = two_sources
        shown = section(written(content_of(placed, sources=sources)), "alike")
        assert [text_of(heading) for heading in shown.css("h3")] == ["cysts 2 sources"]
        columns = shown.css(".alike .of-source")
        assert columns.css("h4::text").getall() == ["atlas", "clinic"]
        assert columns.css(".hash::attr(title)").getall() == [name(1), name(2)]

    def test_photos_of_other_groups_come_before_more_of_one_group(self, written):
        placed = {name(number): split_photo(group="a" if number < 90 else str(number)) for number in range(1, 100)}
        sources = {sha256: ("atlas",) if sha256 < name(99) else ("clinic",) for sha256 in placed}
        atlas, _ = section(written(content_of(placed, sources=sources)), "alike").css(".of-source")
        titles = atlas.css(".hash::attr(title)").getall()
        assert titles == [name(1), *(name(number) for number in range(90, 90 + MOST_SIDE_BY_SIDE - 1))]

    def test_a_photo_that_only_stands_in_both_is_shown_in_both(self, written):
        report = written(content_of({name(1): split_photo()}, sources={name(1): ("atlas", "clinic")}))
        assert len(section(report, "alike").css(".card")) == 2


class TestBackground:
    def test_is_counted_apart_from_the_classes(self, written, with_background):
        placed, background = with_background
        report = written(content_of(placed, background=background))
        assert text_of(report.css("header .headline")) == (
            "2 of 2 photos are used, in 2 groups and 2 classes. None is left out. "
            "2 of 3 background photos of 2 conditions are used."
        )
        figures = [text_of(figure) for figure in section(report, "background").css(".figures div")]
        assert figures == ["photos 3", "used 2", "conditions 2", "copies of class photos 1"]
        assert not any("eczema" in row for row in rows_of(report, "overview"))

    def test_is_listed_by_source_and_condition(self, written, with_background):
        placed, background = with_background
        sources = {name(4): ("atlas",), name(5): ("atlas",)}
        assert rows_of(written(content_of(placed, background=background, sources=sources)), "background") == [
            *("source photos", "atlas 1 of 2", "clinic 1"),
            *("condition photos sources", "eczema 2 atlas, clinic", "tinea 1 of 2 atlas"),
        ]

    def test_that_copies_a_class_photo_is_left_out_with_the_way_to_use_it(self, written, with_background):
        placed, background = with_background
        left_out = section(written(content_of(placed, background=background)), "left-out")
        assert text_of(left_out.css("h2")).endswith("Left out 1")
        assert text_of(left_out.css("h3")) == "copy-of-class-photo 1"
        assert "separate the pair that links it to a photo of a class" in text_of(left_out.css(".advice"))

    def test_of_two_conditions_is_no_conflict(self, written, with_background):
        placed, background = with_background
        pairs = (paired(name(1), name(5)), paired(name(3), name(4)))
        report = written(content_of(placed, background=background, pairs=pairs))
        assert not report.css(".pair.conflicting")
        assert text_of(section(report, "two-labels").css(".empty")) == "No photo has two labels."

    def test_that_is_named_like_a_class_is_a_warning(self, written, with_background):
        placed, background = with_background
        report = written(content_of(placed | {name(6): split_photo("cysts")}, background={*background, name(6)}))
        assert "named like a class: cysts" in text_of(section(report, "background").css(".warnings"))

    def test_beyond_the_limit_conditions_are_counted(self, written):
        placed = {name(number): split_photo(f"c{number:04}") for number in range(MOST_CONDITIONS + 2)}
        shown = section(written(content_of(placed, background=set(placed))), "background")
        assert text_of(shown.css(".more")) == "… and 2 more conditions, in photos.jsonl"


def test_names_of_sources_and_conditions_are_text_and_never_markup(written):
    placed = {name(1): split_photo(), name(2): split_photo(), name(3): split_photo(EVIL)}
    sources = {name(1): (EVIL,), name(2): ("clinic",), name(3): (EVIL,)}
    report = written(content_of(placed, sources=sources, background={name(3)}, missing_sources={EVIL: EVIL}))
    assert not report.css("script")
    assert json.dumps(EVIL) in json.dumps(report.css(".of-source h4::text").getall())
