"""WebP, HEIC, AVIF and JPEG 2000: what their boxes say, and whether the pixels in them arrived.

Their decoders take zeros for pixels. What an entropy coder writes has no long runs of zeros; space that was set aside
on a disk and never filled has nothing else.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from acnelib.imaging.failures import truncated
from acnelib.imaging.pixel_metadata import CodedColour

if TYPE_CHECKING:
    from collections.abc import Iterator

JP2_START, CODESTREAM_START = b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"
_UNFILLED = bytes(128)
_PIXELS_IN_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_CODED = frozenset({b"hvc1", b"av01", b"avc1"})
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"jp2h": 0}
"""Boxes that are looked into, with how many bytes come before their own boxes."""


def bared_webp(content: bytes, name: str) -> tuple[bytes, bytes | None, bytes | None, bytes | None]:
    """Return a WebP file without metadata; its profile, its EXIF and its XMP.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
    """
    parts, noted = list[bytes](), dict[bytes, bytes]()
    for kind, data, is_whole in _riff_chunks(content):
        if kind in {b"ICCP", b"EXIF", b"XMP "}:
            noted.setdefault(kind, data)
            continue
        if not is_whole or (kind in _PIXELS_IN_WEBP and _UNFILLED in data):
            raise truncated(name)
        if kind == b"ANMF" and _UNFILLED in data[16:] and b"ANMF" not in (part[:4] for part in parts):
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


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    (size,) = struct.unpack_from("<I", content, 4)
    end = min(8 + size, len(content))
    place = 12
    while place + 8 <= end:
        kind, length = struct.unpack_from("<4sI", content, place)
        yield kind, content[place + 8 : place + 8 + length], place + 8 + length <= len(content)
        place += 8 + length + length % 2


def bared_phone(content: bytes, name: str) -> bytes:
    """Return a HEIC or AVIF file whose EXIF and XMP are not taken for such; how it is turned, its boxes say.

    Raises:
        ImageTruncated: A coded picture is outside of the file, or in a part of it that was never filled.
    """
    bare = bytearray(content)
    try:
        boxes = {kind: (start, end) for kind, start, end in _inside(content) if kind in {b"iinf", b"iloc"}}
        items = list(_items(content, *boxes[b"iinf"]))
        coded = {item.number for item in items if item.kind in _CODED}
        extents = [extent for item, extent in _extents(content, *boxes[b"iloc"]) if item in coded]
    except (KeyError, IndexError, struct.error):
        return content  # what is the matter with it, its decoder will say
    for item in items:
        if item.kind in {b"Exif", b"mime"}:
            bare[item.place : item.place + 4] = b"none"
    for start, end in extents:
        if end > len(content) or content.find(_UNFILLED, start, end) >= 0:
            raise truncated(name)
    return bytes(bare)


class _Item(NamedTuple):
    """An item of a HEIC or AVIF file: its number, its kind, and where in the file its kind is written."""

    number: int
    kind: bytes
    place: int


def _items(content: bytes, start: int, end: int) -> Iterator[_Item]:
    """Yield the items that a file lists (ISO/IEC 14496-12, 8.11.6)."""
    wide = content[start] > 0
    for kind, first, _ in _boxes(content, start + (8 if wide else 6), end):
        if kind == b"infe" and content[first] >= 2:
            size = "H" if content[first] == 2 else "I"
            (number,) = struct.unpack_from(">" + size, content, first + 4)
            place = first + 6 + struct.calcsize(size)
            yield _Item(number, content[place : place + 4], place)


def _extents(content: bytes, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield each item's number with where a part of it begins and ends (ISO/IEC 14496-12, 8.11.3)."""
    version, sizes, place = content[start], struct.unpack_from(">H", content, start + 4)[0], start + 6
    widths = [sizes >> shift & 15 for shift in (12, 8, 4, 0)]
    offset, length, base, index = widths if version else (*widths[:3], 0)

    def number(width: int) -> int:
        nonlocal place
        place += width
        return int.from_bytes(content[place - width : place], "big")

    for _ in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version else 0
        number(2)
        origin = number(base)
        for _ in range(number(2)):
            number(index)
            first, size = origin + number(offset), number(length)
            if method == 0 and place <= end:
                yield item, (first, first + size)


def coded_colour(content: bytes) -> CodedColour | None:
    """Return the first colour space that a HEIC or AVIF file states by its numbers."""
    for kind, start, end in _inside(content):
        if kind == b"colr" and content[start : start + 4] == b"nclx" and end - start >= 8:
            return CodedColour(*struct.unpack_from(">HH", content, start + 4))
    return None


def jp2_profile(content: bytes) -> bytes | None:
    """Return the ICC profile of a JPEG 2000 file (ISO/IEC 15444-1, I.5.3.3); None where it has none."""
    for kind, start, end in _inside(content):
        if kind == b"colr" and content[start : start + 1] in {b"\2", b"\3"}:
            return content[start + 3 : end]
    return None


def _inside(content: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    for kind, first, last in _boxes(content, start, len(content) if end is None else end):
        yield kind, first, last
        if kind in _CONTAINERS:
            yield from _inside(content, first + _CONTAINERS[kind], min(last, len(content)))


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
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


def ended_codestream(content: bytes, name: str) -> tuple[bytes, int]:
    """Return a JPEG 2000 file with its end mark, which may be missing, and the bits of a sample.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
    """
    start = content.find(CODESTREAM_START)
    if start < 0:
        raise truncated(name)
    place = start + 2
    bits = 0
    while place + 4 <= len(content):
        marker, length = struct.unpack_from(">HH", content, place)
        if marker == 0xFFD9:
            return content, bits
        if marker == 0xFF51 and place + 41 <= len(content):
            bits = (content[place + 40] & 0x7F) + 1
        if marker == 0xFF90:  # a part of a tile, as long as it says; 0: to the end
            (size,) = struct.unpack_from(">I", content, place + 6)
            end = place + size if size else max(content.rfind(b"\xff\xd9"), 0) or len(content)
            if not place < end <= len(content) or content.find(_UNFILLED, place, end) >= 0:
                raise truncated(name)
            place = end
        else:
            place += 2 + length
    if content[place:] in {b"\xff\xd9", b"\xff", b""} and place <= len(content):
        return content[:place] + b"\xff\xd9", bits
    raise truncated(name)
