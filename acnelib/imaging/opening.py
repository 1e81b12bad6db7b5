"""A file's bytes made ready for its decoder: of a known kind, without metadata, and with what these said."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image

from acnelib.imaging.failures import PIXEL_LIMIT, too_many_pixels, truncated, unknown, unsupported
from acnelib.imaging.formats import containers, jpeg, png, tiff
from acnelib.imaging.notes import CodedColour, Notes
from acnelib.imaging.orientation import TAG, UPRIGHT, orientation_of

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    **dict.fromkeys((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"), "PPM"),
}
"""Kinds without metadata that matter, by how they begin. What is not named in this module is not taken: not EPS, for
which Pillow starts Ghostscript on whatever strangers sent, nor icons, which it decodes before their size can be looked
at."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file whose pixels are not decoded yet.

    Attributes:
        image: As Pillow opened it.
        notes: What it says of its pixels.
        jpeg: Taken apart, where it is one.
    """

    image: Image.Image
    notes: Notes
    jpeg: jpeg.Jpeg | None = None


def opened(content: bytes) -> Image.Image:
    """Open the bytes of a file without decoding it: its size is known then, its pixels are not.

    Raises:
        Exception: Whatever is said of what is no picture of a kind that is taken.
    """
    return unpacked(content, "picture").image


def is_known(content: bytes) -> bool:
    """Return whether a file begins like a picture of a kind that is taken."""
    return _opener(content) is not None or content.startswith(tuple(_PLAIN))


def unpacked(content: bytes, name: str) -> Opened:
    """Open the bytes of a file, its metadata set aside.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: It has too many pixels.
        Exception: Whatever Pillow says of what it cannot open.
    """
    opened = _unpacked(content, name)
    if opened.image.width * opened.image.height > PIXEL_LIMIT:
        raise too_many_pixels(name)
    return opened


def _unpacked(content: bytes, name: str) -> Opened:
    opener = _opener(content)
    if opener is not None:
        return opener(content, name)
    forms = [form for start, form in _PLAIN.items() if content.startswith(start)]
    if not forms:
        raise unknown(name)
    return Opened(image=_image(content, *forms), notes=Notes())


def _opener(content: bytes) -> Callable[[bytes, str], Opened] | None:
    """Return what opens a file that begins like this one."""
    if content[4:8] == b"ftyp":
        return _of_phone
    if content.startswith(b"RIFF"):
        return _webp if content[8:12] == b"WEBP" else None
    openers = {
        jpeg.START + b"\xff": _jpeg,
        png.START: _png,
        containers.JP2_START: _jpeg_2000,
        containers.CODESTREAM_START: _jpeg_2000,
    } | dict.fromkeys(tiff.STARTS, _tiff)
    return next((opener for start, opener in openers.items() if content.startswith(start)), None)


def _jpeg(content: bytes, name: str) -> Opened:
    taken = jpeg.parsed(content)
    if taken is None:
        raise truncated(name)
    if taken.precision != 8:
        raise unsupported(name, "JPEG")
    return Opened(image=_image(taken.content, "JPEG"), notes=taken.notes, jpeg=taken)


def _png(content: bytes, name: str) -> Opened:
    bare, notes = png.bared(content, name)
    return Opened(image=_image(bare, "PNG"), notes=notes)


def _tiff(content: bytes, name: str) -> Opened:
    bare, notes = tiff.bared(content, name)
    return Opened(image=_image(bare, "TIFF"), notes=notes)


def _webp(content: bytes, name: str) -> Opened:
    bare, profile, exif, xmp = containers.bared_webp(content, name)
    return Opened(image=_image(bare, "WEBP"), notes=Notes(orientation=orientation_of(exif, xmp), profile=profile))


def _jpeg_2000(content: bytes, name: str) -> Opened:
    ended, bits = containers.ended_codestream(content, name)
    white = (2**bits - 1) << (16 - bits) if 8 < bits < 16 else 0  # Pillow shifts samples to the upper end
    image = _image(ended, "JPEG2000")
    return Opened(image=image, notes=Notes(white=white, profile=containers.jp2_profile(content)))


def _of_phone(content: bytes, name: str) -> Opened:
    import pillow_heif  # loaded only when a HEIC or AVIF turns up

    pillow_heif.register_heif_opener()
    image = _image(containers.bared_phone(content, name), "HEIF", "AVIF")
    return Opened(image=image, notes=replace(notes_of(image), coded=containers.coded_colour(content)))


def _image(content: bytes, *formats: str) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=formats)


def notes_of(image: Image.Image) -> Notes:
    """Return what an image that Pillow holds still knows of its file."""
    nclx = image.info.get("nclx_profile")
    return Notes(
        # libheif has turned a HEIC's pixels already, whatever its EXIF says.
        orientation=UPRIGHT if image.format == "HEIF" else _orientation_in_memory(image),
        profile=image.info.get("icc_profile"),
        coded=CodedColour(nclx["color_primaries"], nclx["transfer_characteristics"]) if nclx else None,
    )


def _orientation_in_memory(image: Image.Image) -> int:
    exif, xmp = image.info.get("exif"), image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(exif, bytes) and exif:
        return orientation_of(exif, xmp.encode() if isinstance(xmp, str) else xmp)
    try:
        return int(image.getexif().get(TAG, UPRIGHT))  # set by a program, or told by TIFF's tags
    except Exception:  # noqa: BLE001 - damaged metadata are no reason to refuse pixels
        return UPRIGHT
