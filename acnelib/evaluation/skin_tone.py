"""Estimate of the skin tone on a photo, to compare a model's errors across skin tones.

Light, camera and the condition itself (redness) change the estimate. It describes a picture, not a person.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import ImageUnreadable
from acnelib.imaging import reading, resized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

FAMILY = "Skin tone, estimated"
"""Name of the slices by skin tone."""

NOTE = (
    "Estimated from the photo by the individual typology angle. Light, exposure, camera and redness can shift it by "
    "whole classes, and no person was measured: it describes the picture, not the person."
)
"""Note shown with these slices."""

NO_ESTIMATE = "no estimate"
"""Slice of the photos with too few skin-coloured pixels."""

FEWEST_SKIN = 0.15
"""Lowest share of skin-coloured pixels for an estimate."""

_SIDE = 160  # pixels of the longest side
_CB, _CR = (77, 127), (133, 173)
_HIGHLIGHT = 235  # luma from which skin reflects the lamp rather than its own colour
_SHADOW = 0.05
_WORKERS = 2

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)  # D65
_TO_RELATIVE_XYZ = (_TO_XYZ.T / _WHITE).astype(np.float32)
_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)
"""Linear light of each of the 256 levels of sRGB."""


class Tone(StrEnum):
    """Classes of the individual typology angle (Chardon, Cretois and Hourseau 1991), lightest first."""

    VERY_LIGHT = "very light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


_ABOVE = {Tone.VERY_LIGHT: 55, Tone.LIGHT: 41, Tone.INTERMEDIATE: 28, Tone.TAN: 10, Tone.BROWN: -30}  # degrees


def tone_of(angle: float) -> Tone:
    """Return the class of an individual typology angle in degrees."""
    return next((tone for tone, above in _ABOVE.items() if angle > above), Tone.DARK)


def tone_slices(angles: Mapping[str, float | None]) -> dict[str, str]:
    """Return the tone of each photo by its hash, or :data:`NO_ESTIMATE`: the slices of :data:`FAMILY`.

    Args:
        angles: Typology angle of each in degrees.
    """
    return {sha256: NO_ESTIMATE if angle is None else str(tone_of(angle)) for sha256, angle in angles.items()}


def typology_angles(photos: Iterable[str], *, picture: Callable[[str], Path]) -> dict[str, float | None]:
    """Return the typology angle of each photo by its hash; None without an estimate, as for unreadable photos.

    Args:
        photos: SHA-256 of each.
        picture: Returns the file of a photo by its SHA-256.
    """
    names = tuple(photos)

    def angle_of(sha256: str) -> float | None:
        try:
            with reading(picture(sha256)) as read:
                return typology_angle(read.image)
        except ImageUnreadable:
            return None

    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(zip(names, pool.map(angle_of, names), strict=True))


def typology_angle(image: Image.Image) -> float | None:
    """Estimate the individual typology angle of the skin on a photo: atan((L* − 50) / b*), in degrees.

    L* and b* are medians of the skin-coloured pixels: Cb 77–127 and Cr 133–173 (Chai and Ngan 1999, here on
    JPEG's full-range YCbCr; a rule on chrominance alone, which holds for dark and light skin), without highlights (luma
    of 235 or more) and the darkest 5 %, which are in shadow.

    Args:
        image: RGB, assumed to be sRGB.

    Returns:
        −90 to 90, lighter is higher; None if less than 15 % of the pixels are skin-coloured.
    """
    scale = min(1.0, _SIDE / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    pixels = resized(image, height=height, width=width)
    skin = pixels[_skin_mask(pixels)]
    if len(skin) < FEWEST_SKIN * width * height:
        return None
    lab = lab_of(skin)
    lit = lab[lab[:, 0] >= np.quantile(lab[:, 0], _SHADOW)]
    lightness, yellowness = np.median(lit[:, 0]), np.median(lit[:, 2])
    if yellowness <= 0:
        return None  # bluish light: the angle has no meaning
    return float(np.degrees(np.arctan((lightness - 50) / yellowness)))


def lab_of(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return sRGB pixels [..., 3] as CIELAB of D65 (IEC 61966-2-1, CIE 15): L* 0–100, a*, b*."""
    xyz = _LINEAR[pixels] @ _TO_RELATIVE_XYZ
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _skin_mask(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    red, green, blue = np.moveaxis(pixels.astype(np.float32), -1, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = 128 + 0.564334 * (blue - luma), 128 + 0.713267 * (red - luma)
    mask: npt.NDArray[np.bool_] = (
        (cb >= _CB[0]) & (cb <= _CB[1]) & (cr >= _CR[0]) & (cr <= _CR[1]) & (luma < _HIGHLIGHT)
    )
    return mask
