"""Whatever a picture is, upright 8-bit RGB comes out of the one door, or one line that says why not."""

from __future__ import annotations

import io
import os
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageOps

from acnelib import imaging
from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import ImageUnreadable
from acnelib.imaging import read_picture, resized
from acnelib.storage.files import sha256_of

CORNERS = {"red": (0, 0), "lime": (1, 0), "blue": (0, 1), "yellow": (1, 1)}
ORIENTATION = 0x0112
UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that notes an orientation has stored the upright picture."""


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pixels(source, **options):
    """Return what is read, every assertion's premise included."""
    image = read_picture(source, **options).image
    assert image.mode == "RGB"
    return np.asarray(image)


@pytest.fixture(scope="module")
def upright():
    """A picture, 64 wide and 48 high, that looks different in each orientation."""
    image = Image.new("RGB", (64, 48))
    for colour, (column, row) in CORNERS.items():
        image.paste(colour, (column * 32, row * 24, column * 32 + 32, row * 24 + 24))
    return image


class TestOrientation:
    @pytest.mark.parametrize("orientation", UNDO)
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
    def test_every_orientation_comes_out_upright(self, upright, kind, orientation):
        stored = upright if UNDO[orientation] is None else upright.transpose(UNDO[orientation])
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        seen = pixels(encoded(stored, kind, exif=exif))
        assert seen.shape == (48, 64, 3)
        assert np.abs(seen[4::40, 4::56].astype(int) - np.asarray(upright)[4::40, 4::56]).max() <= 8

    @pytest.mark.parametrize("orientation", [1, 6])
    def test_a_scaled_down_photo_is_upright_too(self, upright, orientation):
        stored = upright if UNDO[orientation] is None else upright.transpose(UNDO[orientation])
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        content = encoded(stored.resize((stored.width * 16, stored.height * 16)), "JPEG", exif=exif)
        small = resized(read_picture(content).image, height=48, width=64)
        assert np.abs(small[4::40, 4::56].astype(int) - np.asarray(upright)[4::40, 4::56]).max() <= 8

    def test_damaged_metadata_does_not_stand_in_the_way(self, upright):
        content = encoded(upright, "JPEG", exif=b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x09damaged")
        assert pixels(content).shape == (48, 64, 3)

    def test_an_image_that_pillow_has_opened_is_made_upright(self, upright):
        exif = Image.Exif()
        exif[ORIENTATION] = 3
        with Image.open(io.BytesIO(encoded(ImageOps.flip(ImageOps.mirror(upright)), "PNG", exif=exif))) as opened:
            assert np.array_equal(pixels(opened), np.asarray(upright))


class TestKinds:
    @pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "JPEG"])
    def test_grey_is_grey_in_three_channels(self, kind):
        assert np.unique(pixels(encoded(Image.new("L", (8, 8), 77), kind))).tolist() == [77]

    def test_black_and_white_is_0_and_255(self):
        image = Image.new("1", (2, 1))
        image.putpixel((1, 0), 1)
        assert pixels(encoded(image, "PNG")).tolist() == [[[0] * 3, [255] * 3]]

    @pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
    def test_printers_colours_become_red_green_and_blue(self, kind):
        assert pixels(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), kind))[0, 0].tolist() == [255, 0, 0]

    @pytest.mark.parametrize(("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I;16B"), ("TIFF", "I")])
    def test_sixteen_bits_of_grey_become_eight(self, kind, mode):
        deep = np.array([[0, 257, 32_896, 65_535]])
        bytes_of = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4"}
        image = Image.frombytes(mode, (4, 1), deep.astype(bytes_of[mode]).tobytes())
        assert pixels(encoded(image, kind))[0, :, 0].tolist() == [0, 1, 128, 255]

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
    def test_transparency_is_laid_on_white(self, kind):
        image = Image.new("RGBA", (3, 1))
        for column, value in enumerate([(10, 20, 30, 0), (200, 0, 0, 128), (200, 0, 0, 255)]):
            image.putpixel((column, 0), value)
        lossless = {"lossless": True} if kind == "WEBP" else {}
        assert pixels(encoded(image, kind, **lossless)).tolist() == [[[255] * 3, [227, 127, 127], [200, 0, 0]]]

    def test_grey_with_transparency_is_laid_on_white(self):
        assert pixels(encoded(Image.new("LA", (1, 1), (10, 0)), "PNG")).tolist() == [[[255] * 3]]

    @pytest.mark.parametrize("transparency", [0, b"\x00\xff"])
    def test_a_palettes_transparent_entry_is_laid_on_white(self, transparency):
        image = Image.new("P", (2, 1))
        image.putpalette([9, 9, 9, 200, 0, 0])
        image.putpixel((1, 0), 1)
        assert pixels(encoded(image, "PNG", transparency=transparency)).tolist() == [[[255] * 3, [200, 0, 0]]]

    @pytest.mark.parametrize(
        ("kind", "options"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})]
    )
    def test_of_several_frames_the_first_counts(self, kind, options):
        first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
        content = encoded(first, kind, save_all=True, append_images=[second], **options)
        assert pixels(content)[0, 0].tolist() == [255, 0, 0]

    @pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
    def test_what_phones_save_can_be_read(self, upright, kind):
        import pillow_heif

        pillow_heif.register_heif_opener()
        seen = pixels(encoded(upright, kind, quality=95))
        assert np.abs(seen[4::40, 4::56].astype(int) - np.asarray(upright)[4::40, 4::56]).max() <= 12


