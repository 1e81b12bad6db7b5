"""Picture files that cost far more than they weigh: each kind as small or as large as it is asked for."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable


def segment(marker: int, data: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def progressive_jpeg(side: int, *, scans: int, filler: bytes = b"", components: int = 1) -> bytes:
    """Return a grey or coloured progressive JPEG in which each scan holds nothing and passes over all blocks.

    Args:
        side: Pixels of width and height.
        scans: How many there are.
        filler: What stands between two scans.
        components: Number of colours, each in full.
    """
    rows = b"".join(bytes([number, 0x11, 0]) for number in range(1, components + 1))
    frame = struct.pack(">BHHB", 8, side, side, components) + rows
    # One code each: for a difference of 0, and for runs of 2^14 blocks without a coefficient.
    tables = bytes([0x00, 1, *[0] * 15, 0x00]) + bytes([0x10, 1, *[0] * 15, 0xE0])
    blocks = (-(-side // 8)) ** 2
    zeros = bytes(-(-blocks * components // 8))
    first = segment(
        0xDA, bytes([components]) + b"".join(bytes([number, 0]) for number in range(1, components + 1)) + bytes(3)
    )
    runs = -(-blocks // (1 << 14))
    bits = "".join("0" + "0" * 14 for _ in range(runs))
    bits += "1" * (-len(bits) % 8)
    coded = bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
    one = segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) + coded
    others = b"".join(segment(0xDA, bytes([1, number, 0, 1, 63, 0])) + coded for number in range(2, components + 1))
    head = b"\xff\xd8" + segment(0xDB, b"\0" + bytes([1] * 64)) + segment(0xC2, frame) + segment(0xC4, tables)
    return head + first + zeros + others + filler.join([one] * (scans - components)) + b"\xff\xd9"


def jpeg(side: int, **options: Any) -> bytes:
    """Return a JPEG of one colour."""
    return _saved(Image.new("RGB", (side, side), "salmon"), "JPEG", **options)


def jpeg_of_markers(number: int, *, marker: int = 0xFE) -> bytes:
    """Return a JPEG with many segments before its pixels."""
    whole = jpeg(16)
    return whole[:2] + segment(marker, b"") * number + whole[2:]


def png(
    width: int, height: int, *, depth: int = 8, kind: int = 2, interlaced: bool = False, more: Iterable[bytes] = ()
) -> bytes:
    """Return a black PNG.

    Args:
        width: Pixels.
        height: Pixels.
        depth: Bits of a sample.
        kind: 0: grey, 2: RGB, 4: grey with alpha, 6: RGB with alpha.
        interlaced: Whether it is stored in seven passes.
        more: Further chunks.
    """
    bits = depth * {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    deflater = zlib.compressobj(9)
    row = lambda pixels: bytes(1 + -(-pixels * bits // 8)) if pixels else b""  # noqa: E731
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = []
    for left, top, across, along in passes:
        line = row(-(-(width - left) // across))
        data += [deflater.compress(line) for _ in range(-(-(height - top) // along))]
    data.append(deflater.flush())
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    chunks = [chunk(b"IHDR", head), *more, chunk(b"IDAT", b"".join(data)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_head(width: int, height: int, **options: Any) -> bytes:
    """Return a PNG that promises more pixels than it has."""
    small = png(8, 8, **options)
    head = struct.pack(">II", width, height) + small[24:29]
    return small[:8] + chunk(b"IHDR", head) + small[33:]


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff(tags: dict[int, int | tuple[int, ...]], *, data: bytes = b"", more: bytes = b"") -> bytes:
    """Return a TIFF with tags of whole numbers, and data from byte 8 on.

    Args:
        tags: Values by tag.
        data: What strips refer to.
        more: Raw entries, in order after the tags.
    """
    values, rows = b"", b""
    place = 8 + len(data)
    for tag, value in sorted(tags.items()):
        numbers = value if isinstance(value, tuple) else (value,)
        room = numbers[0] if len(numbers) == 1 else place + len(values)
        rows += struct.pack("<HHII", tag, 4, len(numbers), room)
        values += b"" if len(numbers) == 1 else struct.pack(f"<{len(numbers)}I", *numbers)
    number = len(tags) + len(more) // 12
    head = b"II*\0" + struct.pack("<I", place + len(values))
    return head + data + values + struct.pack("<H", number) + rows + more + bytes(4)


def deflated_tiff(side: int, *, strips: int = 1, inflated: int | None = None, tile: int = 0) -> bytes:
    """Return a grey TIFF whose strips or tiles all are the same stream of zeros.

    Args:
        side: Pixels of width and height.
        strips: How many there are.
        inflated: Bytes of the stream; default: as many as a strip needs.
        tile: Side of a tile; 0: strips.
    """
    rows = -(-side // strips)
    zeros = zlib.compress(bytes(inflated if inflated is not None else max(tile * tile, side * rows)), 9)
    places, sizes = (8,) * strips, (len(zeros),) * strips
    tags: dict[int, int | tuple[int, ...]] = {256: side, 257: side, 258: 8, 259: 8, 262: 1, 277: 1}
    tags |= {322: tile, 323: tile, 324: places, 325: sizes} if tile else {273: places, 278: rows, 279: sizes}
    return tiff(tags, data=zeros)


def bitmap(width: int, height: int, codes: bytes) -> bytes:
    """Return a BMP of run lengths."""
    palette = bytes(1024)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(codes), 0, 0, 256, 0)
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(codes), 0, 0, start) + head + palette + codes


def gif(*, blocks: int, frames: int = 1) -> bytes:
    """Return a GIF of one pixel with many blocks of comment before its frames."""
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\0"
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    return head + b"!\xfe" + b"\x01a" * blocks + b"\0" + frame * frames + b";"


def webp(side: int, *, frames: int = 1) -> bytes:
    """Return a lossless WebP of one colour."""
    image = Image.new("RGB", (side, side), "salmon")
    more = {
        "save_all": True,
        "append_images": [Image.new("RGB", (side, side), (n % 256, 9, 9)) for n in range(1, frames)],
    }
    return _saved(image, "WEBP", lossless=True, quality=0, method=0, **(more if frames > 1 else {}))


def heic(side: int, *, form: str = "HEIF") -> bytes:
    """Return a HEIC, or an AVIF."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return _saved(Image.new("RGB", (side, side), "salmon"), form, quality=50)


def box(kind: bytes, data: bytes) -> bytes:
    """Return a box of a HEIC or JPEG 2000."""
    return struct.pack(">I", 8 + len(data)) + kind + data


def jpeg_2000(side: int, **options: Any) -> bytes:
    """Return a JPEG 2000 of one colour."""
    return _saved(Image.new("RGB", (side, side), "salmon"), "JPEG2000", **options)


def jpeg_2000_head(side: int) -> bytes:
    """Return a JPEG 2000 that promises more pixels than it has."""
    return jpeg_2000(16).replace(struct.pack(">II", 16, 16), struct.pack(">II", side, side))


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()
