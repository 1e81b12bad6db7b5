"""The evaluation report: one file that says how good a candidate is, shows where it fails and loads nothing."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import replace

import parsel
import pytest
from evaluation_reports import BACKGROUND, RIGHT, WRONG, content_of, suspicion
from PIL import Image
from report_pages import section, text_of

from acnelib.errors import DataUnusable
from acnelib.evaluation.report.evaluation_report import MOST_LABEL_ERRORS, MOST_PHOTOS, write_evaluation_report

SECTIONS = [
    "summary",
    "classes",
    "sources",
    "refusals",
    "confusion",
    "ranking",
    "calibration",
    "coverage",
    "slices",
    "wrongest",
    "uncertain",
    "label-errors",
    "parameters",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "evaluation_report.html"


@pytest.fixture
def pictures(tmp_path):
    """A folder in which some photos are found by their hashes, and a function that puts one there."""
    folder = tmp_path / "pictures"
    folder.mkdir()

    def add(number):
        Image.new("RGB", (320, 240), (number % 256, 90, 120)).save(folder / f"{number:064x}", "JPEG")

    add.path = folder.joinpath
    return add


@pytest.fixture
def written(path, pictures):
    """Write a report, and read it as a browser would."""

    def write(content, **options):
        write_evaluation_report(path, content, picture=pictures.path, **options)
        return parsel.Selector(text=path.read_text(encoding="utf-8"))

    return write


@pytest.fixture(scope="module")
def report(content, tmp_path_factory):
    """Its report, as a browser would read it."""
    path = tmp_path_factory.mktemp("report") / "evaluation_report.html"
    write_evaluation_report(path, content, picture=path.with_name)
    return parsel.Selector(text=path.read_text(encoding="utf-8"))


def test_the_sections_stand_in_order_and_the_contents_lead_to_them(report):
    assert report.css("main h2::attr(id)").getall() == SECTIONS
    assert report.css("nav a::attr(href)").getall() == [f"#{id_}" for id_ in SECTIONS]


def test_a_report_says_first_that_it_is_local_and_no_diagnosis(report):
    first = text_of(report.css("body > p:first-child"))
    assert first.startswith("Local report: it holds photos of people.")
    assert first.endswith("A research tool, not a diagnosis.")


def test_the_report_opens_with_its_result(written, scored):
    """Three of four answers are right; two are confident, and one of those is right."""
    scores = [RIGHT, WRONG, (0.5, 0.4, 0.1), (0.1, 0.5, 0.4)]
    answers = scored(scores, ["cysts", "cysts", "cysts", "papules"])
    macro_f1, (low, high) = answers.metrics().macro_f1, answers.metrics().macro_f1_interval
    report = written(content_of(answers))
    assert text_of(report.css("header .headline")) == (
        f"Right on 75% of 4 photos held out by series; macro-F1 {macro_f1:.2f} ({low:.2f}–{high:.2f})."
        " Confident on 50% of them, and right on 50% of those."
    )
    assert "2 of 4 photos (50 %) have a confidence of at least 0.80" in text_of(section(report, "coverage"))


def test_the_result_says_how_good_it_is_on_sources_that_it_never_saw(written, of_two_sources):
    opening = text_of(written(of_two_sources).css("header .headline"))
    accuracy = of_two_sources.unseen_source.metrics().accuracy
    assert f"On photos of sources that it never saw, it is right on {accuracy:.0%}." in opening


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"confident_from": 1.1}, "Confident on none of them."), ({"drawn": True}, "it calls no answer confident.")],
)
def test_the_result_says_that_no_answer_is_confident(written, scored, changed, said):
    test = scored([RIGHT, WRONG], ["cysts", "papules"], confidence_threshold=changed.get("confident_from", 0.8))
    report = written(content_of(test, drawn=changed.get("drawn", False)))
    assert text_of(report.css("header .headline")).endswith(said)


def test_the_summary_tells_macro_f1_with_interval_majority_and_number_of_photos(report, content):
    metrics = content.series.metrics()
    low, high = metrics.macro_f1_interval
    figures = [text_of(figure) for figure in report.css(".figures div")]
    assert figures[0] == f"macro-F1 {metrics.macro_f1:.2f} {low:.2f}–{high:.2f} always Cysts: 0.20"
    assert figures[1].startswith(f"accuracy {metrics.accuracy:.2f}")
    assert figures[3] == "photos held out by series 60 in 60 groups 3 classes"


def test_the_summary_says_in_words_what_the_interval_means(report):
    summary = text_of(section(report, "summary"))
    assert "On other photos of the same sources, macro-F1 could be anywhere from" in summary
    assert "Always answering Cysts would reach 0.20, which is below that interval." in summary


def test_a_candidate_that_is_no_better_than_the_majority_is_said_not_to_be(written, content):
    even = replace(content, majority_macro_f1=content.series.metrics().macro_f1)
    assert "the candidate is not shown to be better" in text_of(section(written(even), "summary"))


def test_licences_and_weaknesses_of_the_split_stand_in_the_summary(written, content):
    warned = replace(content, licence_warnings=("the licence forbids it",), split_warnings=("cysts: 1 group",))
    summary = section(written(warned), "summary")
    assert text_of(summary.css(".warnings")) == "Warning the licence forbids it."
    assert text_of(summary.css(".words")).startswith("cysts: 1 group.")


def test_each_way_of_holding_photos_apart_has_a_row_that_says_what_it_holds_apart(written, of_two_sources):
    summary = section(written(of_two_sources), "summary")
    rows = [text_of(row.css("th")) for row in summary.css("tbody tr")]
    held_out = ("sources", "atlas", "clinic", "series", "groups", "conditions")
    assert [row.split(" held out")[0] for row in rows] == list(held_out)
    assert rows[0].endswith("3 of 3 classes")
    words = text_of(summary.css(".words"))
    assert "believe it for photos of another origin" in words
    assert "believe it for other patients of the same sources" in words
    assert "204 20 conditions 0.12 0.08–0.17 0.65 0.58–0.71" in text_of(summary.css("tbody tr")[5])


def test_photos_are_counted_once_and_the_numbers_are_the_mean_over_sets_of_folds(written, of_two_sources):
    summary = section(written(of_two_sources), "summary")
    assert "60 60 groups" in text_of(summary.css("tbody tr")[3])
    assert "mean over 5 sets of folds" in text_of(summary)


def test_of_one_source_only_its_own_photos_were_measured(report):
    assert "Only photos of this source were measured" in text_of(section(report, "summary"))
    assert "nothing is known about photos of another" in text_of(section(report, "sources"))


def test_test_photos_come_first_and_are_what_the_report_describes(written, content, drawn):
    report = written(replace(content, test=drawn(20, seed=8)))
    assert "of 20 test photos" in text_of(report.css("header .headline"))
    assert text_of(section(report, "summary").css("tbody tr")[0]).startswith("test ")


def test_each_class_of_each_source_stands_beside_the_same_class_learnt_from_the_others(written, of_two_sources):
    tables = section(written(of_two_sources), "sources").css("table")
    assert len(tables) == 2
    assert [text_of(head) for head in tables[0].css("thead th")][2:] == [
        "recall, series held out",
        "recall, source held out",
    ]
    assert "Cysts" in text_of(tables[0].css("tbody"))


def test_refusals_are_told_by_source_and_by_skin_tone(written, of_two_sources):
    refusals = text_of(section(written(of_two_sources), "refusals"))
    assert "65 % are refused and 12 % get a confident answer" in refusals
    assert "clinic 40 0.07" in refusals  # three of forty
    assert "15.0% of the darkest are refused" in refusals
    assert "darkest third is refused more often than the lightest" in refusals
    assert BACKGROUND.warnings[0] in refusals


def test_without_background_photos_other_conditions_were_never_seen(report):
    assert "Other skin conditions were never seen" in text_of(section(report, "refusals"))


def test_every_class_has_a_row_with_its_intervals(report):
    rows = section(report, "classes").css("tbody tr")
    assert [text_of(row.css("th")) for row in rows] == ["Cysts", "Papules", "Rosacea"]
    assert len(re.findall(r"\d\.\d\d–\d\.\d\d", text_of(rows[0]))) == 3


def test_the_confusion_matrix_counts_answers_by_true_class(written, scored):
    report = written(content_of(scored([RIGHT, WRONG, RIGHT], ["cysts", "cysts", "papules"])))
    rows = [text_of(row) for row in section(report, "confusion").css("tbody tr")]
    assert rows == ["Cysts 1 50 % 1 50 % 0 2", "Papules 1 100 % 0 0 1", "Rosacea 0 0 0 0"]


def test_calibration_is_told_before_and_after_beside_what_a_calibrated_model_shows(report):
    calibration = section(report, "calibration")
    rows = [text_of(row) for row in calibration.css(".scroll")[0].css("tbody tr")]
    assert rows[0] == "Before calibration"
    assert "more than a calibrated model shows" in rows[1]
    assert "within what a calibrated model shows" in rows[5]


def test_the_coverage_table_goes_from_all_photos_to_half(report):
    rows = [text_of(row.css("th")) for row in section(report, "coverage").css("tbody tr")]
    assert rows == ["100 %", "90 %", "80 %", "70 %", "60 %", "50 %"]


def test_slices_of_too_few_photos_say_so(written, scored):
    test = scored([RIGHT] * 12, ["cysts"] * 12)
    slices = {"Place": {photo.sha256: "face" for photo in test.photos[:9]}}
    report = written(content_of(test, slices=slices))
    assert text_of(section(report, "slices").css("tbody tr")) == "face 9 9 groups too few photos to say"
    assert "3 photos in none of these slices" in text_of(section(report, "slices"))


def test_the_wrongest_photos_are_those_whose_true_class_got_the_lowest_score(written, scored):
    scores = [RIGHT, (0.2, 0.7, 0.1), (0.01, 0.9, 0.09)]
    cards = section(written(content_of(scored(scores, ["cysts"] * 3))), "wrongest").css(".card")
    assert [text_of(card.css("dl")) for card in cards] == [
        "true Cysts 0.01 answer Papules 0.90",
        "true Cysts 0.20 answer Papules 0.70",
    ]


def test_the_least_certain_photos_come_in_the_order_of_their_confidence(written, scored):
    scores = [RIGHT, (0.5, 0.4, 0.1), (0.4, 0.3, 0.3)]
    cards = section(written(content_of(scored(scores, ["cysts"] * 3))), "uncertain").css(".card")
    assert [card.css(".score::text").get() for card in cards] == ["0.40", "0.50", "0.90"]
    assert "uncertain" in text_of(cards[0])
    assert "confident" in text_of(cards[2])


def test_no_more_photos_are_shown_than_can_be_looked_at(written, scored):
    many = MOST_PHOTOS + 3
    label_errors = tuple(suspicion(1000 + number) for number in range(MOST_LABEL_ERRORS + 2))
    report = written(content_of(scored([WRONG] * many, ["cysts"] * many), label_errors=label_errors))
    shown = [len(section(report, id_).css(".card")) for id_ in ("wrongest", "uncertain", "label-errors")]
    assert shown == [MOST_PHOTOS, MOST_PHOTOS, MOST_LABEL_ERRORS]
    assert text_of(section(report, "wrongest").css(".more")) == "… and 3 more"
    assert text_of(section(report, "label-errors").css(".more")) == "… and 2 more, in label_suspicions.json"


def test_a_suspicion_gives_the_line_that_excludes_the_photo(report):
    card = section(report, "label-errors").css(".card")
    line = json.loads("{" + card.css(".copy::text").get() + "}")
    assert line == {f"{900:064x}": "shows papules rather than cysts"}
    assert text_of(card.css("dl")) == "label Cysts 0.05 suggested Papules 0.90"


def test_a_suspicion_names_the_files_of_the_photo(written, content):
    names = {f"{900:064x}": ["cysts/Anna B <1>.jpg", "more/copy.jpg"], f"{901:064x}": ["other.jpg"]}
    card = section(written(content, names=names), "label-errors").css(".card")
    assert [text_of(name) for name in card.css(".file")] == ["cysts/Anna B <1>.jpg", "more/copy.jpg"]


def test_suspicions_are_said_to_exclude_nothing(report):
    assert "nothing is excluded automatically" in text_of(section(report, "label-errors"))


def test_parameters_are_told_with_the_time_that_training_took(report):
    rows = [text_of(row) for row in section(report, "parameters").css("tr")]
    assert rows == ["backbone mobilenet_v1_0.25_128", "training 12.3 seconds"]


def test_a_thumbnail_is_embedded_once_however_often_it_is_shown(written, scored, pictures):
    for number in range(2):
        pictures(number)
    report = written(content_of(scored([WRONG, WRONG], ["cysts"] * 2), label_errors=(suspicion(1),)))
    names = [f"{number:064x}" for number in range(2)]
    assert Counter(report.css("image::attr(data-sha256)").getall()) == dict.fromkeys(names, 1)
    assert Counter(report.css("svg.thumbnail::attr(data-sha256)").getall()) == {names[0]: 2, names[1]: 3}


def test_a_photo_that_is_not_in_the_store_is_said_to_be_missing(written, scored):
    report = written(content_of(scored([WRONG], ["cysts"])))
    assert text_of(report.css(".missing")[0]) == "No thumbnail: not in the image store"


def test_what_comes_from_outside_is_text_and_never_markup(written, scored):
    evil = "<script>alert('$x$')</script>"
    labels = (evil, "papules", "rosacea")
    test = scored([RIGHT, WRONG] * 6, [evil, "papules"] * 6, labels=labels)
    slices = {evil: {photo.sha256: evil for photo in test.photos}}
    reported = {
        "name": evil,
        "source": evil,
        "majority_label": evil,
        "parameters": {evil: evil},
        "split_warnings": (evil,),
    }
    report = written(
        content_of(test, slices=slices, label_errors=(suspicion(5, label=evil, suggested=evil),), **reported)
    )
    assert not report.css("script")
    assert evil in text_of(section(report, "parameters"))
    assert "alert" in text_of(report.css("svg.plot")[0])


def test_a_report_loads_nothing(written, content, path):
    report = written(content)
    assert not report.css("script, link, iframe, object")
    assert "default-src 'none'" in report.css("meta[http-equiv=Content-Security-Policy]::attr(content)").get()
    assert set(re.findall(r"url\((.)", path.read_text())) == {"#"}
    addresses = report.xpath("//main//@href | //main//@src").getall()
    assert all(address.startswith("#") for address in addresses)


def test_no_two_elements_share_an_id_and_what_refers_to_one_finds_it(written, content, path):
    report = written(content)
    ids = report.xpath("//@id").getall()
    assert len(ids) == len(set(ids))
    referred = report.css("use::attr(href)").getall() + re.findall(r"url\((#[^)]*)\)", path.read_text())
    assert {reference.removeprefix("#") for reference in referred} <= set(ids)


def test_only_the_owner_may_read_a_report(written, content, path):
    written(content)
    assert path.stat().st_mode & 0o777 == 0o600


def test_equal_content_gives_equal_bytes(written, content, path, pictures):
    pictures(3)
    written(content)
    before = path.read_bytes()
    written(replace(content))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("scores", "truth"),
    [
        ([RIGHT], ["cysts"]),
        ([RIGHT, RIGHT], ["cysts", "cysts"]),
        ([RIGHT, WRONG], ["cysts", "papules"]),
        ([WRONG, WRONG], ["cysts", "rosacea"]),
        ([(1, 0, 0), (0, 1, 0)], ["cysts", "cysts"]),
    ],
)
def test_a_tiny_test_set_says_too_few_and_shows_no_nonsense(written, scored, scores, truth):
    test = scored(scores, truth)
    report = written(content_of(test, uncalibrated=test, slices={"Place": {test.photos[0].sha256: "face"}}))
    reported = text_of(report.css("main"))
    assert "too few to say how good the candidate is" in reported
    assert "too few photos to say" in reported
    assert not re.search(r"\b(nan|inf|None)\b", reported)


def test_a_class_that_is_not_tested_is_named_and_left_out_of_the_curves(written, scored):
    report = written(content_of(scored([RIGHT, WRONG], ["cysts", "papules"])))
    assert "Not drawn, and not in the means: Rosacea (no photo shows it)." in text_of(section(report, "ranking"))
    assert "no such photo" in text_of(section(report, "classes").css("tbody tr")[2])


def test_without_photos_there_is_no_report(scored, path, pictures):
    with pytest.raises(DataUnusable, match="nothing to report"):
        write_evaluation_report(path, content_of(scored([], [])), picture=pictures.path)
    assert not path.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("photos", "seconds"), [(300, 5), (5000, 30)])
def test_a_report_is_written_while_one_waits(written, drawn, photos, seconds):
    content = content_of(drawn(photos, seed=1), uncalibrated=drawn(photos, seed=1, sharpened=2))
    started = time.monotonic()
    written(content)
    assert time.monotonic() - started < seconds
