"""Colour spaces that photos come in, as ICC profiles, and pictures stored in them."""

from __future__ import annotations

import io
import struct
from functools import cache

from PIL import Image, ImageCms

from acnelib.imaging import profiles
from acnelib.imaging.profiles import BT_2020, DISPLAY_P3, SRGB_CURVE, VIDEO_CURVE, matrix_profile

SRGB_PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_ADOBE_PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_WIDE_PRIMARIES = ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001))

SPACES = {
    "Display P3": matrix_profile(DISPLAY_P3, curve=SRGB_CURVE),
    "Adobe RGB": matrix_profile(_ADOBE_PRIMARIES, curve=(563 / 256,)),
    "wide gamut": matrix_profile(_WIDE_PRIMARIES, curve=(1.8,), white=(0.3457, 0.3585)),
    "BT.2020": matrix_profile(BT_2020, curve=VIDEO_CURVE),
}

INKS = {
    "paper": ((100, 0, 0), (255, 255, 255)),
    "C": ((60, -20, -30), (54, 156, 197)),
    "M": ((50, 50, 0), (192, 77, 121)),
    "Y": ((85, 0, 60), (238, 211, 94)),
    "K": ((0, 0, 0), (0, 0, 0)),
}
"""What the press of :func:`press_profile` prints, in CIE L*a*b* (D50) and in sRGB."""


def stored_in(image: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture's values in another space, as a camera of that space stores them."""
    target = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    stored = ImageCms.profileToProfile(
        image, ImageCms.createProfile("sRGB"), target, ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB"
    )
    stored.info.clear()  # else it would be saved with its profile
    return stored


@cache
def press_profile() -> bytes:
    """Return the profile of a printing press with four inks: a table of 16 corners (ICC.1:2010, 10.10)."""
    corners = []
    for number in range(16):
        inks = [ink for place, ink in enumerate("CMYK") if number >> (3 - place) & 1]
        colours = [INKS[ink][0] for ink in inks]
        least = min((colour[0] for colour in colours), default=INKS["paper"][0][0])
        black = "K" in inks or not inks
        tint = [0 if black else sum(colour[axis] for colour in colours) / len(colours) for axis in (1, 2)]
        corners.append((least, *tint))
    straight = bytes(range(256))
    table = b"".join(struct.pack("BBB", round(light * 2.55), round(a + 128), round(b + 128)) for light, a, b in corners)
    unity = struct.pack(">9i", *(65_536 if place % 4 == 0 else 0 for place in range(9)))
    lut = b"mft1\0\0\0\0" + struct.pack("BBBx", 4, 3, 2) + unity + straight * 4 + table + straight * 3
    text = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"press\0" + bytes(4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": text,
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63_190, 65_536, 54_061),
        b"A2B0": lut,
    }
    place, listed, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for tag, data in tags.items():
        listed += struct.pack(">4sII", tag, place + len(body), len(data))
        body += data.ljust(-(-len(data) // 4) * 4, b"\0")
    head = struct.pack(
        ">I4sI4s4s4s12x4s", place + len(body), b"\0\0\0\0", 0x02400000, b"prtr", b"CMYK", b"Lab ", b"acsp"
    )
    white = struct.pack(">3i", 63_190, 65_536, 54_061)
    return (head.ljust(68, b"\0") + white).ljust(128, b"\0") + listed + body


def grey_profile(exponent: float) -> bytes:
    """Return an ICC profile of a grey scale with an exponent."""
    return profiles._profile({b"kTRC": profiles._curve((exponent,))}, space=b"GRAY", name="grey")
