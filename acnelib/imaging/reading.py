"""The one door every picture comes through: bytes in, upright 8-bit RGB pixels out.

Training, evaluation, the library, the command line and the app all read here, so that the same file gives
the same pixels everywhere. A JPEG is never decoded at a fraction of its size: that is three to five times as fast for a
photo of twelve megapixels, but moves pixels by one level here and there, and an uncertain photo's scores by 0.1. A
caller who passes a decoded picture could not get the same pixels.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageFile

from acnelib.imaging import memory_budget
from acnelib.imaging.bounds import LIMITS, DecodingLimits
from acnelib.imaging.colour import in_srgb, is_converted
from acnelib.imaging.content import FILE_SIZE_LIMIT, check_size, file_content
from acnelib.imaging.depth import eight_bits
from acnelib.imaging.failures import PIXEL_LIMIT, failures_in_words, too_many_pixels, unsupported
from acnelib.imaging.formats import jpeg
from acnelib.imaging.opening import is_known, pixel_metadata_of, unpacked
from acnelib.imaging.orientation import upright
from acnelib.imaging.strips import changed
from acnelib.storage.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from acnelib.imaging.opening import OpenedImage
    from acnelib.imaging.pixel_metadata import PixelMetadata

PictureSource: TypeAlias = "str | Path | bytes | Image.Image"
"""A picture to classify: a path, the bytes of a file, or an image that Pillow has opened."""

_COPIES = 12  # bytes for each pixel of a picture in memory: its copy, and what is made of that


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        name: How messages call it: its path, or "picture" and the start of its hash.
        sha256: SHA-256 of the file's bytes; None for an image that never was a file here.
        image: Upright, 8-bit sRGB, first frame, without metadata.
    """

    name: str
    sha256: str | None
    image: Image.Image


def read_picture(source: PictureSource) -> Picture:
    """Decode a picture: first frame, 16 bits made 8, colours made sRGB, transparency laid on white, turned upright.

    Args:
        source: A path, the bytes of a file, or a Pillow image.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: The source is no file, is too large, its bytes cannot be decoded, or that would cost too much.
    """
    with reading(source) as picture:
        return picture


@contextlib.contextmanager
def reading(source: PictureSource, *, name: str | None = None, limits: DecodingLimits = LIMITS) -> Iterator[Picture]:
    """Decode a picture as :func:`read_picture` does, for a block that works on its pixels.

    All pictures that are read in blocks at the same time share one budget of memory; the block begins when there is
    enough.

    Args:
        source: A path, the bytes of a file, or a Pillow image.
        name: What messages call it; default: its path, or "picture" and the start of its hash.
        limits: What it may have and cost.

    Raises:
        ImageTruncated: Some of its pixels never arrived.
        ImageUnreadable: The source is no file, is too large, its bytes cannot be decoded, or that would cost too much.
    """
    if isinstance(source, Image.Image):
        name = name or "picture"
        undecoded = _undecoded(source, name)
        if undecoded is None:
            with memory_budget.decoding.of(_COPIES * source.width * source.height):
                yield Picture(name=name, sha256=None, image=_of_pillow(source, name))
            return
        content, sha256 = undecoded, None
    elif isinstance(source, bytes):
        content, sha256 = source, sha256_of(source)
        name = name or f"picture {sha256[:12]}"
        check_size(len(content), name)
    else:
        name = name or str(source)
        content = file_content(Path(source), name)
        sha256 = sha256_of(content)
    with failures_in_words(name, is_known=is_known(content)):
        opened = unpacked(content, name, limits=limits)
    with memory_budget.decoding.of(opened.cost(len(content)).memory):
        yield Picture(name=name, sha256=sha256, image=_decoded(opened, name))


def resized(image: Image.Image, *, height: int, width: int) -> npt.NDArray[np.uint8]:
    """Return the whole picture at a network's input size, antialiased, its proportions given up.

    Returns:
        Array of shape [height, width, 3], uint8, RGB.
    """
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.uint8)


def _decoded(opened: OpenedImage, name: str) -> Image.Image:
    with failures_in_words(name, is_known=True):
        image = None if opened.jpeg is None else jpeg.decoded(opened.jpeg, name)
        if image is None:
            image = opened.image
            image.load()
        return _rgb(image, opened.metadata, name)


def _of_pillow(image: Image.Image, name: str) -> Image.Image:
    with failures_in_words(name, is_known=True):
        if image.width * image.height > PIXEL_LIMIT:
            raise too_many_pixels(name)
        image.load()
        return _rgb(image.copy(), pixel_metadata_of(image), name)


def _undecoded(image: Image.Image, name: str) -> bytes | None:
    """Return the bytes of an opened file of which nothing has been decoded; None where there is no such file any more.

    Pillow would decode it without saying what is missing.
    """
    stream = getattr(image, "fp", None)
    if not isinstance(image, ImageFile.ImageFile) or stream is None or image.tell() != 0:
        return None
    if image._im is not None or image.decoderconfig:  # noqa: SLF001 - decoded, or requested at another size
        return None
    with failures_in_words(name, is_known=True):
        place = stream.tell()
        stream.seek(0)
        content: bytes = stream.read(FILE_SIZE_LIMIT + 1)
        stream.seek(place)
    check_size(len(content), name)
    return content if is_known(content) else None


def _rgb(image: Image.Image, metadata: PixelMetadata, name: str) -> Image.Image:
    image = eight_bits(image, metadata, name)
    converted = is_converted(image.mode, profile=metadata.profile, coded=metadata.coded)
    if image.mode != "RGB" or image.has_transparency_data or converted:
        image = changed(image, lambda strip: _flat(strip, metadata, name))
    rgb = upright(image, metadata.orientation)
    rgb.info = {}  # colour and orientation are applied, and must not be applied again
    return rgb


def _flat(image: Image.Image, metadata: PixelMetadata, name: str) -> Image.Image:
    """Return a picture, or a strip of one, in sRGB and laid on white."""
    layers = in_srgb(_layers(image, name), profile=metadata.profile, coded=metadata.coded)
    if layers.mode in {"LA", "RGBA"}:
        layers = layers.convert("RGBA")
        layers = Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers)
    return layers if layers.mode == "RGB" else layers.convert("RGB")


def _layers(image: Image.Image, name: str) -> Image.Image:
    """Return a picture as grey, RGB or CMYK, with alpha where any of it is transparent."""
    if image.mode in {"RGB", "CMYK"} and not image.has_transparency_data:
        return image
    if image.mode == "LAB":
        raise unsupported(name, "TIFF, in L*a*b*")
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in {"1", "L", "La", "LA"} else "RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")
