"""What a picture shows too little of skin for, as measured and judged once for curation, answers and the app."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps

from acnelib.imaging.quality import Quality, Unfitness, border_of, measures_of, quality_of, unfitness


def qualities(image):
    return quality_of(measures_of(image))


def reason(image):
    unfit = unfitness(measures_of(image))
    return None if unfit is None else unfit[0]


@pytest.fixture(scope="module")
def sharp():
    noise = np.random.default_rng(0).integers(70, 190, (240, 320), dtype=np.uint8)
    return Image.fromarray(noise).convert("RGB")


def test_nothing_is_said_of_a_sharp_and_well_lit_photo(sharp):
    assert (qualities(sharp), reason(sharp)) == ((), None)


def test_a_dark_photo_and_a_bright_one_are_told_and_may_yet_be_fit(sharp):
    dark, bright = sharp.point(lambda value: value // 5), sharp.point(lambda value: 215 + value // 8)
    assert (qualities(dark), reason(dark)) == ((Quality.DARK,), None)
    assert (qualities(bright), reason(bright)) == ((Quality.BRIGHT,), None)


def test_what_is_too_dark_or_too_bright_is_told_and_unfit(sharp):
    dark, bright = sharp.point(lambda value: value // 12), sharp.point(lambda value: 240 + value // 16)
    assert (qualities(dark), reason(dark)) == ((Quality.DARK,), Unfitness.TOO_DARK)
    assert (qualities(bright), reason(bright)) == ((Quality.BRIGHT,), Unfitness.TOO_BRIGHT)


def test_a_blurred_photo_is_told_and_unfit():
    halves = Image.new("RGB", (320, 240), (90, 60, 50))
    halves.paste((200, 160, 140), (0, 0, 160, 240))
    assert qualities(halves) == ()
    halves.paste(Image.linear_gradient("L").resize((160, 240)), (160, 0))  # not all in four levels of grey
    blurred = halves.filter(ImageFilter.GaussianBlur(12))
    assert (qualities(blurred), reason(blurred)) == ((Quality.BLURRED,), Unfitness.BLURRED)


def test_a_plain_surface_is_not_blurred_but_no_photo_either():
    plain = Image.new("RGB", (320, 240), (120, 90, 80))
    assert (qualities(plain), reason(plain)) == ((), Unfitness.NOT_A_PHOTO)


@pytest.mark.parametrize(("side", "reported", "unfit"), [(63, (Quality.SMALL,), Unfitness.TOO_SMALL), (64, (), None)])
def test_a_photo_with_a_side_below_64_pixels_is_small(sharp, side, reported, unfit):
    narrow = sharp.resize((300, side))
    assert (qualities(narrow), reason(narrow)) == (reported, unfit)


def test_a_small_photo_may_be_blurred_as_well(sharp):
    blurred = sharp.crop((0, 0, 60, 60)).filter(ImageFilter.GaussianBlur(3))
    shaded = Image.blend(blurred, Image.linear_gradient("L").resize((60, 60)).convert("RGB"), 0.5)
    assert qualities(shaded) == (Quality.SMALL, Quality.BLURRED)


def test_a_border_takes_no_part(sharp):
    framed = ImageOps.expand(sharp.point(lambda value: value // 5), 60, "white")
    assert qualities(framed) == (Quality.DARK,)


def test_the_noise_of_a_large_photo_does_not_hide_that_it_is_blurred():
    ramp = np.asarray(Image.linear_gradient("L").resize((1536, 1536)), dtype=np.float64)
    noise = np.random.default_rng(0).normal(0, 4, ramp.shape)
    large = Image.fromarray((ramp * 0.5 + 60 + noise).clip(0, 255).astype(np.uint8)).convert("RGB")
    assert qualities(large) == (Quality.BLURRED,)


def test_a_large_photo_is_measured_as_if_all_of_it_had_been_resized(sharp):
    large = sharp.resize((2100, 1600), Image.Resampling.BICUBIC)
    levels = np.asarray(large.convert("L").resize((256, 256), Image.Resampling.BILINEAR))
    found = measures_of(large)
    assert (found.width, found.height) == (2100, 1600)
    assert found.brightness == pytest.approx(levels.mean(), abs=0.5)
    assert found.contrast == pytest.approx(levels.std(), rel=0.1)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 2), (3, 1), (500, 1), (500, 3)])
def test_pictures_of_a_few_pixels_are_small(size):
    assert Quality.SMALL in qualities(Image.new("RGB", size, "pink"))


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    spread=st.integers(1, 60),
    edges=st.tuples(*(st.integers(0, 110) for _ in range(4))),
    frames=st.tuples(*(st.integers(0, 235) for _ in range(4))),
    unevenness=st.integers(0, 20),
)
def test_a_border_is_as_wide_as_when_every_line_is_looked_at(seed, spread, edges, frames, unevenness):
    chance = np.random.default_rng(seed)
    grey = chance.integers(128 - spread, 128 + spread, (256, 256)).astype(np.uint8)
    left, top, right, bottom = edges
    for lines, level in zip(
        (grey[:, :left], grey[:top], grey[:, 256 - right :], grey[256 - bottom :]), frames, strict=True
    ):
        lines[...] = level + chance.integers(0, unevenness + 1, lines.shape)
    (left, right), (top, bottom) = run_lengths(grey.T), run_lengths(grey)
    assert border_of(grey) == (left, top, right, bottom)


def run_lengths(grey):
    """How many lines at either end are of one grey, none of more than a third or so, from the whole picture."""
    low, middle, high = np.percentile(grey, (2, 50, 98), axis=1)
    found = []
    for order in (slice(None), slice(None, None, -1)):
        even = ((high - low <= 14)[order]) & (np.abs(middle[order] - middle[order][0]) <= 14)
        length = len(even) if even.all() else int(np.argmin(even))
        found.append(length if length <= 89 else 0)
    return found
