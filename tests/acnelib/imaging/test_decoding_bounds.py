"""What would cost more memory or time than one picture may is refused by its file alone, before anything is decoded."""

from __future__ import annotations

import time

import hostile_pictures as hostile
import numpy as np
import pytest
from picture_kinds import picture_kinds
from PIL import Image

from acnelib.errors import ImageTooCostly, ImageUnreadable
from acnelib.imaging import read_picture, strips
from acnelib.imaging.bounds import LIMITS, DecodingCost, check_cost
from acnelib.imaging.opening import unpacked

KINDS = {kind.name: kind for kind in picture_kinds() if "4000" not in kind.name and "HEIC" not in kind.name}

COSTLY = {
    "PNG of 177 megapixels, grey of 16 bits": lambda: hostile.png_head(13_300, 13_300, depth=16, kind=0),
    "PNG, RGBA of 16 bits, interlaced": lambda: hostile.png_head(12_000, 12_000, depth=16, kind=6, interlaced=True),
    "progressive JPEG in full colour": lambda: hostile.progressive_jpeg(9000, scans=4, components=3),
    "JPEG of many scans in many blocks": lambda: hostile.progressive_jpeg(8000, scans=400),
    "TIFF with one enormous tile": lambda: hostile.deflated_tiff(16, tile=25_000, inflated=9),
    "BMP of run lengths": lambda: hostile.bitmap(9000, 9000, b"\1\0"),
    "PPM with an odd value of white": lambda: b"P6 4000 4000 254\n" + bytes(100),
    "PPM as text": lambda: b"P3 4000 4000 255\n" + b"1 " * 100,
    "JPEG 2000": lambda: hostile.jpeg_2000_head(12_000),
}

OF_TOO_MANY_PARTS = {
    "markers": lambda: hostile.jpeg_of_markers(20_000),
    "scans": lambda: hostile.progressive_jpeg(64, scans=600),
    "chunks": lambda: hostile.png(4, 4, more=[hostile.chunk(b"tEXt", b"")] * 70_000),
    "blocks before its first frame": lambda: hostile.gif(blocks=110_000),
    "strips or tiles": lambda: hostile.deflated_tiff(200_000, strips=150_000, inflated=1),
    "tags": lambda: hostile.tiff({256: 1, 257: 1}, more=bytes(12) * 5000),
    "boxes": lambda: hostile.heic(64) + hostile.box(b"free", b"") * 60_000,
    "bytes before its pixels": lambda: b"P6 #" + b"a" * 100_000 + b"\n1 1 255\n\0\0\0",
    "packets": lambda: _with_layers(hostile.jpeg_2000(256, tile_size=(8, 8))),
}


def _with_layers(jpeg_2000: bytes) -> bytes:
    place = jpeg_2000.index(b"\xff\x52") + 6
    return jpeg_2000[:place] + b"\xff\xff" + jpeg_2000[place + 2 :]


@pytest.mark.parametrize("kind", COSTLY)
def test_what_would_cost_too_much_is_refused_before_it_is_decoded(kind, monkeypatch):
    content = COSTLY[kind]()
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(ImageTooCostly, match=r"would need \d+ .* to be decoded, and .* is the limit: scale it down"):
        read_picture(content)


@pytest.mark.parametrize("parts", OF_TOO_MANY_PARTS)
def test_a_file_of_too_many_parts_is_refused(parts):
    began = time.process_time()
    with pytest.raises(ImageUnreadable, match=rf"its file has more than \d+ {parts}; export it"):
        read_picture(OF_TOO_MANY_PARTS[parts]())
    assert time.process_time() - began < LIMITS.seconds


def test_scans_behind_something_that_looks_like_an_end_mark_are_counted():
    with pytest.raises(ImageUnreadable, match="scans"):
        read_picture(hostile.progressive_jpeg(64, scans=600, filler=hostile.segment(0xFE, b"\xff\xd9")))


def test_a_picture_behind_the_end_mark_does_not_count():
    content = hostile.jpeg(64, progressive=True)
    assert read_picture(content + hostile.progressive_jpeg(64, scans=600)).image.size == (64, 64)


def test_many_frames_are_no_reason_to_refuse_the_first():
    assert read_picture(hostile.gif(blocks=1, frames=100_000)).image.size == (1, 1)
    assert read_picture(hostile.webp(16, frames=50)).image.size == (16, 16)


