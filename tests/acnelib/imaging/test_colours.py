"""The same photo stored in another colour space is the same photo."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from colour_spaces import INKS, SPACES, SRGB_PRIMARIES, grey_profile, press_profile, stored_in
from PIL import Image, ImageCms

from acnelib.atlas.drawing import draw_pictures
from acnelib.imaging import read_picture
from acnelib.imaging.profiles import BT_2020, DAYLIGHT, DISPLAY_P3, SRGB_CURVE, matrix_profile

LOSSLESS = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}}
SLACK = 5
"""Levels by which 8 bits in a wide space are coarser than 8 bits in sRGB."""


def encoded(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def gap(source, image):
    seen = np.asarray(read_picture(source).image).astype(int)
    return np.abs(seen - np.asarray(image.convert("RGB"))).max()


@pytest.fixture(scope="module")
def photo():
    return next(draw_pictures(1, seed=3)).image.resize((80, 60))


@pytest.fixture(params=SPACES)
def profile(request):
    return SPACES[request.param]


class TestProfiles:
    @pytest.mark.parametrize("form", LOSSLESS)
    def test_a_photo_in_another_space_is_the_same_photo(self, photo, profile, form):
        content = encoded(stored_in(photo, profile), form, icc_profile=profile, **LOSSLESS[form])
        assert gap(content, photo) <= SLACK

    def test_without_its_profile_it_would_be_another(self, photo, profile):
        assert gap(encoded(stored_in(photo, profile), "PNG"), photo) > SLACK

    @pytest.mark.parametrize("form", ["JPEG", "MPO", "HEIF", "AVIF"])
    def test_every_format_that_carries_one_is_asked(self, photo, form):
        import pillow_heif

        pillow_heif.register_heif_opener()
        space = SPACES["wide gamut"]
        stored = stored_in(photo, space)
        meant = read_picture(encoded(stored, "PNG", icc_profile=space)).image
        content = encoded(stored, form, icc_profile=space, quality=95)
        seen = np.asarray(read_picture(content).image).astype(int)
        assert np.abs(seen - np.asarray(meant)).mean() < 2

    def test_a_jpeg_2000_is_asked_too(self, photo, profile):
        content = encoded(stored_in(photo, profile), "JPEG2000")
        head, colours = content.index(b"jp2h") - 4, content.index(b"colr") - 4
        box = struct.pack(">I", 11 + len(profile)) + b"colr\2\0\0" + profile
        longer = struct.unpack_from(">I", content, head)[0] + len(box) - 15
        content = (
            content[:head] + struct.pack(">I", longer) + content[head + 4 : colours] + box + content[colours + 15 :]
        )
        assert gap(content, photo) <= SLACK

    def test_transparency_is_laid_on_white_after_the_colours_are_right(self, photo, profile):
        layers = stored_in(photo, profile)
        layers.putalpha(Image.linear_gradient("L").resize(photo.size))
        meant = photo.copy()
        meant.putalpha(Image.linear_gradient("L").resize(photo.size))
        on_white = Image.alpha_composite(Image.new("RGBA", photo.size, "white"), meant)
        assert gap(encoded(layers, "PNG", icc_profile=profile), on_white) <= SLACK

    @pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
    def test_grey_of_another_curve_is_the_same_grey(self, photo, mode):
        steep = grey_profile(1.0)
        levels = np.arange(256)
        curve = np.where(levels <= 10, levels / 255 / 12.92, ((levels / 255 + 0.055) / 1.055) ** 2.4)
        grey = np.asarray(photo.convert("L"))
        linear = np.round(curve * 255).astype(np.uint8)[grey]
        image = Image.fromarray(linear.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(linear)
        content = encoded(image.convert("LA") if mode == "LA" else image, "PNG", icc_profile=steep)
        seen = np.asarray(read_picture(content).image)
        bright = grey > 60  # 8 bits of a straight curve are coarse where it is dark
        assert np.abs(seen[..., 0].astype(int) - grey)[bright].max() <= 4
        assert np.ptp(seen, axis=2).max() == 0

    @pytest.mark.parametrize("form", ["TIFF", "JPEG"])
    def test_printers_colours_are_those_of_the_press(self, form):
        image = Image.new("CMYK", (8 * len(INKS), 8))
        for place, ink in enumerate(INKS):
            image.paste(tuple(255 if name == ink else 0 for name in "CMYK"), (8 * place, 0, 8 * place + 8, 8))
        options = {"quality": 100} if form == "JPEG" else {}
        seen = read_picture(encoded(image, form, icc_profile=press_profile(), **options)).image
        for place, (ink, (_, meant)) in enumerate(INKS.items()):
            gaps = np.subtract(seen.getpixel((8 * place + 4, 4)), meant)
            assert np.abs(gaps).max() <= 6, ink

    def test_a_palettes_colours_are_converted(self, photo, profile):
        content = encoded(stored_in(photo, profile).quantize(64), "PNG", icc_profile=profile)
        plain = read_picture(encoded(photo.quantize(64), "PNG")).image
        assert np.abs(np.asarray(read_picture(content).image).astype(int) - plain).mean() < 6

    @pytest.mark.parametrize("profile", [b"damaged", b"", SPACES["Display P3"][:200], b"\0" * 5_000_000])
    def test_a_damaged_profile_is_taken_for_srgb(self, photo, profile):
        assert gap(encoded(photo, "TIFF", icc_profile=profile), photo) == 0

    def test_a_profile_of_other_colours_than_the_picture_has_is_taken_for_srgb(self, photo):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        for profile in (lab, grey_profile(1.0)):
            assert gap(encoded(photo, "PNG", icc_profile=profile), photo) == 0

    @pytest.mark.parametrize(
        "profile",
        [
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
            matrix_profile(SRGB_PRIMARIES, curve=SRGB_CURVE, name="another sRGB"),
            matrix_profile(SRGB_PRIMARIES, curve=SRGB_CURVE, white=(0.3128, 0.3291)),
        ],
        ids=["LittleCMS", "parametric", "another white"],
    )
    def test_a_profile_that_means_srgb_changes_no_pixel(self, photo, profile):
        assert gap(encoded(photo, "PNG", icc_profile=profile), photo) == 0

    def test_an_image_that_pillow_holds_is_converted_too_and_once(self, photo, profile):
        content = encoded(stored_in(photo, profile), "PNG", icc_profile=profile)
        with Image.open(io.BytesIO(content)) as lazy:
            assert gap(lazy, photo) <= SLACK
        with Image.open(io.BytesIO(content)) as decoded:
            decoded.load()
            assert gap(decoded, photo) <= SLACK
        once = read_picture(content).image
        assert gap(once, once) == 0

    def test_threads_share_a_conversion(self, photo, profile):
        content = encoded(stored_in(photo, profile), "PNG", icc_profile=profile)
        alone = read_picture(content).image.tobytes()
        with ThreadPoolExecutor(8) as pool:
            assert {picture.image.tobytes() for picture in pool.map(read_picture, [content] * 64)} == {alone}


class TestNumbers:
    """Colour that is named by the numbers of ITU-T H.273, without a profile."""

    @pytest.mark.parametrize(("space", "primaries", "transfer"), [("Display P3", 12, 13), ("BT.2020", 9, 14)])
    def test_a_png_says_its_space_by_numbers(self, photo, space, primaries, transfer):
        content = encoded(stored_in(photo, SPACES[space]), "PNG")
        data = bytes([primaries, transfer, 0, 1])
        chunk = b"\0\0\0\x04cICP" + data + zlib.crc32(b"cICP" + data).to_bytes(4, "big")
        without = read_picture(content).image
        assert gap(content[:33] + chunk + content[33:], photo) <= SLACK < gap(without, photo)

    @pytest.mark.parametrize("form", ["HEIF", "AVIF"])
    @pytest.mark.parametrize(("space", "primaries", "transfer"), [("Display P3", 12, 13), ("BT.2020", 9, 14)])
    def test_a_phones_photo_says_its_space_by_numbers(self, photo, form, space, primaries, transfer):
        import pillow_heif

        pillow_heif.register_heif_opener()
        stored = stored_in(photo, SPACES[space])
        content = bytearray(encoded(stored, form, quality=95))
        place = content.find(b"colrnclx")
        if place < 0:
            pytest.skip("the encoder notes no numbers")
        content[place + 8 : place + 12] = bytes([0, primaries, 0, transfer])
        seen = np.asarray(read_picture(bytes(content)).image).astype(int)
        unmarked = np.asarray(stored).astype(int)
        meant = np.asarray(photo).astype(int)
        assert np.abs(seen - meant).mean() < np.abs(unmarked - meant).mean() / 2

    @pytest.mark.parametrize("numbers", [(1, 13), (1, 1), (2, 2), (9, 16), (12, 18), (200, 200)])
    def test_srgb_and_what_is_not_known_change_nothing(self, photo, numbers):
        content = encoded(photo, "PNG")
        data = bytes([*numbers, 0, 1])
        chunk = b"\0\0\0\x04cICP" + data + zlib.crc32(b"cICP" + data).to_bytes(4, "big")
        assert gap(content[:33] + chunk + content[33:], photo) == 0


def test_daylight_is_white_in_every_space():
    for primaries in (SRGB_PRIMARIES, DISPLAY_P3, BT_2020):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(matrix_profile(primaries, curve=(2.2,), white=DAYLIGHT)))
        profile = profile.profile
        columns = (profile.red_colorant, profile.green_colorant, profile.blue_colorant)
        assert np.allclose(np.sum([column[0] for column in columns], axis=0), [0.9642, 1.0, 0.8249], atol=1e-3)
