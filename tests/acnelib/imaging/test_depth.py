"""More than 8 bits of grey, and grey whose white is zero, come out as they are meant, or are refused by name."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from acnelib.errors import ImageUnreadable
from acnelib.imaging import read_picture

RAMP = np.linspace(0, 1, 64)[np.newaxis].repeat(8, axis=0)
MEANT = np.round(RAMP * 255)
WHITE_IS_ZERO, BLACK_IS_ZERO = 0, 1


def tiff(samples, *, bits, photometric=BLACK_IS_ZERO, order="<", sample_format=1, compression=1, more=()):
    """Return a TIFF file of grey samples, one strip, as a scanner's program writes it."""
    height, width = samples.shape
    kind = {8: "u1", 16: "u2", 32: "u4"}[bits]
    data = samples.astype(np.int64).astype(np.dtype(order + kind)).tobytes()
    rows = [(256, width), (257, height), (258, bits), (259, compression), (262, photometric), (273, 8), (277, 1)]
    rows += [(278, height), (279, len(data)), (339, sample_format), *more]
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in sorted(rows))
    start = 8 + len(data)
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, start)
    return head + data + struct.pack(order + "H", len(rows)) + entries + bytes(4)


def grey(content):
    seen = np.asarray(read_picture(content).image).astype(int)
    assert np.ptp(seen, axis=2).max() == 0
    return seen[..., 0]


def is_meant(content):
    return np.abs(grey(content) - MEANT).max() <= 1


@pytest.mark.parametrize("order", ["<", ">"])
class TestTiff:
    @pytest.mark.parametrize("bits", [8, 16, 32])
    def test_white_may_be_zero(self, bits, order):
        samples = np.round((1 - RAMP) * (2**bits - 1))
        assert is_meant(tiff(samples, bits=bits, photometric=WHITE_IS_ZERO, order=order))

    @pytest.mark.parametrize("bits", [8, 16, 32])
    def test_black_may_be_zero(self, bits, order):
        assert is_meant(tiff(np.round(RAMP * (2**bits - 1)), bits=bits, order=order))

    @pytest.mark.parametrize("used", [10, 12, 14])
    @pytest.mark.parametrize("photometric", [BLACK_IS_ZERO, WHITE_IS_ZERO])
    def test_fewer_bits_may_be_used_than_stored_where_the_file_says_so(self, used, photometric, order):
        white = 2**used - 1
        samples = np.round((RAMP if photometric == BLACK_IS_ZERO else 1 - RAMP) * white)
        assert is_meant(tiff(samples, bits=16, photometric=photometric, order=order, more=[(281, white)]))

    def test_fewer_bits_than_stored_are_refused_where_the_file_does_not_say_so(self, order):
        for bits in (16, 32):
            with pytest.raises(ImageUnreadable, match=f"grey of {bits} bits a pixel of unknown scale"):
                read_picture(tiff(np.round(RAMP * 4095), bits=bits, order=order))

    def test_numbers_with_a_sign_use_half_of_their_range(self, order):
        assert is_meant(tiff(np.round(RAMP * (2**31 - 1)), bits=32, sample_format=2, order=order))

    def test_sixteen_bits_in_thirty_two_are_sixteen(self, order):
        assert is_meant(tiff(np.round(RAMP * 65_535), bits=32, order=order))


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "group4"])
def test_black_and_white_may_be_turned_round(compression):
    image = Image.fromarray(RAMP > 0.5)
    for photometric, meant in ((BLACK_IS_ZERO, image), (WHITE_IS_ZERO, image)):
        stream = io.BytesIO()
        image.save(stream, "TIFF", compression=compression, tiffinfo={262: photometric})
        assert np.array_equal(grey(stream.getvalue()), np.asarray(meant) * 255)


def test_pgm_may_use_any_number_of_levels():
    for white in (100, 1023, 4095, 65_535):
        kind = ">u1" if white < 256 else ">u2"
        samples = np.round(RAMP * white).astype(kind)
        assert np.abs(grey(f"P5 64 8 {white}\n".encode() + samples.tobytes()) - MEANT).max() <= 2


def test_jpeg_2000_of_sixteen_bits():
    stream = io.BytesIO()
    Image.fromarray(np.round(RAMP * 65_535).astype(np.uint16)).save(stream, "JPEG2000")
    assert is_meant(stream.getvalue())


def test_png_of_sixteen_bits_may_be_dark():
    stream = io.BytesIO()
    Image.fromarray(np.round(RAMP * 2000).astype(np.uint16)).save(stream, "PNG")
    assert grey(stream.getvalue()).max() == 7


def test_sixteen_bits_of_grey_with_transparency_are_laid_on_white():
    layers = np.stack([np.round(RAMP * 65_535), np.full_like(RAMP, 65_535)], axis=-1).astype(">u2")
    layers[:, :8, 1] = 0
    seen = grey(_png(layers.tobytes(), row=64 * 4, width=64, height=8, colour=4))
    assert np.abs(seen - MEANT)[:, 8:].max() <= 1
    assert (seen[:, :8] == 255).all()


def _png(samples, *, row, width, height, colour):
    import zlib

    lines = b"".join(b"\0" + samples[start : start + row] for start in range(0, len(samples), row))
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0),
        b"IDAT": zlib.compress(lines),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )
