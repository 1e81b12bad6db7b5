"""Whether a photo is dark, bright, blurred or small: hints for whoever reads the scores; without Qt.

Measured as ``acnelib.dataset`` does for learning, with stricter limits: what is fit to learn from may still be poor.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.imaging import resized

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

SMALLEST_SIDE = 64
"""Pixels of the shorter side below which lesions cannot be told apart."""

DARKEST, BRIGHTEST = 40.0, 225.0
"""Mean luma (0–255) beyond which skin is hard to see."""

LEAST_SHARPNESS = 0.3
"""Variance of the Laplacian in relation to contrast (Pech-Pacheco et al. 2000) below which a photo is blurred."""

_LEAST_CONTRAST = 2.5  # a plain surface has no edges that could be blurred
_LOOKED_AT = 256


class Hint(StrEnum):
    """What is wrong with a photo."""

    SMALL = "small"
    DARK = "dark"
    BRIGHT = "bright"
    BLURRED = "blurred"


def hints_of(image: Image.Image) -> tuple[Hint, ...]:
    """Return what makes the scores of an upright picture less reliable, whatever the model is."""
    side = min(_LOOKED_AT, max(image.size))  # never enlarged, for that would blur
    grey = resized(image.convert("L"), height=side, width=side).astype(np.float64)
    small = min(image.size) < SMALLEST_SIDE
    found = {
        Hint.SMALL: small,
        Hint.DARK: grey.mean() < DARKEST,
        Hint.BRIGHT: grey.mean() > BRIGHTEST,
        Hint.BLURRED: not small and grey.std() >= _LEAST_CONTRAST and _sharpness(grey) < LEAST_SHARPNESS,
    }
    return tuple(hint for hint, holds in found.items() if holds)


def _sharpness(grey: npt.NDArray[np.float64]) -> float:
    laplacian = 4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    return float(laplacian.var() / (grey.std() + 1))
