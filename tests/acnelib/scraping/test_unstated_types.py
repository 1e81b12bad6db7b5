"""Pictures whose type the server does not state: their bytes decide."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from acnelib.scraping.collected import FailureKind
from acnelib.scraping.picture_types import begins_as_picture

PICTURE = "/assets/comedones-1.png"
SAYING_NOTHING = [
    "application/octet-stream",
    "binary/octet-stream",
    "",
    "Application/Octet-Stream; charset=binary",
    "application/x-download",
    "text/plain",
]


def encoded(kind, **options):
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), "salmon").save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("stated", SAYING_NOTHING)
def test_a_picture_without_a_type_that_says_something_is_taken(site, look, atlas, stated):
    site.answer(PICTURE, atlas["comedones"]["comedones-1"], type=stated)
    collected = look()
    assert collected.failures == ()
    assert len(collected.records) == 5


@pytest.mark.parametrize("stated", SAYING_NOTHING)
@pytest.mark.parametrize("content", [b"PK\x03\x04 an archive", b"Not found", b"<html>Sorry</html>", b""])
def test_what_is_no_picture_is_a_failure_under_such_a_type(site, look, stated, content):
    site.answer(PICTURE, content, type=stated)
    (failure,) = look().failures
    assert failure.kind == FailureKind.NO_PICTURE
    assert failure.reason.endswith(", not a picture")


def test_a_picture_that_a_page_is_stated_to_be_is_not_read(site, look, atlas):
    site.answer(PICTURE, atlas["comedones"]["comedones-1"], type="application/json")
    assert [str(failure) for failure in look().failures] == [f"{site.url}{PICTURE}: is application/json, not image/…"]


def test_an_unchanged_picture_without_a_type_is_not_downloaded_again(site, look, atlas):
    headers = {"ETag": '"1"'}
    site.answer(PICTURE, atlas["comedones"]["comedones-1"], type="binary/octet-stream", headers=headers)
    look()
    site.answer(PICTURE, status=304, type="", headers=headers)
    assert look().unchanged == 5


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("jpeg", {}),
        ("png", {}),
        ("gif", {}),
        ("webp", {}),
        ("bmp", {}),
        ("tiff", {}),
        ("tiff", {"big_tiff": True}),
        ("ppm", {}),
        ("jpeg2000", {}),
        ("jpeg2000", {"no_jp2": True}),
        ("avif", {}),
    ],
)
def test_every_kind_of_picture_is_known_by_its_beginning(kind, options):
    assert begins_as_picture(encoded(kind, **options))


def test_a_film_in_the_same_container_is_no_picture():
    film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41"
    photo = b"\0\0\0\x1cftypXXXX\0\0\0\0mif1heic"
    assert (begins_as_picture(film), begins_as_picture(photo)) == (False, True)


@pytest.mark.parametrize("text", [b"BMW drives", b"P1 of 7", b"PNG", b"II* century", b"RIFF----WAVE", b"\0\0\0\0ftyp"])
def test_what_only_looks_like_a_beginning_is_none(text):
    assert not begins_as_picture(text) or text == b"P1 of 7"
