"""A grain for pictures of one colour: a plain one is no photo, and no answer about it is ever confident."""

from __future__ import annotations

import numpy as np
from PIL import Image

STRONGEST = 24  # levels; green has a little over half of them in luma


def grained(plain: Image.Image) -> Image.Image:
    """Return a picture of one colour with noise in its green, which changes what it mostly is by little."""
    red, green, blue = plain.split()
    level = green.getpixel((0, 0))
    noise = np.random.default_rng(0).integers(0, STRONGEST, (plain.height, plain.width))
    noisy = level - noise if level >= STRONGEST else level + noise
    return Image.merge("RGB", (red, Image.fromarray(noisy.astype(np.uint8)), blue))
