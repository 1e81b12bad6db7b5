"""WebP, HEIC and AVIF, and the boxes of JPEG 2000: what their boxes say, and whether the pixels in them arrived.

Their decoders take zeros for pixels. What an entropy coder writes has no long runs of zeros; space that was set aside
on a disk and never filled has nothing else.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import DecodingCost, counted
from acnelib.imaging.failures import truncated
from acnelib.imaging.pixel_metadata import CodedColour

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFILLED = bytes(128)
_PIXELS_IN_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_MOST_CHUNKS = 10_000  # of a WebP file: two for each frame
_MOST_BOXES = 50_000
_WEBP_BYTES, _WEBP_SECONDS = 16, 1.5e-7  # for each pixel, from above
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"jp2h": 0}
"""Boxes that are looked into, with how many bytes come before their own boxes."""


def bared_webp(content: bytes, name: str) -> tuple[bytes, bytes | None, bytes | None, bytes | None]:
    """Return a WebP file without metadata; its profile, its EXIF and its XMP.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
    """
    parts, noted = list[bytes](), dict[bytes, bytes]()
    for kind, data, is_whole in counted(_riff_chunks(content), most=_MOST_CHUNKS, kind="chunks", name=name):
        if kind in {b"ICCP", b"EXIF", b"XMP "}:
            noted.setdefault(kind, data)
            continue
        if not is_whole or (kind in _PIXELS_IN_WEBP and UNFILLED in data):
            raise truncated(name)
        if kind == b"ANMF" and UNFILLED in data[16:] and b"ANMF" not in (part[:4] for part in parts):
            raise truncated(name)
        # The heading must not promise a profile, EXIF or XMP any more.
        kept = bytes([data[0] & ~0b00101100]) + data[1:] if kind == b"VP8X" and data else data
        parts.append(kind + struct.pack("<I", len(kept)) + kept + b"\0" * (len(kept) % 2))
    body = b"WEBP" + b"".join(parts)
    return (
        b"RIFF" + struct.pack("<I", len(body)) + body,
        noted.get(b"ICCP"),
        noted.get(b"EXIF"),
        noted.get(b"XMP "),
    )


def webp_cost(pixels: int) -> DecodingCost:
    """Return what a decoder of WebP needs besides the pixels: two canvases, the coded picture, what it hands over."""
    return DecodingCost(memory=pixels * _WEBP_BYTES, seconds=pixels * _WEBP_SECONDS)


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    (size,) = struct.unpack_from("<I", content, 4)
    end = min(8 + size, len(content))
    place = 12
    while place + 8 <= end:
        kind, length = struct.unpack_from("<4sI", content, place)
        yield kind, content[place + 8 : place + 8 + length], place + 8 + length <= len(content)
        place += 8 + length + length % 2


def coded_colour(content: bytes, name: str) -> CodedColour | None:
    """Return the first colour space that a HEIC or AVIF file states by its numbers."""
    for kind, start, end in inside(content, name):
        if kind == b"colr" and content[start : start + 4] == b"nclx" and end - start >= 8:
            return CodedColour(*struct.unpack_from(">HH", content, start + 4))
    return None


def jp2_profile(content: bytes, name: str) -> bytes | None:
    """Return the ICC profile of a JPEG 2000 file (ISO/IEC 15444-1, I.5.3.3); None where it has none."""
    for kind, start, end in inside(content, name):
        if kind == b"colr" and content[start : start + 1] in {b"\2", b"\3"}:
            return content[start + 3 : end]
    return None


def inside(content: bytes, name: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of what is in each box, and in the boxes inside.

    Raises:
        ImageUnreadable: There are too many.
    """
    return counted(_inside(content), most=_MOST_BOXES, kind="boxes", name=name)


def _inside(content: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    for kind, first, last in boxes_in(content, start, len(content) if end is None else end):
        yield kind, first, last
        if kind in _CONTAINERS:
            yield from _inside(content, first + _CONTAINERS[kind], min(last, len(content)))


def boxes_in(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of what is in each box (ISO/IEC 14496-12, 4.2)."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if size == 1 and start + 16 <= end:
            head, (size,) = 16, struct.unpack_from(">Q", content, start + 8)
        elif size == 0:
            size = end - start
        if size < head:
            return
        yield kind, start + head, start + size
        start += size
