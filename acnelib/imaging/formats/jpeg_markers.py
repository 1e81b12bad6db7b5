"""The markers of a JPEG file: its segments and scans, what they bring, and what their decoding costs.

They are found as a decoder finds them (ITU-T T.81, annex B): what a segment contains neither hides nor pretends any.
"""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from acnelib.imaging.bounds import DecodingCost, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

SCAN = 0xDA
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ARITHMETIC = frozenset({0xC9, 0xCA, 0xCD, 0xCE})
_START, _END = 0xD8, 0xD9
_LONE = frozenset({_START, _END})  # markers without a length; the others are passed over with the coded data
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_SCAN_HEAD = re.compile(rb"\xff\xda\0[\x08\x0a\x0c\x0e][\x01-\x04]")
_COEFFICIENTS = 64  # coefficients of a block
_UNFILLED = bytes(128)

_MOST_MARKERS = 10_000  # a profile or a depth map of 100 MB has 1,600 segments
_MOST_SCANS = 500  # progressive encoders write up to about 70

_SECONDS_PER_BYTE, _SECONDS_PER_BLOCK, _SECONDS_PER_ARITHMETIC_BYTE = 3e-8, 1.2e-7, 3e-7
"""Of one core, from above: for a byte of coded data, and for a block of 64 coefficients in a scan, however empty."""


class Segment(NamedTuple):
    """A segment: its marker, and the data after its length."""

    marker: int
    data: bytes


class _Component(NamedTuple):
    """A component of a frame: its number, and how many of its blocks are side by side in a unit."""

    number: int
    across: int
    along: int


class Scan(NamedTuple):
    """A scan: of which components it brings which coefficients, whether to their full precision, and its position."""

    components: bytes
    first: int
    last: int
    is_final: bool
    start: int
    end: int


def header(content: bytes, name: str) -> tuple[list[Segment], int | None]:
    """Return the segments before the first scan, and where that begins; None: nowhere.

    Raises:
        ImageUnreadable: There are too many markers.
    """
    segments: list[Segment] = []
    for marker, place in _counted_markers(content, 2, name):
        if marker == SCAN:
            return segments, place
        if marker not in _LONE:
            (length,) = struct.unpack_from(">H", content, place + 2)
            segments.append(Segment(marker, content[place + 4 : place + 2 + length]))
    return segments, None


def scans(frame: Segment, content: bytes, start: int, name: str) -> list[Scan]:
    """Return the scans up to the end mark; the first alone where it has everything in it.

    Args:
        frame: The frame.
        content: The file.
        start: Where the first scan begins.
        name: What messages call the file.

    Raises:
        ImageUnreadable: There are too many markers or scans.
    """
    heads: list[int] = []
    end = len(content)
    for marker, place in _counted_markers(content, start, name):
        if marker == _END:
            end = place
            break
        if _SCAN_HEAD.match(content, place):
            heads.append(place)
        if _is_single(frame, content, start):
            break
    counted_heads = list(counted(heads, most=_MOST_SCANS, kind="scans", name=name))
    found = (_scan(content, head, after) for head, after in pairwise([*counted_heads, end]))
    return [scan for scan in found if scan is not None]


def is_whole(frame: Segment, content: bytes, brought: list[Scan], *, start: int) -> bool:
    """Return whether the scans bring every coefficient to its full precision (ITU-T T.81, annex G).

    Args:
        frame: The frame.
        content: The file.
        brought: Its scans.
        start: Where the first of them begins.
    """
    if _is_single(frame, content, start):
        return True
    components = {component.number for component in _components(frame)}
    missing = {(component, place) for component in components for place in range(_COEFFICIENTS)}
    for scan in brought:
        # Where refinements should be, zeros fit as well as anything, so that a decoder has nothing to complain of.
        if scan.first > 0 and content.find(_UNFILLED, scan.start, scan.end) >= 0:
            return False
        if scan.is_final:
            places = range(scan.first, scan.last + 1)
            missing -= {(component, place) for component in scan.components for place in places}
    return not missing


def cost(frame: Segment, brought: list[Scan], *, size: int) -> DecodingCost:
    """Return what a decoder needs besides the pixels: each scan visits all blocks of its components.

    Of a progressive file, and of one with several scans, the coefficients of all blocks are kept.

    Args:
        frame: The frame.
        brought: The scans.
        size: Bytes of coded data.
    """
    height, width = (int.from_bytes(frame.data[place : place + 2], "big") for place in (1, 3))
    components = _components(frame)
    across, along = (max((1, *sizes)) for sizes in zip(*((one.across, one.along) for one in components), strict=True))
    units = -(-width // (8 * across)) * -(-height // (8 * along))
    blocks = [units * one.across * one.along for one in components]
    by_number = dict(zip((one.number for one in components), blocks, strict=True))
    visits = sum(by_number.get(number, 0) for scan in brought for number in scan.components)
    are_kept = len(brought) > 1 or frame.marker in _PROGRESSIVE
    per_byte = _SECONDS_PER_ARITHMETIC_BYTE if frame.marker in _ARITHMETIC else _SECONDS_PER_BYTE
    return DecodingCost(
        memory=2 * _COEFFICIENTS * sum(blocks) if are_kept else 0,
        seconds=size * per_byte + (visits + sum(blocks)) * _SECONDS_PER_BLOCK,
    )


def _counted_markers(content: bytes, start: int, name: str) -> Iterator[tuple[int, int]]:
    return counted(_markers(content, start), most=_MOST_MARKERS, kind="markers", name=name)


def _markers(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield the markers of a file from a place on, and where each begins."""
    place = start
    while found := _MARKER.search(content, place):
        place, marker = found.start(), content[found.start() + 1]
        if marker not in _LONE and place + 4 > len(content):
            return
        yield marker, place
        (length,) = (0,) if marker in _LONE else struct.unpack_from(">H", content, place + 2)
        place += 2 if marker in _LONE else 2 + max(2, length)


def _components(frame: Segment) -> list[_Component]:
    rows = (frame.data[place : place + 3] for place in range(6, len(frame.data) - 2, 3))
    return [_Component(number, factors >> 4, factors & 15) for number, factors, _ in rows]


def _is_single(frame: Segment, content: bytes, start: int) -> bool:
    """Return whether the first scan is the only one, with everything in it."""
    components = {component.number for component in _components(frame)}
    return frame.marker not in _PROGRESSIVE and start + 5 <= len(content) and content[start + 4] >= len(components)


def _scan(content: bytes, head: int, after: int) -> Scan | None:
    rest = head + 5 + 2 * content[head + 4]
    if rest + 3 > after:
        return None
    return Scan(
        components=content[head + 5 : rest : 2],
        first=content[rest],
        last=min(content[rest + 1], _COEFFICIENTS - 1),
        is_final=content[rest + 2] & 0x0F == 0,
        start=rest + 3,
        end=after,
    )
