"""JPEG 2000: the markers of its codestream, whether its pixels arrived, and what their decoding costs."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from acnelib.imaging.bounds import DecodingCost, counted
from acnelib.imaging.failures import too_many_parts, truncated

if TYPE_CHECKING:
    from collections.abc import Iterator

JP2_START, CODESTREAM_START = b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"
_SIZE, _STYLE, _COMPONENT_STYLE, _PART, _DATA, _END = 0xFF51, 0xFF52, 0xFF53, 0xFF90, 0xFF93, 0xFFD9
_UNFILLED = bytes(128)

_MOST_MARKERS = 100_000
_MOST_COMPONENTS = 4
_MOST_PACKETS = 2_000_000
_LEVELS = 6  # of resolution; files rarely have others
_LEAST_BLOCK = 16  # samples
_SECONDS_PER_SAMPLE, _SECONDS_PER_PACKET = 1.5e-7, 1e-6
_BYTES_PER_SAMPLE, _BYTES_PER_BLOCK = 8, 200


@dataclass(frozen=True, kw_only=True)
class Codestream:
    """A JPEG 2000 file, taken apart.

    Attributes:
        content: The file with its end mark, which may be missing.
        bits: Bits of a sample.
        work: What its decoder needs besides the pixels.
    """

    content: bytes
    bits: int
    work: DecodingCost


class _Style(NamedTuple):
    """How a file, tile or component is coded: number of layers, codes of the size of blocks, and of precincts."""

    layers: int
    block_codes: bytes
    precinct_codes: bytes

    @property
    def block(self) -> int:
        """Samples of a block."""
        return 1 << sum((code & 15) + 2 for code in self.block_codes)

    @property
    def precinct(self) -> tuple[int, int]:
        """Width and height of the smallest precinct, in samples of the whole picture."""
        codes = self.precinct_codes or b"\xff"
        return 1 << min(code & 15 for code in codes[-1:]), 1 << min(code >> 4 for code in codes[-1:])


def parsed(content: bytes, name: str) -> Codestream:
    """Take a JPEG 2000 file apart.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: It has too many parts.
    """
    start = content.find(CODESTREAM_START)
    if start < 0:
        raise truncated(name)
    bits, end, sizes, styles = 0, start + 2, b"", list[_Style]()
    for marker, place, following in counted(
        _markers(content, start + 2, name), most=_MOST_MARKERS, kind="markers", name=name
    ):
        end = following
        segment = content[place + 4 : following]
        if marker == _END:
            return Codestream(content=content, bits=bits, work=_cost(sizes, styles, name))
        if marker == _SIZE and len(segment) > 36:
            sizes = segment
            bits = (segment[36] & 0x7F) + 1
        if marker == _STYLE and len(segment) >= 10:
            styles.append(_Style(int.from_bytes(segment[2:4], "big"), segment[6:8], segment[10:]))
        if marker == _COMPONENT_STYLE and len(segment) >= 7:
            styles.append(_Style(1, segment[3:5], segment[7:]))
    if content[end:] in {b"\xff\xd9", b"\xff", b""} and end <= len(content):
        return Codestream(content=content[:end] + b"\xff\xd9", bits=bits, work=_cost(sizes, styles, name))
    raise truncated(name)


def _markers(content: bytes, start: int, name: str) -> Iterator[tuple[int, int, int]]:
    """Yield marker, its place and where the next one is; a part of a tile is passed over with its data."""
    place = start
    while place + 4 <= len(content):
        marker, length = struct.unpack_from(">HH", content, place)
        following = place + 2 + length
        is_part = marker == _PART
        if is_part:  # a part of a tile, as long as it states; 0: to the end
            size = int.from_bytes(content[place + 6 : place + 10], "big")
            following = place + size if size else max(content.rfind(b"\xff\xd9"), 0) or len(content)
            if not place < following <= len(content) or content.find(_UNFILLED, place, following) >= 0:
                raise truncated(name)
        yield marker, place, following
        if is_part:
            yield from _part_markers(content, place + 12, following)
        place = following


def _part_markers(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the markers before the data of a part of a tile, which may change how the tile is coded."""
    place = start
    while place + 4 <= end:
        marker, length = struct.unpack_from(">HH", content, place)
        if marker == _DATA:
            return
        if marker in {_STYLE, _COMPONENT_STYLE}:
            yield marker, place, place + 2 + length
        place += 2 + max(2, length)


def _cost(sizes: bytes, styles: list[_Style], name: str) -> DecodingCost:
    """Return what a decoder needs besides the pixels (ISO/IEC 15444-1, A.5.1 and A.6.1).

    Raises:
        ImageUnreadable: There are too many components or packets.
    """
    if len(sizes) < 36:
        raise truncated(name)
    right, bottom, left, top, across, along, _, _, components = struct.unpack_from(">8IH", sizes, 2)
    if components > _MOST_COMPONENTS:
        raise too_many_parts(name, f"{_MOST_COMPONENTS} colours")
    width, height = max(0, right - left), max(0, bottom - top)
    wide, high = min(width, max(1, across)), min(height, max(1, along))
    tiles = -(-width // max(1, wide)) * -(-height // max(1, high))
    precincts = max((-(-wide // style.precinct[0]) * -(-high // style.precinct[1]) for style in styles), default=1)
    layers = max((style.layers for style in styles), default=1)
    packets = tiles * layers * precincts * components * _LEVELS
    if packets > _MOST_PACKETS:
        raise too_many_parts(name, f"{_MOST_PACKETS} packets")
    block = min((style.block for style in styles), default=_LEAST_BLOCK)
    samples = wide * high * components
    return DecodingCost(
        memory=samples * _BYTES_PER_SAMPLE + samples // block * _BYTES_PER_BLOCK,
        seconds=width * height * components * _SECONDS_PER_SAMPLE + packets * _SECONDS_PER_PACKET,
    )
