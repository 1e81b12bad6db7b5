"""PNG: its chunks, of which only those that make pixels reach the decoder."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import DecodingCost, counted
from acnelib.imaging.failures import truncated
from acnelib.imaging.orientation import orientation_of
from acnelib.imaging.pixel_metadata import CodedColour, PixelMetadata

if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"IDAT")
_NOTED = (b"iCCP", b"eXIf", b"iTXt", b"zTXt", b"cICP")
_LARGEST_PROFILE = 4_000_000
_RAW_EXIF = b"Raw profile type exif"
_XMP = b"XML:com.adobe.xmp"
_SECONDS_PER_PIXEL = 4e-8  # of one core, from above: interlaced, 16 bits, four channels
_MOST_CHUNKS = 65_536  # a file of the largest size in chunks of 3 KB; encoders write 8 KB and more


def bared(content: bytes, name: str) -> tuple[bytes, PixelMetadata]:
    """Return a PNG file without what says nothing of its pixels, and what its other chunks say.

    The end chunk may be missing, and animations are their first frame.

    Raises:
        ImageTruncated: A chunk of pixels is damaged.
        ImageUnreadable: There are too many chunks.
    """
    parts: list[bytes | memoryview] = [START]
    noted: dict[bytes, list[bytes]] = {}
    for kind, data, checksum in counted(_chunks(content), most=_MOST_CHUNKS, kind="chunks", name=name):
        if kind in _PIXELS:
            found = zlib.crc32(data, zlib.crc32(kind))
            if checksum not in {None, found}:
                raise truncated(name)
            parts += _chunk(kind, data, checksum=found)
        elif checksum is None or checksum != zlib.crc32(data, zlib.crc32(kind)):
            continue
        elif kind == b"tRNS":
            parts += _chunk(kind, data, checksum=checksum)
        elif kind in _NOTED:
            noted.setdefault(kind, []).append(bytes(data))
        elif not kind[0] & 0x20 and kind != b"IEND":  # another chunk without which the pixels cannot be understood
            parts += _chunk(kind, data, checksum=checksum)
    parts += _chunk(b"IEND", b"", checksum=zlib.crc32(b"IEND"))
    return b"".join(parts), _metadata(noted)


def cost(pixels: int) -> DecodingCost:
    """Return what a decoder needs besides the pixels: it inflates up to eight bytes for each."""
    return DecodingCost(seconds=pixels * _SECONDS_PER_PIXEL)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview, int | None]]:
    """Yield kind, data and checksum of each chunk; None: the file ends before it."""
    view, place = memoryview(content), len(START)
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        if not kind.isalpha():
            return
        end = place + 8 + length
        data = view[place + 8 : end]
        checksum = struct.unpack_from(">I", content, end)[0] if end + 4 <= len(content) else None
        yield kind, data, checksum
        if kind == b"IEND":
            return
        place = end + 4


def _chunk(kind: bytes, data: bytes | memoryview, *, checksum: int) -> tuple[bytes | memoryview, ...]:
    return struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)


def _metadata(noted: dict[bytes, list[bytes]]) -> PixelMetadata:
    exif = next(iter(noted.get(b"eXIf", [])), None) or _raw_exif(noted.get(b"zTXt", []))
    xmp = next((text for text in noted.get(b"iTXt", []) if text.startswith(_XMP)), None)
    coded = next((data for data in noted.get(b"cICP", []) if len(data) == 4), None)
    return PixelMetadata(
        orientation=orientation_of(exif, xmp),
        profile=next((_profile(data) for data in noted.get(b"iCCP", [])), None),
        # The colour's numbers, where there are any, go before the profile (PNG, third edition, 4.3).
        coded=None if coded is None else CodedColour(coded[0], coded[1]),
    )


def _profile(data: bytes) -> bytes | None:
    _, _, rest = data.partition(b"\0")
    return _inflated(rest[1:], most=_LARGEST_PROFILE)


def _raw_exif(texts: list[bytes]) -> bytes | None:
    """Return the EXIF that ImageMagick keeps as a text of hexadecimal digits."""
    text = next((text for text in texts if text.startswith(_RAW_EXIF + b"\0")), None)
    # Only the first is inflated: thousands of them would take minutes.
    inflated = None if text is None else _inflated(text[len(_RAW_EXIF) + 2 :], most=_LARGEST_PROFILE)
    try:
        return bytes.fromhex(b"".join(inflated.split(b"\n")[3:]).decode("ascii")) if inflated else None
    except ValueError:
        return None


def _inflated(data: bytes, *, most: int) -> bytes | None:
    try:
        inflater = zlib.decompressobj()
        inflated = inflater.decompress(data, most)
    except zlib.error:
        return None
    return inflated if inflater.eof else None
