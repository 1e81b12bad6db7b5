"""ICC profiles of spaces that files name by numbers alone: three primaries, a white of daylight and a curve."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.imaging.pixel_metadata import CodedColour

Primaries: TypeAlias = "tuple[tuple[float, float], tuple[float, float], tuple[float, float]]"
"""Chromaticities x and y of red, green and blue (CIE 1931)."""

SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""IEC 61966-2-1 as a parametric curve: exponent, a, b, c, d of ICC.1:2010, 10.16, type 3."""

VIDEO_CURVE = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
"""ITU-R BT.709 and BT.2020, turned round."""

DISPLAY_P3: Primaries = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
BT_2020: Primaries = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
DAYLIGHT = (0.3127, 0.3290)

_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_PRIMARIES = {9: BT_2020, 12: DISPLAY_P3}
_CURVES = {1: VIDEO_CURVE, 6: VIDEO_CURVE, 14: VIDEO_CURVE, 15: VIDEO_CURVE, 13: SRGB_CURVE} | {
    4: (2.2,),
    5: (2.8,),
    8: (1.0,),
}


def profile_of(coded: CodedColour) -> bytes | None:
    """Return the profile of a space that is named by numbers; None for sRGB, what is like it, and what is not known.

    Numbers as in ITU-T H.273. Transfer functions of high dynamic range (16 and 18) are not converted: which of their
    levels is white depends on the screen.
    """
    primaries, curve = _PRIMARIES.get(coded.primaries), _CURVES.get(coded.transfer)
    return None if primaries is None or curve is None else matrix_profile(primaries, curve=curve)


def matrix_profile(
    primaries: Primaries,
    *,
    curve: Sequence[float],
    white: tuple[float, float] = DAYLIGHT,
    name: str = "named by numbers",
) -> bytes:
    """Return an ICC profile, version 4, of a space of three primaries.

    Args:
        primaries: Chromaticities of red, green and blue.
        curve: An exponent alone, or the five numbers of :data:`SRGB_CURVE`.
        white: Chromaticity of white.
        name: Its description.
    """
    tags = {b"rTRC": _curve(curve), b"gTRC": _curve(curve), b"bTRC": _curve(curve)}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, _colorants(primaries, white).T), strict=True))
    return _profile(tags, space=b"RGB ", name=name)


def _profile(tags: dict[bytes, bytes], *, space: bytes, name: str) -> bytes:
    tags = {b"desc": _text(name), b"cprt": _text("no rights reserved"), b"wtpt": _xyz(_D50)} | tags
    place, table, body = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        table += struct.pack(">4sII", tag, place + len(body), len(data))
        body += data.ljust(-(-len(data) // 4) * 4, b"\0")
    size = place + len(body)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"\0\0\0\0", 0x04200000, b"mntr", space, b"XYZ ", b"acsp")
    return (head.ljust(68, b"\0") + _s15(_D50)).ljust(128, b"\0") + table + body


def _colorants(primaries: Primaries, white: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return the primaries' XYZ in columns, adapted to D50 as Bradford does (ICC.1:2010, annex E)."""
    columns = np.array([_of_chromaticity(one) for one in primaries]).T
    declared_white = _of_chromaticity(white)
    columns = columns * np.linalg.solve(columns, declared_white)
    scale = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ declared_white))
    adapted: npt.NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD @ columns
    return adapted


def _of_chromaticity(place: tuple[float, float]) -> npt.NDArray[np.float64]:
    x, y = place
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _s15(values: Sequence[float] | npt.NDArray[np.float64]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(float(value) * 65_536) for value in values))


def _xyz(values: npt.NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _s15(values)


def _curve(numbers: Sequence[float]) -> bytes:
    kind = 0 if len(numbers) == 1 else 3
    return b"para\0\0\0\0" + struct.pack(">H2x", kind) + _s15(numbers)


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded
