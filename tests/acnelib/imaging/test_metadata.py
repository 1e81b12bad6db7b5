"""Damaged or large metadata cost a picture nothing; of all of it the orientation alone is read."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from acnelib.imaging import read_picture
from acnelib.imaging.orientation import orientation_of

TURN, GPS = 0x0112, 0x8825
JPEG_START = b"\xff\xd8"


def encoded(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def directory(*rows, rest=b""):
    """Return a little-endian directory of tags: tag, type, number of values and four bytes each."""
    return struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHI4s", *row) for row in rows) + bytes(4) + rest


def short(value):
    return struct.pack("<HH", value, 0)


BAD_GPS = b"II*\0\x08\0\0\0" + directory(
    (TURN, 3, 1, short(6)),
    (GPS, 4, 1, struct.pack("<I", 38)),
    rest=directory((6, 1, 1, b"\5\0\0\0"), (5, 5, 1, struct.pack("<I", 68)), rest=struct.pack("<2I", 22, 10)),
)
ANCILLARY = {
    "eXIf without a heading": chunk(b"eXIf", b"b'Exif'-text"),
    "eXIf of nothing": chunk(b"eXIf", b""),
    "iCCP of 1.5 MB": chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1_500_000))),
    "iCCP of no known compression": chunk(b"iCCP", b"p\0\7damaged"),
    "iCCP that ends too early": chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(5000))[:9]),
    "zTXt of 1.5 MB": chunk(b"zTXt", b"c\0\0" + zlib.compress(b"x" * 1_500_000)),
    "zTXt that is damaged": chunk(b"zTXt", b"c\0\0damaged"),
    "iTXt of 1.5 MB": chunk(b"iTXt", b"c\0\1\0\0\0" + zlib.compress(b"x" * 1_500_000)),
    "iTXt that is damaged": chunk(b"iTXt", b"c\0\1"),
    "tEXt with a bad checksum": chunk(b"tEXt", b"c\0hello")[:-1] + b"\0",
    "pHYs that is too short": chunk(b"pHYs", b"\0"),
    "gAMA that is empty": chunk(b"gAMA", b""),
    "cICP that is too short": chunk(b"cICP", b"\0"),
}


@pytest.fixture(scope="module")
def image():
    """A picture, twice as wide as it is high, whose left half is darker."""
    image = Image.new("RGB", (80, 40), "salmon")
    image.paste("maroon", (0, 0, 40, 40))
    return image


class TestPng:
    @pytest.mark.parametrize("name", ANCILLARY)
    @pytest.mark.parametrize("place", ["before the pixels", "after the pixels"])
    def test_a_chunk_beside_the_pixels_costs_nothing(self, image, name, place):
        content = encoded(image, "PNG")
        at = 33 if place == "before the pixels" else len(content) - 12
        assert np.array_equal(read_picture(content[:at] + ANCILLARY[name] + content[at:]).image, image)

    def test_many_large_texts_cost_nothing(self, image):
        content = encoded(image, "PNG")
        texts = chunk(b"zTXt", b"c\0\0" + zlib.compress(b"x" * 900_000)) * 100
        assert np.array_equal(read_picture(content[:33] + texts + content[33:]).image, image)

    def test_the_orientation_is_read_beside_a_damaged_chunk(self, image):
        content = encoded(image, "PNG")
        noted = chunk(b"eXIf", BAD_GPS) + ANCILLARY["zTXt that is damaged"]
        assert read_picture(content[:33] + noted + content[33:]).image.size == (40, 80)

    def test_an_orientation_that_imagemagick_has_kept_as_text_is_read(self, image):
        digits = f"\nexif\n{len(BAD_GPS):8}\n{BAD_GPS.hex()}\n".encode()
        content = encoded(image, "PNG")
        noted = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(digits))
        assert read_picture(content[:33] + noted + content[33:]).image.size == (40, 80)


class TestJpeg:
    def with_segments(self, image, *segments):
        content = encoded(image, "JPEG")
        parts = b"".join(
            b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data for marker, data in segments
        )
        return JPEG_START + parts + content[2:]

    def test_gps_fields_of_the_wrong_type_do_not_hinder_the_turn(self, image):
        content = self.with_segments(image, (0xE1, b"Exif\0\0" + BAD_GPS))
        seen = read_picture(content).image
        assert seen.size == (40, 80)
        assert seen.getpixel((20, 5))[0] < seen.getpixel((20, 75))[0]

    @pytest.mark.parametrize(
        "segment",
        [
            (0xE0, b"JFIF\0"),
            (0xE0, b"JFIF\0\5\5\0\0\1\0\1\0\0"),
            (0xE0, b""),
            (0xE1, b"Exif\0\0"),
            (0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0<not xml"),
            (0xE2, b"ICC_PROFILE\0"),
            (0xE2, b"ICC_PROFILE\0\1\1damaged"),
            (0xE2, b"MPF\0damaged"),
            (0xE2, b"MPF\0II*\0\x08\0\0\0" + directory((0xB001, 4, 1, b"\2\0\0\0"), (0xB002, 7, 32, b"\xff" * 4))),
            (0xED, b"Photoshop 3.0\x008BIM"),
            (0xEE, b"Adobe"),
            (0xEE, b"Adobe\0\x64\0\0\0\0\x09"),
            (0xEF, b"\xff\xd8\xff\xd9" * 2000),
            (0xFE, b"\xff" * 60_000),
        ],
        ids=lambda segment: f"{segment[0]:x} {segment[1][:12]!r}",
    )
    def test_a_segment_beside_the_pixels_costs_nothing(self, image, segment):
        seen = read_picture(self.with_segments(image, segment)).image
        assert np.array_equal(seen, read_picture(encoded(image, "JPEG")).image)


class TestOtherFormats:
    @pytest.mark.parametrize("exif", [b"damaged", b"Exif\0\0II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"])
    @pytest.mark.parametrize("form", ["WEBP", "AVIF", "HEIF"])
    def test_damaged_exif_costs_nothing(self, image, form, exif):
        import pillow_heif

        pillow_heif.register_heif_opener()
        options = {"lossless": True} if form == "WEBP" else {"quality": 95}
        content = encoded(image, form, exif=BAD_GPS.replace(b"\x12\x01", b"\x13\x01"), **options)
        place = content.index(BAD_GPS[:8])
        damaged = content[:place] + exif.ljust(len(BAD_GPS), b"\xff")[: len(BAD_GPS)] + content[place + len(BAD_GPS) :]
        assert read_picture(damaged).image.size == (80, 40)

    def test_a_webp_is_turned_whatever_else_its_exif_says(self, image):
        assert read_picture(encoded(image, "WEBP", lossless=True, exif=BAD_GPS)).image.size == (40, 80)

    def test_a_tiffs_other_tags_cost_nothing(self, image):
        stream = io.BytesIO()
        image.save(stream, "TIFF", compression="tiff_lzw")
        content = bytearray(stream.getvalue())
        (start,) = struct.unpack_from("<I", content, 4)
        (number,) = struct.unpack_from("<H", content, start)
        rows = [bytes(content[start + 2 + 12 * row : start + 14 + 12 * row]) for row in range(number)]
        odd = [
            struct.pack("<HHII", 270, 2, 4_000_000_000, 8),  # a description as long as a film
            struct.pack("<HHI4s", TURN, 3, 1, short(6)),
            struct.pack("<HHII", 282, 99, 7, 8),  # a resolution of no known type
            struct.pack("<HHII", 700, 7, 10**9, 10**9),
            struct.pack("<HHII", 34_675, 7, 10**9, 10**9),
            struct.pack("<HHII", GPS, 4, 1, 3),
        ]
        rows = sorted([row for row in rows if row[:2] != struct.pack("<H", 282)] + odd, key=lambda row: row[1::-1])
        place = len(content)
        content += struct.pack("<H", len(rows)) + b"".join(rows) + bytes(4)
        struct.pack_into("<I", content, 4, place)
        seen = read_picture(bytes(content)).image
        assert seen.size == (40, 80)
        assert np.array_equal(seen, image.transpose(Image.Transpose.ROTATE_270))


class TestOrientation:
    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize("kind", [(3, "H2x"), (4, "I")])
    def test_it_is_found_in_either_order_of_bytes_and_as_either_kind_of_number(self, order, kind):
        number, code = kind
        exif = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IHHHI", 8, 1, TURN, number, 1)
        exif += struct.pack(order + code, 8) + bytes(4)
        assert orientation_of(exif) == orientation_of(b"Exif\0\0" + exif) == 8

    @pytest.mark.parametrize("value", [0, 9, 65_535])
    def test_a_value_that_is_none_is_upright(self, value):
        assert orientation_of(b"II*\0\x08\0\0\0" + directory((TURN, 3, 1, short(value)))) == 1

    @pytest.mark.parametrize("end", range(0, 40, 3))
    def test_any_beginning_of_it_is_read_without_failing(self, end):
        assert orientation_of(BAD_GPS[:end]) in {1, 6}

    def test_xmp_is_asked_where_exif_says_nothing(self):
        assert orientation_of(b"damaged", b'<rdf tiff:Orientation="6"/>') == 6
        assert orientation_of(None, b"<tiff:Orientation>3</tiff:Orientation>") == 3

    def test_an_image_that_pillow_holds_is_turned_whatever_else_its_exif_says(self, image):
        held = image.copy()
        held.info["exif"] = b"Exif\0\0" + BAD_GPS
        assert read_picture(held).image.size == (40, 80)
