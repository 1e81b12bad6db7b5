"""Curation: which photos belong together, which are not used, and why."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from acnelib.atlas.drawing import draw_picture
from acnelib.dataset.curation import Reason, read_curated, write_curated
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import ImageRecord, RecordReview

COPIES = ["recompressed", "shrunk", "brightened", "mirrored", "mirrored and recompressed", "cropped"]


def test_groups_are_tied_through_a_third_picture(curated, photo):
    photos = curated(*(("cysts", photo(0, copy=copy)) for copy in ("equal", *COPIES)))
    assert len(photos) == 1 + len(COPIES)
    assert len({one.group for one in photos.values()}) == 1


def test_equal_bytes_in_two_places_are_one_photo_with_both_paths(curated, photo):
    photos = curated(("cysts", photo(0)), ("cysts", photo(0)))
    (only,) = photos.values()
    assert (only.labels, only.paths, only.reason) == (("cysts",), ("cysts/0.jpg", "cysts/1.jpg"), None)


def test_equal_bytes_under_two_labels_are_excluded(curated, photo):
    photos = curated(("cysts", photo(0)), ("papules", photo(0)), ("papules", photo(1)))
    assert photos[sha256_of(photo(0))].labels == ("cysts", "papules")
    assert photos[sha256_of(photo(0))].reason == Reason.TWO_LABELS
    assert photos[sha256_of(photo(1))].reason is None


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_under_another_label_excludes_both(curated, photo, copy):
    photos = curated(("cysts", photo(0)), ("papules", photo(0, copy=copy)), ("papules", photo(1)))
    assert photos[sha256_of(photo(0))].reason == Reason.TWO_LABELS
    assert photos[sha256_of(photo(0, copy=copy))].reason == Reason.TWO_LABELS
    assert photos[sha256_of(photo(1))].reason is None


def test_a_review_of_one_copy_settles_its_label_and_leaves_out_copies_with_another(curated, photo):
    records = [("cysts", photo(0)), ("papules", photo(0, copy="mirrored")), ("papules", photo(1))]
    photos = curated(*records, reviewed={sha256_of(photo(0)): RecordReview.BLIND})
    assert photos[sha256_of(photo(0))].reason is None
    assert photos[sha256_of(photo(0, copy="mirrored"))].reason == Reason.TWO_LABELS


def test_an_unreadable_photo_is_excluded_and_keeps_a_group(curated, photo):
    photos = curated(("cysts", b"no picture"), ("cysts", photo(0)))
    unreadable = photos[sha256_of(b"no picture")]
    assert (unreadable.reason, unreadable.group) == (Reason.UNREADABLE, sha256_of(b"no picture")[:16])


def test_two_unreadable_photos_do_not_look_alike(curated):
    photos = curated(("cysts", b"no picture"), ("papules", b"none either"))
    assert len({one.group for one in photos.values()}) == 2


@pytest.mark.parametrize(("side", "reason"), [(63, Reason.TOO_SMALL), (64, None)])
def test_a_photo_with_a_side_below_64_pixels_is_too_small(curated, square, side, reason):
    (only,) = curated(("cysts", square(side))).values()
    assert only.reason == reason


def test_a_conflict_says_under_which_labels_it_stands(curated, photo):
    photos = curated(("cysts", photo(0)), ("papules", photo(0, copy="mirrored")))
    assert {one.detail for one in photos.values()} == {"labelled cysts and papules, in 2 copies"}


def test_a_file_that_ends_midway_is_truncated(curated, photo):
    (only,) = curated(("cysts", photo(0)[:9000])).values()
    assert only.reason == Reason.TRUNCATED
    assert "truncated" in only.detail


UNFIT = {
    Reason.TOO_DARK: lambda image: ImageEnhance.Brightness(image).enhance(0.08),
    Reason.TOO_BRIGHT: lambda image: Image.blend(image, Image.new("RGB", image.size, "white"), 0.95),
    Reason.BLURRED: lambda image: image.filter(ImageFilter.GaussianBlur(4)),
    Reason.NOT_A_PHOTO: lambda image: Image.new("RGB", image.size, "pink"),
}


@pytest.mark.parametrize("reason", UNFIT)
@pytest.mark.parametrize("index", [0, 3])
def test_a_photo_that_shows_nothing_is_excluded_with_numbers(curated, encoded, reason, index):
    (only,) = curated(("cysts", encoded(UNFIT[reason](draw_picture(index, seed=7).image)))).values()
    assert only.reason == reason
    assert re.search(r"\d", only.detail)


def test_a_chart_and_a_page_of_text_are_no_photos(curated, encoded):
    chart, page = (Image.new("RGB", (640, 480), colour) for colour in ("lightgrey", "white"))
    ImageDraw.Draw(chart).line((40, 440, 200, 100, 400, 300, 600, 60), fill="blue", width=3)
    for row in range(22):
        ImageDraw.Draw(page).text(
            (20, 20 * row + 10), "words and words and more words of a page", "black", font_size=16
        )
    photos = curated(("cysts", encoded(chart)), ("cysts", encoded(page)))
    assert [one.reason for one in photos.values()] == [Reason.NOT_A_PHOTO] * 2


@pytest.mark.parametrize("copy", ["black border", "white border", "darkened", "brightened", "grey", "tinted", "shrunk"])
def test_a_copy_of_a_good_photo_is_used(curated, photo, copy):
    photos = curated(*(("cysts", photo(index, copy=copy)) for index in range(6)))
    assert {one.reason for one in photos.values()} == {None}


def test_curated_photos_come_back_from_their_file(curated, photo, tmp_path):
    photos = tuple(curated(("cysts", photo(0)), ("papules", photo(0)), ("cysts", b"none")).values())
    write_curated(tmp_path / "photos.jsonl", photos)
    assert read_curated(tmp_path / "photos.jsonl") == photos


def test_neither_order_nor_names_of_files_change_a_judgement(curated, photo, store):
    contents = [photo(0), photo(0, copy="mirrored"), photo(1), photo(2), b"no picture"]
    records = [
        ImageRecord(sha256=store.add(content), label="cysts", path=f"{place}.jpg")
        for place, content in enumerate(contents)
    ]
    moved = [replace(record, path=f"elsewhere/{9 - int(record.path[0])}.png") for record in records]
    random.Random(3).shuffle(moved)
    before, after = curated(*records), curated(*moved)
    assert list(before) == list(after) == sorted(before)
    assert [(one.group, one.reason) for one in before.values()] == [(one.group, one.reason) for one in after.values()]
