"""Opening of picture files: the format is recognised, and metadata are separated from the coded pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import Image

from acnelib.imaging.bounds import LIMITS, DecodingCost, DecodingLimits, check_cost
from acnelib.imaging.cost import cost_in_memory
from acnelib.imaging.failures import too_many_pixels, truncated, unknown, unsupported
from acnelib.imaging.formats import containers, jpeg, jpeg_2000, phone, plain, png, tiff
from acnelib.imaging.orientation import TAG, UPRIGHT, orientation_of
from acnelib.imaging.pixel_metadata import CodedColour, PixelMetadata

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    **dict.fromkeys((b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"), "PPM"),
}
"""Kinds without metadata that matter, by their first bytes. Formats not named in this module are refused: EPS, for
which Pillow starts Ghostscript on untrusted files, and icons, which it decodes before their size can be checked."""


@dataclass(frozen=True, kw_only=True)
class OpenedImage:
    """A file whose pixels are not decoded yet.

    Attributes:
        image: The image as Pillow opened it.
        metadata: Orientation, colour space and depth.
        work: What its decoder needs besides the decoded pixels.
        jpeg: Its parsed segments, if it is a JPEG.
    """

    image: Image.Image
    metadata: PixelMetadata
    work: DecodingCost
    jpeg: jpeg.Jpeg | None = None

    def cost(self, size: int) -> DecodingCost:
        """Return what it costs to decode the file and to make its pixels upright sRGB.

        Args:
            size: Bytes of the file.
        """
        return cost_in_memory(self.image, self.metadata, size=size) + self.work


def open_image(content: bytes) -> Image.Image:
    """Open the bytes of a picture file without decoding its pixels, as ``Image.open`` does.

    Raises:
        Exception: Any error of a decoder: the bytes are no picture of a supported format.
    """
    return unpacked(content, "picture").image


def is_known(content: bytes) -> bool:
    """Return whether a file begins like a picture of a supported format."""
    return _opener(content) is not None or content.startswith(tuple(_PLAIN))


def unpacked(content: bytes, name: str, *, limits: DecodingLimits = LIMITS) -> OpenedImage:
    """Open the bytes of a file, its metadata set aside.

    Args:
        content: The bytes.
        name: What messages call it.
        limits: What it may have and cost.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: It has too many pixels or parts, or would take too much memory or time.
        Exception: Any error of Pillow: the file cannot be opened.
    """
    opened = _unpacked(content, name)
    if opened.image.width * opened.image.height > limits.pixels:
        raise too_many_pixels(name, limits.pixels)
    check_cost(opened.cost(len(content)), name, limits=limits)
    return opened


def _unpacked(content: bytes, name: str) -> OpenedImage:
    opener = _opener(content)
    if opener is not None:
        return opener(content, name)
    forms = [form for start, form in _PLAIN.items() if content.startswith(start)]
    if not forms:
        raise unknown(name)
    work = plain.cost(content, name)
    return OpenedImage(image=_image(content, *forms), metadata=PixelMetadata(), work=work)


def _opener(content: bytes) -> Callable[[bytes, str], OpenedImage] | None:
    """Return the function that opens files of this format; None: unsupported."""
    if content[4:8] == b"ftyp":
        return _open_heif
    if content.startswith(b"RIFF"):
        return _webp if content[8:12] == b"WEBP" else None
    openers = {
        jpeg.START + b"\xff": _jpeg,
        png.START: _png,
        jpeg_2000.JP2_START: _jpeg_2000,
        jpeg_2000.CODESTREAM_START: _jpeg_2000,
    } | dict.fromkeys(tiff.STARTS, _tiff)
    return next((opener for start, opener in openers.items() if content.startswith(start)), None)


def _jpeg(content: bytes, name: str) -> OpenedImage:
    taken = jpeg.parsed(content, name)
    if taken is None:
        raise truncated(name)
    if taken.precision != 8:
        raise unsupported(name, "JPEG")
    return OpenedImage(image=_image(taken.content, "JPEG"), metadata=taken.metadata, work=taken.work, jpeg=taken)


def _png(content: bytes, name: str) -> OpenedImage:
    bare, metadata = png.bared(content, name)
    image = _image(bare, "PNG")
    return OpenedImage(image=image, metadata=metadata, work=png.cost(image.width * image.height))


def _tiff(content: bytes, name: str) -> OpenedImage:
    bare, metadata, work = tiff.bared(content, name)
    return OpenedImage(image=_image(bare, "TIFF"), metadata=metadata, work=work)


def _webp(content: bytes, name: str) -> OpenedImage:
    bare, profile, exif, xmp = containers.bared_webp(content, name)
    image = _image(bare, "WEBP")
    metadata = PixelMetadata(orientation=orientation_of(exif, xmp), profile=profile)
    return OpenedImage(image=image, metadata=metadata, work=containers.webp_cost(image.width * image.height))


def _jpeg_2000(content: bytes, name: str) -> OpenedImage:
    taken = jpeg_2000.parsed(content, name)
    white = (
        (2**taken.bits - 1) << (16 - taken.bits) if 8 < taken.bits < 16 else 0
    )  # Pillow shifts samples to the upper end
    metadata = PixelMetadata(white=white, profile=containers.jp2_profile(content, name))
    check_cost(taken.work, name)
    return OpenedImage(image=_image(taken.content, "JPEG2000"), metadata=metadata, work=taken.work)


def _open_heif(content: bytes, name: str) -> OpenedImage:
    import pillow_heif  # loaded only when a HEIC or AVIF turns up

    pillow_heif.register_heif_opener()
    bare = phone.bared(content, name)
    coded = phone.coded_pixels(content, name)
    check_cost(phone.cost(0, coded=coded), name)
    image = _image(bare, "HEIF", "AVIF")
    metadata = replace(pixel_metadata_of(image), coded=containers.coded_colour(content, name))
    return OpenedImage(image=image, metadata=metadata, work=phone.cost(image.width * image.height, coded=coded))


def _image(content: bytes, *formats: str) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=formats)


def pixel_metadata_of(image: Image.Image) -> PixelMetadata:
    """Return the metadata of an image that Pillow opened."""
    nclx = image.info.get("nclx_profile")
    return PixelMetadata(
        # libheif has turned a HEIC's pixels already, regardless of its EXIF.
        orientation=UPRIGHT if image.format == "HEIF" else _orientation_in_memory(image),
        profile=image.info.get("icc_profile"),
        coded=CodedColour(nclx["color_primaries"], nclx["transfer_characteristics"]) if nclx else None,
    )


def _orientation_in_memory(image: Image.Image) -> int:
    exif, xmp = image.info.get("exif"), image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(exif, bytes) and exif:
        return orientation_of(exif, xmp.encode() if isinstance(xmp, str) else xmp)
    try:
        return int(image.getexif().get(TAG, UPRIGHT))  # set by a program, or read from TIFF's tags
    except Exception:  # noqa: BLE001 - damaged metadata are no reason to refuse pixels
        return UPRIGHT
