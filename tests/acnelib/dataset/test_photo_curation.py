"""Curation: which photos belong together, which are not used, and why."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from acnelib.dataset.curation import Reason
from acnelib.files import sha256_of
from acnelib.manifest import ImageRecord

COPIES = ["recompressed", "shrunk", "brightened", "mirrored", "mirrored and recompressed"]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("index", [0, 1, 4])
def test_a_copy_of_a_picture_belongs_to_its_group(curated, photo, index, copy):
    photos = curated(("cysts", photo(index)), ("cysts", photo(index, copy=copy)))
    assert len(photos) == 2
    assert len({one.group for one in photos.values()}) == 1
    assert {one.reason for one in photos.values()} == {None}


def test_different_pictures_are_groups_of_their_own(curated, photo):
    photos = curated(*(("cysts", photo(index)) for index in range(20)))
    assert len({one.group for one in photos.values()}) == 20


def test_groups_are_tied_through_a_third_picture(curated, photo):
    photos = curated(*(("cysts", photo(0, copy=copy)) for copy in ("equal", *COPIES)))
    assert len(photos) == 6
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
