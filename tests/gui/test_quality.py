from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from gui.quality import Hint, hints_of


@pytest.fixture(scope="module")
def sharp() -> Image.Image:
    noise = np.random.default_rng(0).integers(70, 190, (240, 320, 3), dtype=np.uint8)
    return Image.fromarray(noise).filter(ImageFilter.GaussianBlur(1))


def test_a_sharp_and_well_lit_photo_has_no_hints(sharp: Image.Image) -> None:
    assert hints_of(sharp) == ()


def test_a_dark_photo_and_a_bright_one_are_told(sharp: Image.Image) -> None:
    assert hints_of(sharp.point(lambda value: value // 5)) == (Hint.DARK,)
    assert hints_of(sharp.point(lambda value: 235 + value // 20)) == (Hint.BRIGHT,)


def test_a_blurred_photo_is_told() -> None:
    halves = Image.new("RGB", (320, 240), (90, 60, 50))
    halves.paste((200, 160, 140), (0, 0, 160, 240))
    assert hints_of(halves) == ()
    assert hints_of(halves.filter(ImageFilter.GaussianBlur(12))) == (Hint.BLURRED,)


def test_a_plain_surface_is_not_blurred() -> None:
    assert hints_of(Image.new("RGB", (320, 240), (120, 90, 80))) == ()


def test_a_small_photo_is_small_and_nothing_else(sharp: Image.Image) -> None:
    assert hints_of(sharp.resize((300, 63))) == (Hint.SMALL,)
    assert hints_of(sharp.resize((300, 64))) == ()
