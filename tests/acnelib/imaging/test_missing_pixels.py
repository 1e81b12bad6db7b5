"""A picture of which pixels never arrived is refused, and a whole one never is."""

from __future__ import annotations

import io
import random
import struct

import numpy as np
import pytest
from PIL import Image

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import ImageTruncated
from acnelib.imaging import read_picture

JPEG_END = b"\xff\xd9"
JPEGS = {
    "baseline": {"quality": 90},
    "no chroma subsampling": {"quality": 90, "subsampling": 0},
    "half chroma": {"quality": 90, "subsampling": 1},
    "restart intervals": {"quality": 90, "restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "optimised": {"optimize": True},
}
OTHERS = {
    "PNG": ("PNG", {}),
    "GIF": ("GIF", {}),
    "WebP": ("WEBP", {"quality": 90}),
    "WebP, lossless": ("WEBP", {"lossless": True}),
    "TIFF, LZW": ("TIFF", {"compression": "tiff_lzw"}),
    "TIFF, deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "TIFF, JPEG inside": ("TIFF", {"compression": "jpeg", "quality": 90}),
    "JPEG 2000": ("JPEG2000", {}),
    "HEIC": ("HEIF", {"quality": 90}),
    "AVIF": ("AVIF", {"quality": 90}),
}
RAW = {"TIFF": ("TIFF", {}), "BMP": ("BMP", {}), "PPM": ("PPM", {})}


def encoded(image, form, **options):
    import pillow_heif

    pillow_heif.register_heif_opener()
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


@pytest.fixture(scope="module")
def photo():
    """A drawn picture with the noise of a sensor, as photos have it."""
    pixels = np.asarray(next(draw_pictures(1, seed=3)).image.resize((200, 150)), dtype=np.int16)
    noise = np.random.default_rng(1).integers(-6, 7, pixels.shape)
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def is_refused(content):
    try:
        read_picture(content)
    except ImageTruncated as error:
        return "truncated" in str(error)
    return False


def places(content, *, number=8):
    """Return places all over the second half of a file, the same each time."""
    return random.Random(len(content)).sample(range(len(content) * 2 // 5, len(content) * 19 // 20), number)


@pytest.fixture(params=JPEGS)
def jpeg(request, photo):
    return encoded(photo, "JPEG", **JPEGS[request.param])


class TestJpeg:
    def test_a_whole_one_has_the_pixels_that_pillow_decodes(self, jpeg):
        assert np.array_equal(read_picture(jpeg).image, Image.open(io.BytesIO(jpeg)))

    @pytest.mark.parametrize("size", [(1, 1), (7, 5), (8, 8), (17, 33), (199, 150)])
    @pytest.mark.parametrize("subsampling", [0, 1, 2])
    def test_odd_sizes_have_the_pixels_that_pillow_decodes(self, photo, size, subsampling):
        content = encoded(photo.resize(size), "JPEG", subsampling=subsampling)
        assert np.array_equal(read_picture(content).image, Image.open(io.BytesIO(content)))

    @pytest.mark.parametrize("mode", ["L", "CMYK"])
    def test_grey_and_printers_colours_have_the_pixels_that_pillow_decodes(self, photo, mode):
        content = encoded(photo.convert(mode), "JPEG")
        assert np.array_equal(read_picture(content).image, Image.open(io.BytesIO(content)).convert("RGB"))

    def test_one_that_was_cut_is_refused(self, jpeg):
        assert all(is_refused(jpeg[:place]) for place in places(jpeg))

    def test_one_that_was_cut_and_given_an_end_mark_is_refused(self, jpeg):
        assert all(is_refused(jpeg[:place] + JPEG_END) for place in places(jpeg))

    def test_one_whose_end_was_never_filled_is_refused(self, jpeg):
        assert all(is_refused(jpeg[:place].ljust(len(jpeg), b"\0")) for place in places(jpeg))

    def test_one_with_a_hole_is_refused(self, jpeg):
        hole = len(jpeg) // 6
        assert all(is_refused(jpeg[: at // 2] + bytes(hole) + jpeg[at // 2 + hole :]) for at in places(jpeg))

    def test_one_that_lost_restart_intervals_is_refused(self, photo):
        content = encoded(photo, "JPEG", restart_marker_rows=1)
        third, fourth = (content.index(bytes([0xFF, 0xD0 + number])) for number in (2, 3))
        assert is_refused(content[:third] + content[fourth:])

    def test_a_progressive_one_that_lost_its_last_scans_is_refused(self, photo):
        content = encoded(photo, "JPEG", progressive=True)
        assert is_refused(content[: content.rindex(b"\xff\xda")] + JPEG_END)
        tables = content.rindex(b"\xff\xc4")
        assert is_refused(content[:tables] + JPEG_END)

    @pytest.mark.parametrize("missing", [1, 2])
    def test_one_that_lacks_only_its_end_mark_is_read(self, jpeg, missing):
        assert np.array_equal(read_picture(jpeg[:-missing]).image, read_picture(jpeg).image)

    @pytest.mark.parametrize("after", [b"\0" * 4096, b"a text that some program has left"])
    def test_what_follows_the_end_mark_is_of_no_account(self, jpeg, after):
        assert np.array_equal(read_picture(jpeg + after).image, read_picture(jpeg).image)

    def test_a_few_bytes_before_the_end_mark_are_of_no_account(self, jpeg):
        assert read_picture(jpeg[:-2] + bytes(9) + JPEG_END).image.size == (200, 150)

    def test_a_letterboxed_photo_is_whole(self, photo):
        boxed = Image.new("RGB", (200, 400))
        boxed.paste(photo, (0, 125))
        for options in JPEGS.values():
            assert read_picture(encoded(boxed, "JPEG", **options)).image.size == (200, 400)

    @pytest.mark.parametrize("options", JPEGS.values(), ids=JPEGS)
    @pytest.mark.parametrize("colour", ["black", "white", "salmon"])
    def test_one_colour_everywhere_is_whole(self, options, colour):
        assert read_picture(encoded(Image.new("RGB", (900, 900), colour), "JPEG", **options)).image.size == (900, 900)

    def test_the_first_of_two_pictures_in_a_file_counts(self, photo):
        content = encoded(photo, "MPO", save_all=True, append_images=[photo])
        first = content.index(JPEG_END)
        assert is_refused(content[: first * 2 // 3])
        assert np.array_equal(read_picture(content[: first + 2]).image, read_picture(content).image)

    def test_one_that_pillow_has_opened_and_not_decoded_is_refused(self, jpeg, tmp_path):
        cut = jpeg[: len(jpeg) * 6 // 10] + JPEG_END
        (tmp_path / "a.jpg").write_bytes(cut)
        with Image.open(tmp_path / "a.jpg") as by_path, Image.open(io.BytesIO(cut)) as by_bytes:
            assert is_refused(by_path)
            assert is_refused(by_bytes)


class TestOthers:
    @pytest.fixture(params=OTHERS)
    def content(self, request, photo):
        form, options = OTHERS[request.param]
        return encoded(photo, form, **options)

    def test_one_that_was_cut_is_refused(self, content):
        assert all(is_refused(content[:place]) for place in places(content))

    def test_one_whose_end_was_never_filled_is_refused(self, content):
        last = len(content) * 4 // 5
        assert all(is_refused(content[: min(place, last)].ljust(len(content), b"\0")) for place in places(content))

    @pytest.mark.parametrize("kind", RAW)
    def test_one_without_compression_that_was_cut_is_refused(self, photo, kind):
        form, options = RAW[kind]
        content = encoded(photo, form, **options)
        assert all(is_refused(content[:place]) for place in places(content))

    def test_a_png_cut_and_given_an_end_is_refused(self, photo):
        content = encoded(photo, "PNG")
        assert all(is_refused(content[:place] + content[-12:]) for place in places(content))

    def test_a_webp_cut_and_made_to_look_whole_is_refused(self, photo):
        for options in ({"quality": 90}, {"lossless": True}):
            cut = encoded(photo, "WEBP", **options)
            cut = cut[: len(cut) * 6 // 10]
            cut = cut[:4] + struct.pack("<I", len(cut) - 8) + cut[8:16] + struct.pack("<I", len(cut) - 20) + cut[20:]
            assert is_refused(cut)

    def test_a_png_that_lacks_its_last_bytes_is_read(self, photo):
        content = encoded(photo, "PNG")
        for missing in (2, 4, 12):
            assert np.array_equal(read_picture(content[:-missing]).image, photo)

    @pytest.mark.parametrize("form", ["GIF", "JPEG2000"])
    @pytest.mark.parametrize("missing", [1, 2])
    def test_another_that_lacks_only_its_end_mark_is_read(self, photo, form, missing):
        content = encoded(photo, form)
        assert np.array_equal(read_picture(content[:-missing]).image, read_picture(content).image)

    @pytest.mark.parametrize("kind", [*OTHERS, *RAW])
    @pytest.mark.parametrize("colour", ["black", "salmon"])
    def test_one_colour_everywhere_is_whole(self, kind, colour):
        form, options = (OTHERS | RAW)[kind]
        assert read_picture(encoded(Image.new("RGB", (400, 400), colour), form, **options)).image.size == (400, 400)
