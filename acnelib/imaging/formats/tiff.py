"""TIFF: the tags of its first picture, of which only those that make pixels reach the decoder (TIFF 6.0, section 2)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum
from itertools import starmap
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import MEMORY_LIMIT, DecodingCost, check_cost
from acnelib.imaging.failures import too_many_parts, truncated
from acnelib.imaging.formats import jpeg
from acnelib.imaging.pixel_metadata import PixelMetadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STARTS = (b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b")
_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_SIZES = {5: 8, 10: 8, 11: 4, 12: 8} | {number: struct.calcsize("<" + code) for number, code in _TYPES.items()}


class Tag(IntEnum):
    """The tags that are looked at."""

    WIDTH = 256
    HEIGHT = 257
    BITS_PER_SAMPLE = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    SAMPLES = 277
    STRIP_ROWS = 278
    STRIP_BYTES = 279
    MOST_SAMPLE_VALUE = 281
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_OFFSETS = 324
    TILE_BYTES = 325
    SAMPLE_FORMAT = 339
    MOST_SAMPLE_VALUE_OF_TYPE = 341
    JPEG_TABLES = 347
    PROFILE = 34_675


_PIXELS = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 334}
    | {336, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 50_674}
)
"""Tags without which pixels cannot be decoded."""

_WHITE_IS_ZERO, _BLACK_IS_ZERO = 0, 1
_DEEP = 8
_UNSIGNED, _SIGNED = 1, 2
_JPEG, _DEFLATE, _OLD_DEFLATE = 7, 8, 32_946
_BYTES = frozenset({1, 2, 6, 7})  # types of which a value is a byte

_MOST_ENTRIES = 4_096
_MOST_STRIPS = 100_000  # strips or tiles: 47,000 are twelve megapixels in the smallest tiles
_MOST_OVERLAP = 2  # how often strips may use the bytes of the file
_SECONDS_PER_BYTE = 1e-8  # of one core, from above: for a decoded byte, compressed with any of the methods


@dataclass(frozen=True, kw_only=True)
class _Directory:
    """The first directory of a file: its position and entries.

    Attributes:
        order: Of bytes, as :mod:`struct` writes it.
        start: Where its entries begin.
        count: Code of the number of entries.
        entry: Codes of an entry: tag, type, number of values, and room for these or their place.
        entries: The raw entries of the file, by tag.
    """

    order: str
    start: int
    count: str
    entry: str
    entries: Mapping[int, bytes]

    def values(self, content: bytes, tag: int) -> tuple[int, ...]:
        """Return the whole numbers of a tag; none where it is missing, of another type, or damaged."""
        entry = self.entries.get(tag)
        if entry is None:
            return ()
        _, kind, number, room = struct.unpack(self.order + self.entry, entry)
        code = _TYPES.get(kind)
        if code in {None, "s"} or number > (len(content) if kind in _BYTES else _MOST_STRIPS):
            return ()
        size = _SIZES[kind] * number
        inside = size <= len(room)
        place = 0 if inside else struct.unpack(self.order + ("I" if len(room) == 4 else "Q"), room)[0]
        data = room[:size] if inside else content[place : place + size]
        return struct.unpack(f"{self.order}{number}{code}", data) if len(data) == size else ()

    def number_of(self, tag: int) -> int:
        """Return how many values a tag has by its own account; 0 where it is missing."""
        entry = self.entries.get(tag)
        return 0 if entry is None else int(struct.unpack(self.order + self.entry, entry)[2])

    def value(self, content: bytes, tag: int, default: int = 0) -> int:
        """Return the first number of a tag."""
        return next(iter(self.values(content, tag)), default)


def bared(content: bytes, name: str) -> tuple[bytes, PixelMetadata, DecodingCost]:
    """Return a TIFF file with those tags of its first picture that make pixels; what the others say; what it costs.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: It has too many parts, or would take too much memory or time.
    """
    directory = _first_directory(content, name)
    if directory is None:
        raise truncated(name)
    work = _cost(content, directory, name)
    check_cost(work, name)
    _check_strips(content, directory, name, work=work)
    kept = {tag: entry for tag, entry in directory.entries.items() if tag in _PIXELS}
    bits = directory.value(content, Tag.BITS_PER_SAMPLE, 1)
    inverted = directory.value(content, Tag.PHOTOMETRIC) == _WHITE_IS_ZERO and bits > _DEEP
    if inverted:  # Pillow would leave it, or refuse it, according to the order of bytes
        kept[Tag.PHOTOMETRIC] = _with_short(directory, Tag.PHOTOMETRIC, _BLACK_IS_ZERO)
    has_sign = directory.value(content, Tag.SAMPLE_FORMAT, 1) == _SIGNED
    if bits == 32 and directory.value(content, Tag.SAMPLE_FORMAT, 1) == _UNSIGNED:
        kept[Tag.SAMPLE_FORMAT] = _with_short(directory, Tag.SAMPLE_FORMAT, _SIGNED)  # Pillow knows no others
    bare = bytearray(content)
    entries = b"".join(entry for _, entry in sorted(kept.items()))
    head = struct.pack(directory.order + directory.count, len(kept))
    end = b"\0" * (4 if directory.count == "H" else 8)  # and no further directory
    bare[directory.start : directory.start + len(head + entries + end)] = head + entries + end
    return (
        bytes(bare),
        PixelMetadata(
            orientation=directory.value(content, Tag.ORIENTATION, 1),
            profile=bytes(directory.values(content, Tag.PROFILE)) or None,
            bits=bits - has_sign,
            white=_white(content, directory),
            inverted=inverted,
        ),
        work,
    )


def _cost(content: bytes, directory: _Directory, name: str) -> DecodingCost:
    """Return what a decoder needs besides the pixels: a whole strip or tile, however small the picture is.

    Raises:
        ImageUnreadable: There are too many strips or tiles.
    """
    strips = max(
        directory.number_of(tag) for tag in (Tag.STRIP_OFFSETS, Tag.STRIP_BYTES, Tag.TILE_OFFSETS, Tag.TILE_BYTES)
    )
    if strips > _MOST_STRIPS:
        raise too_many_parts(name, f"{_MOST_STRIPS} strips or tiles")
    width, height = (directory.value(content, tag) for tag in (Tag.WIDTH, Tag.HEIGHT))
    rows = min(directory.value(content, Tag.STRIP_ROWS, height), height)
    across, along = (directory.value(content, tag) for tag in (Tag.TILE_WIDTH, Tag.TILE_HEIGHT))
    pixels = max(width * rows, across * along)
    bits = directory.value(content, Tag.BITS_PER_SAMPLE, 1) * directory.value(content, Tag.SAMPLES, 1)
    size = pixels * bits // 8
    return DecodingCost(memory=2 * size, seconds=max(size * strips, width * height * bits // 8) * _SECONDS_PER_BYTE)


def _white(content: bytes, directory: _Directory) -> int:
    values = (directory.value(content, tag) for tag in (Tag.MOST_SAMPLE_VALUE, Tag.MOST_SAMPLE_VALUE_OF_TYPE))
    return max((0, *values))


def _with_short(directory: _Directory, tag: Tag, value: int) -> bytes:
    room = 4 if directory.count == "H" else 8
    packed = struct.pack(directory.order + "H", value).ljust(room, b"\0")
    return struct.pack(directory.order + directory.entry, tag, 3, 1, packed)


def _first_directory(content: bytes, name: str) -> _Directory | None:
    order = "<" if content[:2] == b"II" else ">"
    try:
        if content[:4] in STARTS[2:]:
            (start,) = struct.unpack_from(order + "Q", content, 8)
            count, entry = "Q", "HHQ8s"
        else:
            (start,) = struct.unpack_from(order + "I", content, 4)
            count, entry = "H", "HHI4s"
        (number,) = struct.unpack_from(order + count, content, start)
    except struct.error:
        return None
    first, size = start + struct.calcsize(order + count), struct.calcsize(order + entry)
    if number == 0 or first + number * size > len(content):
        return None
    if number > _MOST_ENTRIES:
        raise too_many_parts(name, f"{_MOST_ENTRIES} tags")
    rows = (content[place : place + size] for place in range(first, first + number * size, size))
    entries = {struct.unpack_from(order + "H", row)[0]: row for row in rows}
    return _Directory(order=order, start=start, count=count, entry=entry, entries=entries)


def _check_strips(content: bytes, directory: _Directory, name: str, *, work: DecodingCost) -> None:
    """Refuse strips and tiles that lie outside of the file, or of which the compressed data end too early."""
    strips = list(_strips(content, directory))
    is_outside = any(start + size > len(content) for start, size in strips)
    if is_outside or sum(size for _, size in strips) > _MOST_OVERLAP * len(content):
        raise truncated(name)
    compression = directory.value(content, Tag.COMPRESSION, 1)
    if compression not in {_JPEG, _DEFLATE, _OLD_DEFLATE}:
        return
    tables = bytes(directory.values(content, Tag.JPEG_TABLES))
    spent = work
    for data in starmap(lambda start, size: content[start : start + size], strips):
        if compression == _JPEG and data.startswith(jpeg.START):
            # The tables are a stream of their own, without pixels: put between the strip's start and its frame.
            spent += jpeg.check_whole(jpeg.START + tables[2:-2] + data[2:], name, spent=spent)
        elif compression != _JPEG:
            inflated = _inflated(data)
            if inflated is None:
                raise truncated(name)
            spent += DecodingCost(seconds=inflated * _SECONDS_PER_BYTE)
            check_cost(spent, name)


def _strips(content: bytes, directory: _Directory) -> Iterator[tuple[int, int]]:
    for places, sizes in ((Tag.STRIP_OFFSETS, Tag.STRIP_BYTES), (Tag.TILE_OFFSETS, Tag.TILE_BYTES)):
        yield from zip(directory.values(content, places), directory.values(content, sizes), strict=False)


def _inflated(data: bytes) -> int | None:
    """Return how many bytes a stream inflates to; None where it has no end within the memory of one picture."""
    inflater = zlib.decompressobj()
    inflated = 0
    try:
        for start in range(0, len(data), 1 << 20):
            rest = data[start : start + (1 << 20)]
            while rest and not inflater.eof and inflated <= MEMORY_LIMIT:
                inflated += len(inflater.decompress(rest, 1 << 24))
                rest = inflater.unconsumed_tail
    except zlib.error:
        return None
    return inflated if inflater.eof else None
