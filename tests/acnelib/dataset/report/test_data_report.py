"""The data report's sections: every decision with its photos."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from data_reports import content_of, name, paired, split_photo
from report_pages import section, text_of

from acnelib.dataset.changes import Change, Changes
from acnelib.dataset.curation import Reason
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.report.sections import MOST_GROUPS
from acnelib.dataset.shortcuts import Shortcut
from acnelib.dataset.splitting import Subset
from acnelib.storage.manifest import ImageRecord

SECTIONS = [
    *("overview", "sources", "alike", "changes", "pairs", "two-labels", "left-out", "background"),
    *("groups", "shortcuts", "licences", "overrule"),
]


def test_the_sections_stand_in_order_and_the_contents_lead_to_them(written):
    report = written(content_of())
    assert report.css("main h2::attr(id)").getall() == SECTIONS
    assert report.css("nav a::attr(href)").getall() == [f"#{id_}" for id_ in SECTIONS]


def test_the_contents_count_what_each_section_holds(written):
    report = written(content_of({name(1): split_photo("cysts", "papules", reason=Reason.TWO_LABELS)}))
    assert [text_of(entry) for entry in report.css("nav a")][5:7] == ["Two labels 1", "Left out 1"]


def test_a_report_says_first_that_it_is_local_and_no_diagnosis(written):
    first = text_of(written(content_of()).css("body > p:first-child"))
    assert first.startswith("Local report: it holds photos of people. It does not leave this machine by itself.")
    assert first.endswith("A research tool, not a diagnosis.")


def test_the_report_opens_with_its_result(written):
    placed = {
        name(1): split_photo(group="one"),
        name(2): split_photo(group="one"),
        name(3): split_photo("papules", group="two", subset=Subset.TEST),
        name(4): split_photo("rosacea", group="three", reason=Reason.BLURRED),
        name(5): split_photo("papules", group="four", reason=Reason.BLURRED),
        name(6): split_photo("papules", group="five", reason=Reason.TOO_DARK),
    }
    assert text_of(written(content_of(placed)).css("header .headline")) == (
        "3 of 6 photos are used, in 2 groups and 2 classes. 3 are left out: 2 blurred, 1 too dark."
    )


def test_the_result_says_when_no_photo_is_left_out(written):
    headline = text_of(written(content_of()).css("header .headline"))
    assert headline == "2 of 2 photos are used, in 2 groups and 2 classes. None is left out."


def test_the_overview_has_no_column_for_a_test_part_that_is_not_there(written):
    head = written(content_of()).css("#overview ~ .scroll thead th .badge::text").getall()
    assert head == ["train", "excluded"]


def test_the_overview_counts_photos_and_groups_of_each_class_and_subset(written):
    report = written(
        content_of(
            {
                name(1): split_photo(group="one"),
                name(2): split_photo(group="one"),
                name(3): split_photo(group="two", subset=Subset.TEST),
                name(4): split_photo("papules", group="three", reason=Reason.BLURRED),
            }
        )
    )
    figures = [text_of(figure) for figure in report.css(".figures div")]
    assert figures == ["photos 4", "used 3", "left out 1", "groups 2", "largest group 2 photos"]
    rows = [text_of(row) for row in report.css("#overview ~ .scroll tbody tr")]
    assert rows[0].startswith("cysts 2 1 group 1 1 group 0")
    assert "look-hash ≤ 12 bits" in text_of(section(report, "overview"))


def test_the_overview_tells_the_licences_of_each_class(written):
    record = ImageRecord(sha256=name(1), label="cysts", path="cysts/1.jpg", licence="CC BY 4.0")
    report = written(content_of(records=[record]))
    rows = [text_of(row) for row in report.css("#overview ~ .scroll tbody tr")]
    assert [row.rpartition("0 ")[2] for row in rows] == ["CC BY 4.0: 1", "not stated: 1"]


def test_what_is_weak_about_the_split_and_what_gives_classes_away_opens_the_report(written):
    size = Shortcut(
        name="size", seen="size", balanced_accuracy=0.9, chance=0.3, warns=True, text="size tells the class"
    )
    border = replace(size, name="border", warns=False, text="border alone")
    overview = section(
        written(content_of(findings=(size, border), split_warnings=("cysts: 1 test group",))), "overview"
    )
    assert text_of(overview.css(".warnings")) == "Warning size tells the class."
    assert text_of(overview.css(".words")) == "cysts: 1 test group."


def test_a_first_version_is_called_so(written):
    assert "This is the first version" in text_of(section(written(content_of()), "changes"))


def test_a_change_is_told_with_what_was_before_and_what_is_after(written):
    moved = Change(sha256=name(1), before="test", after="excluded: blurred")
    changes = Changes(since=name(9), came=(name(2),), went=(name(3),), moved=(moved,))
    reported = section(written(content_of(changes=changes)), "changes")
    assert [text_of(heading) for heading in reported.css("h3")] == ["Added 1", "Removed 1", "Changed subset 1"]
    assert text_of(reported.css(".change")) == "test → excluded: blurred"


def test_a_pair_stands_side_by_side_with_its_evidence_and_the_line_that_parts_it(written, stored):
    placed = {sha256: split_photo(subset=Subset.TEST) for sha256 in stored}
    pair = section(written(content_of(placed, pairs=(paired(*stored),))), "pairs").css(".pair")
    assert pair.css(".side-by-side svg::attr(data-sha256)").getall() == stored
    assert pair.css(".side-by-side .badge::text").getall() == ["test", "test"]
    assert text_of(pair.css(".about > p:first-child")) == "40 points lie alike"
    assert json.loads(pair.css(".copy::text").get()) == stored


def test_pairs_are_ordered_by_kind_and_then_by_hash(written):
    placed = {name(number): split_photo(group=str(number)) for number in range(1, 5)}
    scene, equal = (name(1), name(2), PairKind.SAME_SCENE), (name(3), name(4), PairKind.EQUAL)
    pairs = section(
        written(content_of(placed, pairs=(paired(*scene), paired(*equal), paired(name(1), name(3))))), "pairs"
    )
    assert [text_of(heading) for heading in pairs.css("h3")] == ["equal 1", "near-equal 1", "same-scene 1"]


def test_a_pair_under_different_labels_is_marked(written):
    placed = {name(1): split_photo("cysts"), name(2): split_photo("papules"), name(3): split_photo("cysts")}
    pairs = section(written(content_of(placed, pairs=(paired(name(1), name(2)), paired(name(1), name(3))))), "pairs")
    assert len(pairs.css(".pair")) == 2
    assert text_of(pairs.css(".pair.conflicting .conflict")) == "different labels"
    assert "1 pair under different labels" in text_of(pairs)


def test_a_pair_that_somebody_tied_is_parted_where_it_was_tied(written):
    pair = paired(name(1), name(2), PairKind.OVERRULED, "said by overrule.json")
    about = section(written(content_of(pairs=(pair,))), "pairs").css(".about")
    assert "remove them from “same”" in text_of(about)
    assert not about.css(".copy")


def test_a_photo_under_two_labels_is_shown_with_the_places_where_it_stands(written):
    records = [ImageRecord(sha256=name(1), label=label, path=f"{label}/a.jpg") for label in ("cysts", "papules")]
    placed = {name(1): split_photo("cysts", "papules", reason=Reason.TWO_LABELS), name(2): split_photo()}
    shown = section(written(content_of(placed, records=records)), "two-labels")
    assert [text_of(place) for place in shown.css(".places li")] == ["cysts cysts/a.jpg", "papules papules/a.jpg"]


def test_a_photo_left_out_is_shown_with_why_where_and_the_line_that_keeps_it(written):
    record = ImageRecord(sha256=name(1), label="cysts", path="cysts/dim.jpg")
    content = content_of(
        {name(1): split_photo(reason=Reason.TOO_DARK)}, details={name(1): "mean luma 3, below 16"}, records=[record]
    )
    shown = section(written(content), "left-out")
    assert text_of(shown.css("h3")) == "too-dark 1"
    assert text_of(shown.css(".detail")) == "mean luma 3, below 16"
    assert text_of(shown.css(".places")) == "cysts/dim.jpg"
    assert json.loads(shown.css(".copy::text").get()) == name(1)


@pytest.mark.parametrize(
    ("labels", "reason", "said"),
    [
        (["cysts"], Reason.TRUNCATED, "cannot be kept"),
        (["cysts"], Reason.OVERRULED, "remove it from “exclude”"),
        (["cysts"], Reason.JOINED_TO_TEST, "separate the pair that links it"),
        (["cysts", "papules"], Reason.TWO_LABELS, "only one label"),
    ],
)
def test_where_no_line_keeps_a_photo_the_report_says_what_does(written, labels, reason, said):
    report = written(content_of({name(1): split_photo(*labels, reason=reason)}))
    assert said in text_of(report.css(".advice"))
    assert not report.css(".copy")


def test_groups_of_more_than_two_photos_are_shown_the_largest_first(written):
    sizes = {"small": 2, "middle": 3, "large": 4}
    names = [group for group, size in sizes.items() for _ in range(size)]
    placed = {name(number): split_photo(group=group) for number, group in enumerate(names)}
    groups = section(written(content_of(placed)), "groups")
    assert [text_of(heading) for heading in groups.css("h3")] == ["4 photos large", "3 photos middle"]
    assert [len(row.css(".card")) for row in groups.css(".row")] == [4, 3]


def test_only_the_largest_groups_are_shown(written):
    placed = {name(number): split_photo(group=f"{number // 3:02}") for number in range(3 * (MOST_GROUPS + 1))}
    groups = section(written(content_of(placed)), "groups")
    assert len(groups.css(".row")) == MOST_GROUPS
    assert f"the largest {MOST_GROUPS} of {MOST_GROUPS + 1}" in text_of(groups)


def test_every_finding_is_told_beside_chance(written):
    quiet = Shortcut(name="border", seen="borders", balanced_accuracy=0.31, chance=0.25, warns=False, text="borders")
    loud = replace(quiet, name="size", balanced_accuracy=0.875, warns=True)
    rows = section(written(content_of(findings=(quiet, loud))), "shortcuts").css("tbody tr")
    assert [text_of(row) for row in rows] == [
        "border borders 0.31 0.25 no warning",
        "size borders 0.88 0.25 warning: much better than chance",
    ]


def test_each_licence_is_told_with_what_it_allows(written):
    licences = section(written(content_of(licences={"CC BY-NC-ND 4.0": 1200, "CC0": 3, "house rules": 1})), "licences")
    assert [text_of(row) for row in licences.css("tbody tr")] == [
        "CC BY-NC-ND 4.0 1,200 not allowed not allowed",
        "CC0 3 allowed allowed",
        "house rules 1 not known not known",
    ]
    assert "forbids commercial use" in text_of(licences.css(".warnings"))


def test_the_way_to_overrule_is_told_with_all_four_parts_and_the_place(written):
    how = section(written(content_of()), "overrule")
    assert list(json.loads(how.css("pre::text").get())) == ["keep", "exclude", "same", "different"]
    assert "WORKDIR/clinic/overrule.json" in text_of(how)


def test_what_is_empty_is_said_in_words(written):
    said = [text_of(empty) for empty in written(content_of()).css(".empty")]
    assert said == [
        "All photos of the classes come from one source, clinic.",
        "No class comes from two sources.",
        "This is the first version of this data set.",
        "No two photos are related.",
        "No photo has two labels.",
        "No photo was left out.",
        "There are no background photos: other skin conditions were never seen.",
        "No group has more than two photos.",
        "Not checked: fewer than two classes have enough groups of photos.",
        "There are no photos and therefore no licences.",
    ]