class TestSources:
    def test_a_path_its_text_and_its_bytes_are_one_picture(self, upright, tmp_path):
        path = tmp_path / "no ending"
        upright.save(path, "PNG")
        read = [read_picture(source) for source in (path, str(path), path.read_bytes())]
        assert {picture.sha256 for picture in read} == {sha256_of(path.read_bytes())}
        assert len({picture.image.tobytes() for picture in read}) == 1
        assert [picture.name for picture in read[:2]] == [str(path)] * 2

    def test_an_image_in_memory_never_was_a_file(self, upright):
        assert read_picture(upright).sha256 is None
        assert read_picture(upright).name == "picture"

    def test_an_image_in_memory_is_not_changed(self):
        image = Image.new("RGBA", (2, 2), (10, 20, 30, 0))
        read_picture(image)
        assert (image.mode, image.getpixel((0, 0))) == ("RGBA", (10, 20, 30, 0))


class TestSize:
    def test_the_whole_picture_fits_the_network_its_proportions_given_up(self, upright):
        small = resized(upright, height=8, width=8)
        assert (small.shape, small.dtype) == ((8, 8, 3), np.uint8)
        assert small[0, 0].tolist() == [255, 0, 0]
        assert small[7, 7].tolist() == [255, 255, 0]

    def test_a_picture_of_the_right_size_is_left_as_it_is(self, upright):
        assert np.array_equal(resized(upright, height=48, width=64), np.asarray(upright))

    def test_small_is_antialiased(self):
        stripes = Image.fromarray(np.tile(np.uint8([0, 255]), (64, 32))).convert("RGB")
        assert np.ptp(resized(stripes, height=8, width=8)) <= 10

    def test_a_large_photo_is_decoded_whole_as_anybody_would(self):
        drawn = next(draw_pictures(1, seed=3)).image.resize((1280, 960))
        content = encoded(drawn, "JPEG", quality=92)
        with Image.open(io.BytesIO(content)) as opened:
            assert np.array_equal(pixels(content), np.asarray(opened))


