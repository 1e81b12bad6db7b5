"""The estimate of skin tone: known colours, and no answer where there is no skin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from acnelib.evaluation.skin_tone import (
    NO_ESTIMATE,
    Tone,
    lab_of,
    tone_of,
    tone_slices,
    typology_angle,
    typology_angles,
)

SKIN = (224, 172, 140)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((119, 119, 119), (50.03, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_known_colours_have_their_lab_values(rgb, lab):
    assert lab_of(np.array(rgb, dtype=np.uint8)) == pytest.approx(lab, abs=0.02)


@pytest.mark.parametrize("rgb", [SKIN, (241, 194, 160), (141, 85, 56), (90, 58, 42)])
def test_the_angle_of_one_colour_follows_the_formula(rgb):
    lightness, _, yellowness = lab_of(np.array(rgb, dtype=np.uint8))
    angle = math.degrees(math.atan((lightness - 50) / yellowness))
    assert typology_angle(Image.new("RGB", (40, 30), rgb)) == pytest.approx(angle)


def test_lighter_skin_has_a_larger_angle():
    angles = [typology_angle(Image.new("RGB", (9, 9), rgb)) for rgb in ((245, 208, 180), SKIN, (141, 85, 56))]
    assert angles == sorted(angles, reverse=True)


@pytest.mark.parametrize(
    ("angle", "tone"),
    [
        (55.1, Tone.VERY_LIGHT),
        (55, Tone.LIGHT),
        (41, Tone.INTERMEDIATE),
        (28, Tone.TAN),
        (10, Tone.BROWN),
        (-30, Tone.DARK),
        (-80, Tone.DARK),
    ],
)
def test_angles_have_the_published_bounds(angle, tone):
    assert tone_of(angle) == tone


def test_a_blue_wall_has_no_skin():
    assert typology_angle(Image.new("RGB", (40, 30), (40, 80, 200))) is None


def test_a_little_skin_is_not_enough():
    image = Image.new("RGB", (100, 100), "white")
    image.paste(SKIN, (0, 0, 100, 14))
    assert typology_angle(image) is None
    image.paste(SKIN, (0, 0, 100, 20))
    assert typology_angle(image) is not None


def test_highlights_and_what_is_no_skin_do_not_count():
    image = Image.new("RGB", (100, 100), SKIN)
    alone = typology_angle(image)
    image.paste((255, 235, 215), (0, 0, 100, 55))
    image.paste((30, 90, 200), (0, 80, 100, 100))
    assert typology_angle(image) == pytest.approx(alone, abs=0.5)


def test_the_darkest_twentieth_of_the_skin_lies_in_shadow_and_does_not_count():
    rows = (np.linspace(0.6, 1, 100)[:, None] * SKIN).astype(np.uint8)
    lightness, _, yellowness = np.median(lab_of(rows[5:]), axis=0)
    image = Image.fromarray(np.repeat(rows[:, None], 50, axis=1))
    assert typology_angle(image) == pytest.approx(math.degrees(math.atan((lightness - 50) / yellowness)), abs=0.05)


def test_photos_are_sliced_by_tone_and_those_that_cannot_be_read_have_no_estimate(tmp_path):
    Image.new("RGB", (20, 20), SKIN).save(tmp_path / "skin", "PNG")
    (tmp_path / "damaged").write_bytes(b"no picture")
    found = tone_slices(typology_angles(["skin", "damaged", "missing"], picture=tmp_path.joinpath))
    assert found == {"skin": "light", "damaged": NO_ESTIMATE, "missing": NO_ESTIMATE}
