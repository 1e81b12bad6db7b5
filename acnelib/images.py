"""The one door every picture comes through: bytes in, upright 8-bit RGB pixels out.

Training, evaluation, the library, the command line and the app all read here, so that the same file gives
the same pixels everywhere. A JPEG is never decoded at a fraction of its size: that is three to five times as fast for a
photo of twelve megapixels, but moves pixels by one level here and there, and an uncertain photo's scores by 0.1; and
nobody who hands over a decoded picture could have the same.
"""

from __future__ import annotations

import contextlib
import io
import re
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageOps

from acnelib.errors import ImageUnreadable
from acnelib.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

PictureSource: TypeAlias = "str | Path | bytes | Image.Image"
"""What can be classified: a path, the bytes of a file, or an image that Pillow has opened."""

PIXEL_LIMIT = 178_956_970
"""Pictures with more pixels are refused: they are mistakes or attacks, and would fill the memory. Pillow's own limit,
which counts even where a program has switched Pillow's off."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000")
"""What Pillow may take a file for, beside HEIC and AVIF. Not EPS, for which it starts Ghostscript on whatever strangers
sent, nor icons, which it decodes before their size can be looked at."""

_16_BIT_MODES = ("I", "I;16", "I;16L", "I;16B", "I;16N")


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        name: How messages call it: its path, or "picture" and the start of its hash.
        sha256: SHA-256 of the file's bytes; None for an image that never was a file here.
        image: Upright, 8-bit RGB, first frame.
    """

    name: str
    sha256: str | None
    image: Image.Image


def read_picture(source: PictureSource) -> Picture:
    """Decode a picture: orientation applied, first frame, transparency laid on white, 16 bits made 8.

    Args:
        source: A path, the bytes of a file, or a Pillow image.

    Raises:
        ImageUnreadable: The source is no file, or its bytes cannot be decoded.
    """
    if isinstance(source, Image.Image):
        with _failures_told("picture"):
            return Picture(name="picture", sha256=None, image=_rgb(ImageOps.exif_transpose(source), "picture"))
    if isinstance(source, bytes):
        content, sha256 = source, sha256_of(source)
        name = f"picture {sha256[:12]}"
    else:
        name = str(source)
        content = _file_content(Path(source), name)
        sha256 = sha256_of(content)
    return Picture(name=name, sha256=sha256, image=_decoded(content, name))


def resized(image: Image.Image, *, height: int, width: int) -> npt.NDArray[np.uint8]:
    """Return the whole picture at a network's input size, antialiased, its proportions given up.

    Returns:
        Array of shape [height, width, 3], uint8, RGB.
    """
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.uint8)


def _file_content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise ImageUnreadable(f"{name} is a folder, not a picture: name a file in it") from error
    except FileNotFoundError as error:
        raise ImageUnreadable(f"{name} does not exist: check the path") from error
    except OSError as error:
        raise ImageUnreadable(f"{name} cannot be read ({error.strerror}): check its permissions") from error


def _decoded(content: bytes, name: str) -> Image.Image:
    if not content:
        raise ImageUnreadable(f"{name} is empty: copy or export it again")
    with _failures_told(name), opened(content) as image:
        if image.width * image.height > PIXEL_LIMIT:
            raise Image.DecompressionBombError
        ImageOps.exif_transpose(image, in_place=True)  # spares a copy of an upright photo, a third of its decoding
        return _rgb(image, name)


def opened(content: bytes) -> Image.Image:
    """Open the bytes of a file without decoding it: its size is known then, its pixels are not.

    Raises:
        Exception: Whatever Pillow says of what is no picture of a kind that is taken.
    """
    formats: tuple[str, ...] = FORMATS
    if content[4:8] == b"ftyp":  # HEIC and AVIF; the decoder is loaded only when one turns up
        import pillow_heif

        pillow_heif.register_heif_opener()
        formats = ("HEIF", "AVIF")
    return Image.open(io.BytesIO(content), formats=formats)


@contextlib.contextmanager
def _failures_told(name: str) -> Iterator[None]:
    """Turn whatever a decoder says of bad data into an error that names the picture and what to do."""
    try:
        with _warnings_ignored:
            yield
    except ImageUnreadable:
        raise
    except Image.DecompressionBombError as error:
        raise ImageUnreadable(f"{name} has more than {PIXEL_LIMIT} pixels: scale it down") from error
    except Exception as error:
        # A decoder's text may have several lines, or name an object's address, so that equal failures look different.
        reason = " ".join(re.sub(r"<[^>]*>", "", str(error)).split()) or type(error).__name__
        raise ImageUnreadable(
            f"{name} cannot be decoded ({reason}): it is no picture, or damaged; export it again as JPEG or PNG"
        ) from error


class _WarningsIgnored:
    """Ignores warnings while any thread decodes: Pillow warns of large pictures and odd metadata.

    `warnings.catch_warnings` alone, entered by several threads, puts back whichever filters it found last.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoding = 0
        self._caught = contextlib.ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if self._decoding == 0:
                self._caught.enter_context(warnings.catch_warnings())
                warnings.simplefilter("ignore")
            self._decoding += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._decoding -= 1
            if self._decoding == 0:
                self._caught.close()


_warnings_ignored = _WarningsIgnored()


def _rgb(upright: Image.Image, name: str) -> Image.Image:
    if upright.mode == "RGB" and not upright.has_transparency_data:
        return upright
    if upright.mode in _16_BIT_MODES:
        grey = np.asarray(upright).astype(np.int64).clip(0, 65_535) // 257
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if upright.mode == "F":
        raise ImageUnreadable(f"{name} holds floating-point pixels of unknown scale: export it as 8-bit JPEG or PNG")
    if upright.has_transparency_data:
        layers = upright.convert("RGBA")
        white = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(white, layers).convert("RGB")
    return upright.convert("RGB")
