"""GIF, BMP and PPM: what their decoding costs, where their decoders are slow or their headers have no end."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import DecodingCost, counted
from acnelib.imaging.failures import too_many_parts, truncated

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BLOCKS = 100_000  # of a GIF before its first picture: 25 MB of comments
_MOST_HEADER = 65_536  # bytes of a PPM before its pixels
_EXTENSION, _IMAGE = 0x21, 0x2C
_RUN_LENGTH = (1, 2)  # compression of a BMP

_SECONDS_PER_CODE, _SECONDS_PER_FILLED, _SECONDS_PER_SAMPLE = 8e-7, 3e-7, 1.6e-6
"""Of one core, from above. Pillow decodes these in Python: run lengths of BMP, text in PPM, and PPM of odd depths."""


def cost(content: bytes, name: str) -> DecodingCost:
    """Return what a decoder of GIF, BMP or PPM needs besides the pixels.

    Args:
        content: The file.
        name: What messages call it.

    Raises:
        ImageUnreadable: There is too much before the pixels.
        ImageTruncated: There are no pixels.
    """
    if content.startswith(b"GIF8"):
        for _ in counted(_gif_blocks(content), most=_MOST_BLOCKS, kind="blocks before its first frame", name=name):
            pass
        return DecodingCost()
    return _cost_of_bmp(content) if content.startswith(b"BM") else _cost_of_ppm(content, name)


def _gif_blocks(content: bytes) -> Iterator[int]:
    """Yield where each block before the first frame begins (GIF89a, sections 15, 16 and 23)."""
    if len(content) < 13:
        return
    flags = content[10]
    place = 13 + ((3 << (flags & 7) + 1) if flags & 0x80 else 0)
    while place < len(content) and content[place] != _IMAGE:
        yield place
        if content[place] != _EXTENSION:
            place += 1
            continue
        place += 2
        while place < len(content) and content[place]:
            yield place
            place += 1 + content[place]
        place += 1


def _cost_of_bmp(content: bytes) -> DecodingCost:
    if len(content) < 34 or struct.unpack_from("<I", content, 14)[0] < 40:
        return DecodingCost()
    width, height, compression = (*struct.unpack_from("<ii", content, 18), *struct.unpack_from("<I", content, 30))
    if compression not in _RUN_LENGTH:
        return DecodingCost()
    pixels = abs(width * height)
    return DecodingCost(memory=2 * pixels, seconds=len(content) // 2 * _SECONDS_PER_CODE + pixels * _SECONDS_PER_FILLED)


def _cost_of_ppm(content: bytes, name: str) -> DecodingCost:
    width, height, white = (*_header_of_ppm(content, name), 0)[:3]
    colours = 3 if content[:2] in {b"P3", b"P6"} else 1
    is_text = content[:2] in {b"P1", b"P2", b"P3"}
    if not is_text and white in {0, 255, 65_535 if colours == 1 else 255}:
        return DecodingCost()
    samples = width * height * colours
    scanned = len(content) if is_text else 0
    return DecodingCost(memory=8 * samples, seconds=(samples + scanned // 8) * _SECONDS_PER_SAMPLE)


def _header_of_ppm(content: bytes, name: str) -> list[int]:
    """Return width, height and, but for bitmaps, the value of white (Netpbm, ppm(5)).

    Raises:
        ImageTruncated: There are none.
        ImageUnreadable: The header is too long.
    """
    needed = 2 if content[:2] in {b"P1", b"P4"} else 3
    head = content[2:_MOST_HEADER]
    lines = (line.partition(b"#")[0] for line in head.replace(b"\r", b"\n").split(b"\n"))
    numbers: list[int] = []
    for line in lines:
        for token in line.split():
            if not token.isdigit() or len(token) > 10:
                raise truncated(name)
            numbers.append(int(token))
            if len(numbers) == needed:
                return numbers
    if len(content) > _MOST_HEADER:
        raise too_many_parts(name, f"{_MOST_HEADER} bytes before its pixels")
    raise truncated(name)
