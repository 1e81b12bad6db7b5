"""Recognition of pictures: by the media type that the server states, or by the bytes if it states none."""

from __future__ import annotations

UNSTATED = frozenset(
    {
        "",
        "application/binary",
        "application/download",
        "application/force-download",
        "application/octet-stream",
        "application/unknown",
        "application/x-binary",
        "application/x-download",
        "application/x-force-download",
        "application/x-octet-stream",
        "binary/octet-stream",
        "content/unknown",
        "octet/stream",
        "text/plain",  # what some servers say of each ending that they do not know, such as .webp
        "unknown/unknown",
    }
)
"""Media types that servers use for files of any kind, so that only the bytes identify the format."""

_BEGINNINGS = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF, either byte order
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000, as a file and as a bare stream
    b"\xff\x4f\xff\x51",
)
_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heim", b"heis", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"})
_BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def media_type_of(content_type: str) -> str:
    """Return the media type of a Content-Type header, without parameters; empty where there is none."""
    return content_type.partition(";")[0].strip().lower()


def non_picture_kind(content: bytes, *, media: str) -> str | None:
    """Return the kind of a response that is no picture; None if it is one, or is declared as one.

    Args:
        content: The answer's body.
        media: Media type that the server states.
    """
    if not content:
        return "empty"
    if content.lstrip()[:1] == b"<":
        return "a page"
    if media.startswith("image/") or begins_as_picture(content):
        return None
    return media or "of no stated type"


def begins_as_picture(content: bytes) -> bool:
    """Say whether bytes begin as those of a kind of picture do that photos are kept in.

    The signatures are those of https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern, and of the
    formats' own specifications for TIFF, JPEG 2000, HEIF and AVIF.
    """
    if content.startswith(_BEGINNINGS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return True
    if content[:2] == b"BM":
        return int.from_bytes(content[14:18], "little") in _BITMAP_HEADERS
    if content[:1] == b"P" and content[1:2] in b"123456":
        return content[2:3].isspace()
    return content[4:8] == b"ftyp" and not _BRANDS.isdisjoint(_brands(content))


def _brands(content: bytes) -> list[bytes]:
    """Return the brands that the first box of an ISO media file names."""
    end = min(int.from_bytes(content[:4], "big"), 512)
    return [content[8:12], *(content[start : start + 4] for start in range(16, end, 4))]
