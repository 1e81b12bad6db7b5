"""The orientation of a picture: the tag of EXIF, else that of XMP; no other metadata of the camera is read."""

from __future__ import annotations

import re
import struct

from PIL import Image

UPRIGHT = 1
TAG = 0x0112

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ENTRY = 12
_SHORT, _LONG = 3, 4
_XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return a picture turned as its orientation demands; the same object where nothing needs to be done."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def orientation_of(exif: bytes | None, xmp: bytes | None = None) -> int:
    """Return the orientation that metadata state: EXIF's, else XMP's, else :data:`UPRIGHT`.

    Args:
        exif: A block of EXIF, with or without its heading; damaged ones are allowed.
        xmp: A packet of XMP.
    """
    orientation = _in_exif(exif) if exif else None
    if orientation is None and xmp and (found := _XMP.search(xmp)):
        orientation = int(found[1])
    return orientation if orientation in _TURNS else UPRIGHT


def _in_exif(exif: bytes) -> int | None:
    """Return the value of the tag in the first directory (TIFF 6.0, section 2); None where it cannot be found."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 10:
        return None
    (start,) = struct.unpack_from(order + "I", exif, 4)
    if start + 2 > len(exif):
        return None
    (entries,) = struct.unpack_from(order + "H", exif, start)
    for place in range(start + 2, min(start + 2 + entries * _ENTRY, len(exif) - _ENTRY + 1), _ENTRY):
        tag, kind = struct.unpack_from(order + "HH", exif, place)
        if tag == TAG and kind in {_SHORT, _LONG}:
            return int(struct.unpack_from(order + ("H" if kind == _SHORT else "I"), exif, place + 8)[0])
    return None
