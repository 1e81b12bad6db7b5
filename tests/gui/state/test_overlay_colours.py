"""The colours of the overlay are far from skin of any tone, as people see them with and without a deficiency."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from gui.state.overlay import COLOURS

# The Monk Skin Tone Scale (E. Monk, 2019, skintone.google), and three tones of inflamed skin.
TONES = (
    *("f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a", "292420"),
    *("e39a8b", "c96a5a", "a8453c"),
)
# How colours look without one of the three kinds of cones, in linear RGB: G. Machado, M. Oliveira and L. Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15, 1291, 2009; severity 1.
VISIONS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
FAR = 40.0
"""A distance in CIELAB that everyone notices; 2.3 is just noticeable."""


def lab(rgb: tuple[int, ...], vision: str) -> npt.NDArray[np.float64]:
    """Return how a colour looks, in CIELAB."""
    share = np.array(rgb) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen = (XYZ @ np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)) / XYZ.sum(axis=1)
    x, y, z = np.where(seen > 0.008856, np.cbrt(seen), 7.787 * seen + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_is_far_from_every_tone(colour: tuple[int, int, int], vision: str) -> None:
    tones = [tuple(bytes.fromhex(tone)) for tone in TONES]
    assert min(float(np.linalg.norm(lab(colour, vision) - lab(tone, vision))) for tone in tones) >= FAR


def test_stronger_places_are_darker_for_people_who_see_no_colour() -> None:
    lightness = [lab(colour, "usual")[0] for colour in COLOURS]
    assert lightness == sorted(lightness, reverse=True)
    assert lightness[0] - lightness[-1] > 20