def test_runs_of_fill_bytes_cost_nothing():
    content = hostile.jpeg(16)
    assert read_picture(content[:2] + b"\xff" * 5_000_000 + content[2:]).image.size == (16, 16)


def test_only_the_first_text_that_may_be_exif_is_inflated(monkeypatch):
    import zlib

    from acnelib.imaging.formats import png

    inflaters = []
    monkeypatch.setattr(png.zlib, "decompressobj", lambda make=zlib.decompressobj: inflaters.append(1) or make())
    text = hostile.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(5_000_000)))
    read_picture(hostile.png(4, 4, more=[text] * 20))
    assert len(inflaters) == 1


def test_a_tile_that_is_used_a_thousand_times_counts_a_thousand_times():
    from acnelib.imaging.formats import phone

    content = _grid(tiles=1000, side=4000)
    assert phone.coded_pixels(content, "grid").together > 1000 * 4000 * 4000
    with pytest.raises(ImageTooCostly):
        read_picture(content)


def test_pictures_that_are_made_of_themselves_are_refused():
    with pytest.raises(ImageUnreadable, match="inside of each other"):
        read_picture(_grid(tiles=1, side=8, of_itself=True))


def _grid(*, tiles: int, side: int, of_itself: bool = False) -> bytes:
    """Return the boxes of a HEIC whose main picture is a grid of one tile."""
    box, number = hostile.box, lambda value, size=2: value.to_bytes(size, "big")
    item = lambda one, kind: box(b"infe", b"\2\0\0\0" + number(one) + number(0) + kind + b"\0")  # noqa: E731
    used = number(1 if of_itself else 2) * tiles
    properties = box(b"ipco", box(b"ispe", bytes(4) + number(side, 4) * 2))
    associated = box(b"ipma", bytes(4) + number(2, 4) + (number(1) + b"\1\1") + (number(2) + b"\1\1"))
    boxes = [
        box(b"pitm", bytes(4) + number(1)),
        box(b"iinf", bytes(4) + number(2) + item(1, b"grid") + item(2, b"hvc1")),
        box(b"iref", bytes(4) + box(b"dimg", number(1) + number(tiles) + used)),
        box(b"iprp", properties + associated),
        box(b"iloc", bytes(4) + b"\x44\0" + number(0)),
    ]
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + box(b"meta", bytes(4) + b"".join(boxes))


def test_the_message_names_what_is_needed_and_the_limit():
    with pytest.raises(ImageTooCostly) as caught:
        check_cost(DecodingCost(memory=1_234_500_000), "a.png")
    assert str(caught.value) == (
        "a.png would need 1235 MB of memory to be decoded, and 1000 MB is the limit: scale it down, or export it as "
        "8-bit JPEG"
    )


@pytest.mark.parametrize("name", ["camera", "progressive", "interlaced"])
def test_a_camera_of_fifty_megapixels_is_not_refused(name):
    content = {
        "camera": lambda: hostile.jpeg(7100, quality=1),
        "progressive": lambda: hostile.progressive_jpeg(7100, scans=10),
        "interlaced": lambda: hostile.png_head(7100, 7100, interlaced=True),
    }[name]()
    assert unpacked(content, name).image.size == (7100, 7100)


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_changed_strip_by_strip_has_the_same_pixels(name, monkeypatch):
    content = KINDS[name].content()
    whole = np.asarray(read_picture(content).image)
    monkeypatch.setattr(strips, "_STRIP", 7000)
    assert np.array_equal(np.asarray(read_picture(content).image), whole)


def test_streams_of_strips_that_inflate_to_far_more_than_is_needed_are_given_up(monkeypatch):
    from acnelib.imaging.formats import tiff

    monkeypatch.setattr(tiff, "_SECONDS_PER_BYTE", 1e-5)
    with pytest.raises(ImageTooCostly, match="s of computing"):
        read_picture(hostile.deflated_tiff(64, inflated=2_000_000))


def test_strips_that_all_use_the_same_bytes_are_refused():
    with pytest.raises(ImageUnreadable, match="damaged"):
        read_picture(hostile.deflated_tiff(1000, strips=1000, inflated=100_000))
