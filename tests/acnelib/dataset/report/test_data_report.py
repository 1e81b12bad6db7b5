"""The data report: every decision with its photos, in one file that shows nothing twice and loads nothing."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from dataclasses import replace

import parsel
import pytest
from PIL import Image

from acnelib.dataset.changes import Change, Changes
from acnelib.dataset.curation import CuratedPhoto, Reason
from acnelib.dataset.duplicates.pairs import Pair, PairKind
from acnelib.dataset.report.data_report import THUMBNAIL_SIDE, ReportContent, write_data_report
from acnelib.dataset.report.sections import MOST_GROUPS, MOST_PHOTOS, fair_shares
from acnelib.dataset.shortcuts import Shortcut
from acnelib.dataset.splitting import Split, SplitPhoto, Subset
from acnelib.storage.manifest import ImageRecord

SECTIONS = ["overview", "changes", "pairs", "two-labels", "left-out", "groups", "shortcuts", "licences", "overrule"]


def name(number):
    return f"{number:064x}"


def split_photo(label="cysts", *more, group="g", subset=Subset.TRAIN, reason=None):
    subset = Subset.EXCLUDED if reason else subset
    return SplitPhoto(labels=(label, *more), paths=(), group=group, subset=subset, reason=reason)


def content_of(placed=None, *, details=None, records=(), **more):
    """Content of some photos and, unless it is given, nothing else."""
    placed = dict(
        sorted((placed or {name(1): split_photo(group="1"), name(2): split_photo("papules", group="2")}).items())
    )
    curated = [
        CuratedPhoto(
            sha256=sha256,
            labels=one.labels,
            paths=(),
            group=one.group,
            reason=one.reason,
            detail=(details or {}).get(sha256, ""),
        )
        for sha256, one in placed.items()
    ]
    origins = {sha256: tuple(record for record in records if record.sha256 == sha256) for sha256 in placed}
    nothing = {
        "source": "clinic",
        "made_at": "2026-01-02T03:04:05+00:00",
        "pairs": (),
        "findings": (),
        "licences": {},
        "changes": Changes(),
        "split_warnings": (),
    }
    split = Split(photos=placed, grouped_by="look-hash ≤ 12 bits")
    return ReportContent(**nothing | {"split": split, "photos": tuple(curated), "origins": origins} | more)


def paired(one, other, kind=PairKind.NEAR_EQUAL, evidence="40 points lie alike"):
    return Pair(one=one, other=other, kind=kind, evidence=evidence)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data_report.html"


@pytest.fixture
def written(path, store):
    """Write a report, and read it as a browser would."""

    def write(content):
        write_data_report(path, content, picture=store.path)
        return parsel.Selector(text=path.read_text(encoding="utf-8"))

    return write


@pytest.fixture
def stored(store, photo):
    """Two copies of a drawn photo, by their hashes in order."""
    return sorted(store.add(photo(0, copy=copy)) for copy in ("equal", "mirrored"))


@pytest.fixture
def three_stored(store, photo):
    """Three copies of it."""
    return sorted(store.add(photo(0, copy=copy)) for copy in ("equal", "mirrored", "cropped"))


def section(report, id_):
    return report.xpath(f"//section[h2/@id='{id_}']")


def text_of(element):
    return " ".join(" ".join(element.xpath(".//text()").getall()).split())


def jpegs_in(report):
    uris = report.css("image::attr(href)").getall()
    return [base64.b64decode(uri.removeprefix("data:image/jpeg;base64,")) for uri in uris]


def test_the_sections_stand_in_order_and_the_contents_lead_to_them(written):
    report = written(content_of())
    assert report.css("main h2::attr(id)").getall() == SECTIONS
    assert report.css("nav a::attr(href)").getall() == [f"#{id_}" for id_ in SECTIONS]


def test_the_contents_count_what_each_section_holds(written):
    report = written(content_of({name(1): split_photo("cysts", "papules", reason=Reason.TWO_LABELS)}))
    assert [text_of(entry) for entry in report.css("nav a")][3:5] == ["Two labels 1", "Left out 1"]


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
    assert rows[0].startswith("cysts 2 1 group 0 1 1 group 0")
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
    told = section(written(content_of(changes=changes)), "changes")
    assert [text_of(heading) for heading in told.css("h3")] == ["Added 1", "Removed 1", "Changed subset 1"]
    assert text_of(told.css(".change")) == "test → excluded: blurred"


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


def test_a_thumbnail_is_embedded_once_however_often_it_is_shown(written, three_stored):
    changes = Changes(since=name(9), came=tuple(three_stored))
    pairs = tuple(paired(three_stored[0], other) for other in three_stored[1:])
    report = written(content_of({sha256: split_photo() for sha256 in three_stored}, changes=changes, pairs=pairs))
    assert Counter(report.css("image::attr(data-sha256)").getall()) == dict.fromkeys(three_stored, 1)
    shown = Counter(report.css("svg.thumbnail::attr(data-sha256)").getall())
    assert shown[three_stored[0]] == 4  # as new, in two pairs and in its group


def test_whatever_shows_a_photo_says_which_and_under_which_label(written, stored):
    report = written(content_of({sha256: split_photo() for sha256 in stored}, pairs=(paired(*stored),)))
    shown = report.css("svg.thumbnail")
    assert shown.css("use::attr(href)").getall() == [f"#photo-{sha256}" for sha256 in stored]
    assert shown.xpath("@aria-label").getall() == [f"Photo {sha256[:12]}, cysts" for sha256 in stored]


def test_thumbnails_are_small_and_keep_proportions(written, stored):
    report = written(content_of({sha256: split_photo() for sha256 in stored}, pairs=(paired(*stored),)))
    assert [Image.open(io.BytesIO(jpeg)).size for jpeg in jpegs_in(report)] == [(THUMBNAIL_SIDE, 135)] * 2


def test_a_thumbnail_carries_nothing_of_the_photos_metadata(written, store):
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Somebody"
    Image.new("RGB", (300, 200), "salmon").save(stream, "JPEG", exif=exif, comment=b"ward 7", icc_profile=b"profile")
    sha256 = store.add(stream.getvalue())
    (jpeg,) = jpegs_in(written(content_of({sha256: split_photo(reason=Reason.BLURRED)})))
    assert not {"exif", "comment", "icc_profile"} & Image.open(io.BytesIO(jpeg)).info.keys()
    assert b"Somebody" not in jpeg


def test_a_photo_that_is_not_in_the_store_is_said_to_be_missing(written):
    report = written(content_of({name(1): split_photo(reason=Reason.BLURRED)}))
    assert text_of(report.css(".missing")) == "No thumbnail: not in the image store"


def test_a_photo_that_cannot_be_decoded_is_said_so_without_its_path(written, store):
    sha256 = store.add(b"no picture")
    missing = text_of(written(content_of({sha256: split_photo(reason=Reason.UNREADABLE)})).css(".missing"))
    assert missing.startswith("No thumbnail: cannot be decoded")
    assert str(store.root) not in missing


def test_what_comes_from_outside_is_text_and_never_markup(written):
    evil = "<script>alert('x')</script>"
    record = ImageRecord(sha256=name(1), label=evil, path=evil, page=f'"{evil}', url=f"https://example.org/'\"{evil}")
    placed = {name(1): split_photo(evil, evil, reason=Reason.TWO_LABELS), name(2): split_photo(evil, group=evil)}
    finding = Shortcut(name=evil, seen=evil, balanced_accuracy=1, chance=0, warns=True, text=evil)
    report = written(
        content_of(
            placed,
            details={name(1): evil},
            records=[record],
            pairs=(paired(name(1), name(2), evidence=evil),),
            findings=(finding,),
            licences={evil: 1},
            source=evil,
            split_warnings=(evil,),
            changes=Changes(since=evil, relabelled=(Change(sha256=name(1), before=evil, after=evil),)),
        )
    )
    assert not report.css("script")
    assert evil in report.css(".places .path::text").getall()


def test_only_addresses_of_the_web_become_links(written):
    record = ImageRecord(
        sha256=name(1), label="cysts", path="a", page="https://example.org/a", url="javascript:alert(1)"
    )
    places = written(content_of({name(1): split_photo(reason=Reason.BLURRED)}, records=[record])).css(".places")
    assert places.css("a::attr(href)").getall() == ["https://example.org/a"]
    assert places.css("a::attr(rel)").getall() == ["noreferrer noopener"]
    assert "photo: javascript:alert(1)" in text_of(places)


def test_nothing_is_loaded_from_anywhere(written, stored, path):
    report = written(content_of({sha256: split_photo() for sha256 in stored}, pairs=(paired(*stored),)))
    loading = report.xpath("//*[not(self::a)]/@href | //@src | //@srcset | //@action").getall()
    assert all(address.startswith(("data:image/jpeg;base64,", "#")) for address in loading)
    assert not report.css("script, link, iframe, object")
    assert "url(" not in path.read_text()
    assert "default-src 'none'" in report.css("meta[http-equiv=Content-Security-Policy]::attr(content)").get()


def test_beyond_the_limit_photos_are_counted_and_not_decoded(path):
    placed = {
        name(number): split_photo(group=str(number), reason=Reason.BLURRED) for number in range(MOST_PHOTOS + 1234)
    }
    decoded = []

    def picture(sha256):
        decoded.append(sha256)
        return path.with_name("missing")

    write_data_report(path, content_of(placed), picture=picture)
    left_out = section(parsel.Selector(text=path.read_text()), "left-out")
    assert text_of(left_out.css(".more")) == "… and 1,234 more, in split.json"
    assert len(left_out.css(".card")) == len(decoded) == MOST_PHOTOS


def test_pairs_show_no_more_photos_than_other_sections(written):
    pairs = tuple(paired(name(0), name(number)) for number in range(1, MOST_PHOTOS))
    shown = section(
        written(content_of({name(number): split_photo() for number in range(MOST_PHOTOS)}, pairs=pairs)), "pairs"
    )
    assert len(shown.css(".card")) == MOST_PHOTOS
    assert text_of(shown.css(".more")) == f"… and {MOST_PHOTOS // 2 - 1} more, in pairs.jsonl"


def test_what_is_rare_is_not_crowded_out_by_what_is_frequent():
    assert fair_shares([1000, 3, 500], 400) == [199, 3, 198]


def test_what_is_empty_is_said_in_words(written):
    said = [text_of(empty) for empty in written(content_of()).css(".empty")]
    assert said == [
        "This is the first version of this data set.",
        "No two photos are related.",
        "No photo has two labels.",
        "No photo was left out.",
        "No group has more than two photos.",
        "Not checked: fewer than two classes have enough groups of photos.",
        "There are no photos and therefore no licences.",
    ]


def test_only_the_owner_may_read_a_report(written, path):
    written(content_of())
    assert path.stat().st_mode & 0o777 == 0o600


def test_equal_content_gives_equal_bytes(written, stored, path):
    content = content_of({sha256: split_photo() for sha256 in stored}, pairs=(paired(*stored),))
    written(content)
    before = path.read_bytes()
    written(content)
    assert path.read_bytes() == before
