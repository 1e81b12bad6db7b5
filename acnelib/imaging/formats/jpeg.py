"""JPEG: its segments, its pixels, and whether all of them arrived.

libjpeg fills in what is missing and only warns, and Pillow does not pass the warning on. The same library, asked
through ``simplejpeg``, refuses instead, gives the very same pixels of a whole file, and takes no longer.
"""

from __future__ import annotations

import re
import struct
import threading
from dataclasses import dataclass

from PIL import Image

from acnelib.imaging.bounds import DecodingCost, check_cost
from acnelib.imaging.failures import truncated
from acnelib.imaging.formats.jpeg_markers import FRAMES, Segment, cost, header, is_whole, scans
from acnelib.imaging.orientation import orientation_of
from acnelib.imaging.pixel_metadata import PixelMetadata

START = b"\xff\xd8"
_END = b"\xff\xd9"
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
_EXIF, _XMP, _ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
_COLOURS = {1: ("GRAY", "L", "L"), 3: ("RGB", "RGB", "RGB"), 4: ("CMYK", "CMYK", "CMYK;I")}
"""By the number of components: what the decoder gives, Pillow's mode, and how Pillow packs it. All programs that write
four components store them inverted, as Adobe does."""

_MISSING = ("Corrupt JPEG data", "Premature end", "Inconsistent progression", "Invalid SOS", "Invalid progressive")
_STRAY = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9")
_MOST_STRAY = 64  # bytes that some cameras leave before the end mark
_MOST_KEPT = 64_000_000  # bytes
_local = threading.local()


@dataclass(frozen=True, kw_only=True)
class Jpeg:
    """A JPEG file, taken apart.

    Attributes:
        content: What a decoder needs of it: no metadata, and an end mark.
        metadata: Orientation and colour profile.
        precision: Bits of a sample.
        components: How many colours a pixel has.
        pixels: Width times height.
        is_whole: Whether there is a scan for every coefficient of every component.
        work: What its decoder needs besides the pixels.
    """

    content: bytes
    metadata: PixelMetadata
    precision: int
    components: int
    pixels: int
    is_whole: bool
    work: DecodingCost


def parsed(content: bytes, name: str) -> Jpeg | None:
    """Take a JPEG file apart; None where it has no frame or no scan.

    Args:
        content: The file.
        name: What messages call it.

    Raises:
        ImageUnreadable: It has too many markers or scans.
    """
    segments, scan = header(content, name)
    frame = next((segment for segment in segments if segment.marker in FRAMES), None)
    if frame is None or scan is None or len(frame.data) < 9:
        return None
    components = frame.data[5]
    brought = scans(frame, content, scan, name)
    return Jpeg(
        content=_bare(segments, content, scan=scan, components=components),
        metadata=_metadata(segments),
        precision=frame.data[0],
        components=components,
        pixels=int.from_bytes(frame.data[1:3], "big") * int.from_bytes(frame.data[3:5], "big"),
        is_whole=is_whole(frame, content, brought, start=scan),
        work=cost(frame, brought, size=len(content) - scan),
    )


def decoded(jpeg: Jpeg, name: str, *, is_last: bool = False) -> Image.Image | None:
    """Return the pixels of a JPEG file; None where only Pillow might know how.

    Args:
        jpeg: The file.
        name: What messages call it.
        is_last: Whether no decoder after this one would complain of damage.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
    """
    if not jpeg.is_whole:
        raise truncated(name)
    if jpeg.precision != 8 or jpeg.components not in _COLOURS:
        return None
    import simplejpeg

    space, mode, packed = _COLOURS[jpeg.components]
    buffer = _buffer(jpeg.pixels * len(mode))
    try:
        try:
            pixels = simplejpeg.decode_jpeg(jpeg.content, space, strict=True, buffer=buffer)
        except ValueError as error:
            stray = _STRAY.fullmatch(str(error).removeprefix("Warning: "))
            if stray is None or int(stray[1]) > _MOST_STRAY:
                raise
            pixels = simplejpeg.decode_jpeg(jpeg.content, space, strict=False, buffer=buffer)
    except ValueError as error:
        if is_last or any(words in str(error) for words in _MISSING):
            raise truncated(name) from error
        return None
    height, width = pixels.shape[:2]
    return Image.frombytes(mode, (width, height), pixels, "raw", packed)


def _buffer(size: int) -> bytearray | None:
    """Return this thread's memory for decoded pixels, which are copied out of it; None: take fresh memory.

    Fresh memory for each large photo costs an eighth of its decoding. Beyond 21 megapixels none is kept.
    """
    if not 0 < size <= _MOST_KEPT:
        return None
    kept: bytearray | None = getattr(_local, "buffer", None)
    if kept is None or len(kept) < size:
        kept = _local.buffer = bytearray(size)
    return kept


def check_whole(content: bytes, name: str, *, spent: DecodingCost) -> DecodingCost:
    """Refuse a JPEG stream, such as a TIFF file contains, of which pixels are missing; return what that cost.

    Args:
        content: The stream.
        name: What messages call the file.
        spent: What other parts of the file cost.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: It would take too much memory or time.
    """
    jpeg = parsed(content, name)
    if jpeg is None:
        raise truncated(name)
    check_cost(spent + jpeg.work + DecodingCost(memory=jpeg.pixels * jpeg.components), name)
    decoded(jpeg, name, is_last=True)
    return DecodingCost(seconds=jpeg.work.seconds)


def _bare(segments: list[Segment], content: bytes, *, scan: int, components: int) -> bytes:
    """Return the file without what says nothing of its pixels.

    Of the application's segments JFIF's and Adobe's remain, because they define the components; both are written
    as a decoder expects them, as it would warn of odd ones.
    """
    parts = [START]
    for marker, data in segments:
        if marker == _APP0 and data.startswith(b"JFIF\0") and len(data) >= 14:
            parts.append(_JFIF)
        elif marker == _APP14 and data.startswith(b"Adobe") and len(data) >= 12:
            transform = data[11] if data[11] <= 2 else (2 if components == 4 else 1)
            parts.append(b"\xff\xee\0\x0eAdobe" + data[5:11] + bytes([transform]))
        elif not (_APP0 <= marker <= 0xEF or marker == _COMMENT):
            parts.append(b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data)
    if content.find(_END, scan) >= 0:
        return b"".join((*parts, memoryview(content)[scan:]))
    end = len(content) - (1 if content.endswith(b"\xff") else 0)
    return b"".join((*parts, memoryview(content)[scan:end], _END))


def _metadata(segments: list[Segment]) -> PixelMetadata:
    exif = b"".join(data.removeprefix(_EXIF) for marker, data in segments if marker == _APP1 and data[:6] == _EXIF)
    xmp = b"".join(data for marker, data in segments if marker == _APP1 and data.startswith(_XMP))
    parts = sorted(
        (data[12], data[14:]) for marker, data in segments if marker == _APP2 and data[:12] == _ICC and len(data) > 14
    )
    return PixelMetadata(orientation=orientation_of(exif, xmp), profile=b"".join(part for _, part in parts) or None)
