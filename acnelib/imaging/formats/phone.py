"""HEIC and AVIF: the items of a file, whether their pixels arrived, and what their decoding costs."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from acnelib.imaging.bounds import DecodingCost, counted
from acnelib.imaging.failures import too_many_parts, truncated
from acnelib.imaging.formats.containers import UNFILLED, boxes_in, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CODED = frozenset({b"hvc1", b"av01", b"avc1"})
_MOST_ITEMS = 20_000  # a picture of the largest size in tiles of 100 pixels
_MOST_EXTENTS = 100_000
_MOST_REFERENCES = 40_000
_MOST_OVERLAP = 2  # how often items may use the bytes of the file
_MOST_DEPTH = 4  # a grid of tiles in a picture that is laid over another
_BYTES, _SECONDS = 16, 1.5e-7  # for each coded pixel, from above


def bared(content: bytes, name: str) -> bytes:
    """Return a HEIC or AVIF file whose EXIF and XMP are not taken for such; how it is turned, its boxes say.

    Raises:
        ImageTruncated: A coded picture is outside of the file, or in a part of it that was never filled.
    """
    bare = bytearray(content)
    try:
        boxes = {kind: (start, end) for kind, start, end in inside(content, name) if kind in {b"iinf", b"iloc"}}
        items = list(counted(_items(content, *boxes[b"iinf"]), most=_MOST_ITEMS, kind="items", name=name))
        coded = {item.number for item in items if item.kind in _CODED}
        listed = counted(_extents(content, *boxes[b"iloc"]), most=_MOST_EXTENTS, kind="parts of items", name=name)
        extents = [extent for item, extent in listed if item in coded and extent is not None]
    except (KeyError, IndexError, struct.error):
        return content  # what is the matter with it, its decoder will say
    for item in items:
        if item.kind in {b"Exif", b"mime"}:
            bare[item.place : item.place + 4] = b"none"
    if sum(end - start for start, end in extents) > _MOST_OVERLAP * len(content):
        raise truncated(name)
    for start, end in extents:
        if end > len(content) or content.find(UNFILLED, start, end) >= 0:
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
    for kind, first, _ in boxes_in(content, start + (8 if wide else 6), end):
        if kind == b"infe" and content[first] >= 2:
            size = "H" if content[first] == 2 else "I"
            (number,) = struct.unpack_from(">" + size, content, first + 4)
            place = first + 6 + struct.calcsize(size)
            yield _Item(number, content[place : place + 4], place)


def _extents(content: bytes, start: int, end: int) -> Iterator[tuple[int, tuple[int, int] | None]]:
    """Yield each item's number with where a part of it begins and ends (ISO/IEC 14496-12, 8.11.3); None: elsewhere."""
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
        yield item, None
        for _ in range(number(2)):
            number(index)
            first, size = origin + number(offset), number(length)
            yield item, (first, first + size) if method == 0 and place <= end else None


def cost(pixels: int, *, coded: CodedPixels) -> DecodingCost:
    """Return what a decoder needs besides the pixels that it hands over.

    Args:
        pixels: Pixels of the picture.
        coded: The pixels that are decoded for it.
    """
    memory = _BYTES * max(pixels, coded.largest)
    return DecodingCost(memory=memory, seconds=_SECONDS * max(pixels, coded.together))


class CodedPixels(NamedTuple):
    """Pixels that are decoded for a picture: of its largest part, and of all parts, as often as they are used."""

    largest: int = 0
    together: int = 0


def coded_pixels(content: bytes, name: str) -> CodedPixels:
    """Return the pixels that are decoded for the main picture of a file, by the file's own account.

    A grid of tiles may use one tile a thousand times, and pictures may lie over pictures that lie over others.

    Raises:
        ImageUnreadable: There are too many parts, or they lie too deep inside of each other.
    """
    try:
        boxes = {kind: (start, end) for kind, start, end in inside(content, name)}
        primary = _primary(content, *boxes[b"pitm"])
        sizes = _sizes(content, boxes, name)
        uses: dict[int, list[int]] = {}
        if b"iref" in boxes:
            listed = counted(_references(content, *boxes[b"iref"]), most=_MOST_REFERENCES, kind="references", name=name)
            for kind, item, other in listed:
                # What a picture is made of, and a mask that belongs to it.
                user, used = (item, other) if kind == b"dimg" else (other, item)
                uses.setdefault(user, []).append(used)
    except (KeyError, IndexError, struct.error):
        return CodedPixels()  # what is the matter with it, its decoder will say
    found: dict[int, int] = {}

    def together(item: int, depth: int) -> int:
        if depth > _MOST_DEPTH:
            raise too_many_parts(name, f"{_MOST_DEPTH} pictures inside of each other")
        if item not in found:
            parts = sum(together(part, depth + 1) for part in uses.get(item, ()))
            found[item] = sizes.get(item, 0) + parts
        return found[item]

    total = together(primary, 0)
    return CodedPixels(max((sizes.get(item, 0) for item in found), default=0), total)


def _primary(content: bytes, start: int, _end: int) -> int:
    width = 4 if content[start] else 2
    return int.from_bytes(content[start + 4 : start + 4 + width], "big")


def _sizes(content: bytes, boxes: Mapping[bytes, tuple[int, int]], name: str) -> dict[int, int]:
    """Return the pixels of each item (ISO/IEC 23008-12, 6.5.3; ISO/IEC 14496-12, 8.11.14)."""
    properties = [
        struct.unpack_from(">II", content, start + 4) if kind == b"ispe" else None
        for kind, start, _ in counted(
            boxes_in(content, *boxes[b"ipco"]), most=_MOST_ITEMS, kind="properties", name=name
        )
    ]
    sizes: dict[int, int] = {}
    for item, number in counted(
        _associations(content, *boxes[b"ipma"]), most=_MOST_EXTENTS, kind="properties of items", name=name
    ):
        size = properties[number - 1] if 0 < number <= len(properties) else None
        if size is not None:
            sizes[item] = max(sizes.get(item, 0), size[0] * size[1])
    return sizes


def _associations(content: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield each item's number with the number of one of its properties; 0: none."""
    width, wide = (4 if content[start] else 2), content[start + 3] & 1
    (items,) = struct.unpack_from(">I", content, start + 4)
    place = start + 8
    for _ in range(items):
        item, number = int.from_bytes(content[place : place + width], "big"), content[place + width]
        place += width + 1
        yield item, 0
        for _ in range(number):
            index = struct.unpack_from(">H", content, place)[0] & 0x7FFF if wide else content[place] & 0x7F
            yield item, index
            place += 2 if wide else 1
        if place > end:
            return


def _references(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, item and item referred to (ISO/IEC 14496-12, 8.11.12): parts (``dimg``) and masks (``auxl``)."""
    code = "I" if content[start] else "H"
    for kind, first, _ in boxes_in(content, start + 4, end):
        item, number = struct.unpack_from(f">{code}H", content, first)
        others = struct.unpack_from(f">{number}{code}", content, first + struct.calcsize(f">{code}H"))
        if kind in {b"dimg", b"auxl"}:
            yield from ((kind, item, other) for other in others)