class TestFailures:
    @pytest.fixture
    def refused(self):
        """Read a source that must be refused; return the one line that says why."""

        def refused(source):
            with pytest.raises(ImageUnreadable) as caught:
                read_picture(source)
            line = str(caught.value)
            assert "\n" not in line
            assert "0x" not in line
            return line

        return refused

    def test_a_missing_file(self, refused, tmp_path):
        assert refused(tmp_path / "a.jpg") == f"{tmp_path}/a.jpg does not exist: check the path"

    def test_a_folder(self, refused, tmp_path):
        assert refused(tmp_path) == f"{tmp_path} is a folder, not a picture: name a file in it"

    def test_a_file_that_the_system_will_not_read(self, refused, tmp_path):
        name = tmp_path / ("a" * 300)
        assert refused(name) == f"{name} cannot be read (File name too long): check its permissions"

    def test_an_empty_file(self, refused, tmp_path):
        (tmp_path / "a.jpg").touch()
        assert refused(tmp_path / "a.jpg") == f"{tmp_path}/a.jpg is empty: copy or export it again"

    @pytest.mark.parametrize("content", [b"a text", b"GIF89a", b"\0\0\0\x18ftypheicdamaged", b"\x89PNG\r\n\x1a\n"])
    def test_no_picture_says_so_alike_each_time(self, refused, tmp_path, content):
        path = tmp_path / "a.jpg"
        path.write_bytes(content)
        line = refused(path)
        assert line == refused(path)
        assert line.startswith(f"{path} cannot be decoded: it is ")

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "JPEG2000", "BMP"])
    def test_a_decoders_own_words_stay_behind(self, upright, kind):
        content = encoded(upright, kind)
        with pytest.raises(ImageUnreadable) as caught:
            read_picture(content[: len(content) * 2 // 3])
        for words in ("stream", "decoder", "codec", "b'", "object", "bytes not processed"):
            assert words not in str(caught.value)

    @pytest.mark.parametrize("kind", ["EPS", "ICO", "PDF", "TGA"])
    def test_what_only_looks_like_a_picture_to_some(self, refused, upright, kind, tmp_path, monkeypatch):
        started = tmp_path / "started"
        ghostscript = tmp_path / "gs"
        ghostscript.write_text(f"#!/bin/sh\ntouch {started}\n")
        ghostscript.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        assert "cannot be decoded" in refused(encoded(upright, kind))
        assert not started.exists()  # Pillow would have it draw EPS

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
    def test_a_truncated_picture(self, refused, upright, kind):
        import pillow_heif

        pillow_heif.register_heif_opener()
        content = encoded(next(draw_pictures(1, seed=3)).image, kind)
        line = refused(content[: len(content) // 2])
        assert line.startswith(f"picture {sha256_of(content[: len(content) // 2])[:12]} cannot be decoded")

    def test_a_truncated_picture_that_pillow_has_opened(self, refused, upright):
        content = encoded(next(draw_pictures(1, seed=3)).image, "JPEG")
        with Image.open(io.BytesIO(content[: len(content) // 2])) as opened:
            assert refused(opened).startswith("picture cannot be decoded: it is truncated")

    @pytest.mark.parametrize("pillows_own_limit", [Image.MAX_IMAGE_PIXELS, None])
    def test_huge_dimensions_are_refused_before_anything_is_decoded(self, refused, monkeypatch, pillows_own_limit):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", pillows_own_limit)
        content = bytearray(encoded(Image.new("RGB", (1, 1)), "BMP"))
        content[18:26] = (20_000).to_bytes(4, "little") * 2
        assert refused(bytes(content)).endswith(" has more than 178956970 pixels: scale it down")

    def test_the_limit_is_the_one_that_pillow_keeps_too(self):
        assert imaging.PIXEL_LIMIT == 2 * Image.MAX_IMAGE_PIXELS

    def test_floating_point_pixels_of_unknown_scale(self, refused):
        assert "export it as 8-bit JPEG or PNG" in refused(encoded(Image.new("F", (2, 2)), "TIFF"))


class TestWarnings:
    def test_a_large_picture_is_read_without_a_word(self, monkeypatch, upright):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", upright.width * upright.height - 1)
        assert pixels(encoded(upright, "PNG")).shape == (48, 64, 3)

    def test_threads_that_overlap_leave_the_programs_own_filters_alone(self, monkeypatch, upright):
        first, second = encoded(upright, "PNG"), encoded(upright, "BMP")
        both_inside, first_has_left = threading.Barrier(2), threading.Event()
        really_open, before = Image.open, list(warnings.filters)

        def open_in_turn(stream, **options):
            both_inside.wait(10)
            assert stream.getvalue() == first or first_has_left.wait(10)
            return really_open(stream, **options)

        monkeypatch.setattr(Image, "open", open_in_turn)
        with ThreadPoolExecutor(2) as pool:
            reading = [pool.submit(read_picture, content) for content in (first, second)]
            reading[0].result()
            first_has_left.set()
            reading[1].result()
        assert warnings.filters == before
