"""The data report's page: one file that shows nothing twice, loads nothing, and that only its owner may read."""

from __future__ import annotations

import base64
import io
from collections import Counter

import parsel
import pytest
from data_reports import content_of, name, paired, split_photo
from PIL import Image
from report_pages import section, text_of

from acnelib.dataset.changes import Change, Changes
from acnelib.dataset.curation import Reason
from acnelib.dataset.report.data_report import THUMBNAIL_SIDE, write_data_report
from acnelib.dataset.report.sections import MOST_PHOTOS, fair_shares
from acnelib.dataset.shortcuts import Shortcut
from acnelib.storage.manifest import ImageRecord


@pytest.fixture
def three_stored(store, photo):
    """Three copies of it."""
    return sorted(store.add(photo(0, copy=copy)) for copy in ("equal", "mirrored", "cropped"))


def jpegs_in(report):
    uris = report.css("image::attr(href)").getall()
    return [base64.b64decode(uri.removeprefix("data:image/jpeg;base64,")) for uri in uris]


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


def test_only_the_owner_may_read_a_report(written, path):
    written(content_of())
    assert path.stat().st_mode & 0o777 == 0o600


def test_equal_content_gives_equal_bytes(written, stored, path):
    content = content_of({sha256: split_photo() for sha256 in stored}, pairs=(paired(*stored),))
    written(content)
    before = path.read_bytes()
    written(content)
    assert path.read_bytes() == before
