"""Errors of unreadable pictures in a user's words; the decoder's own error is kept as the cause."""

from __future__ import annotations

import contextlib
import threading
import warnings
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from acnelib.errors import AcneError, ImageTooCostly, ImageTruncated, ImageUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

PIXEL_LIMIT = 178_956_970
"""Pictures with more pixels are refused: they are mistakes or attacks, and would fill the memory. Pillow's own limit,
which counts even where a program has switched Pillow's off."""

_ENDED = ("truncated", "end of file", "not enough", "too short", "references data outside", "incomplete", "eof")
"""Messages of decoders for a file that ends too early, in lower case."""


def truncated(name: str) -> ImageTruncated:
    """Return the error of a picture of which a part is missing, or was lost in damage."""
    return ImageTruncated(
        f"{name} cannot be decoded: it is truncated or damaged, some of its pixels are missing; copy or export it again"
    )


def unknown(name: str) -> ImageUnreadable:
    """Return the error of what is not a picture."""
    return ImageUnreadable(f"{name} cannot be decoded: it is not a picture of a known kind; export it as JPEG or PNG")


def unsupported(name: str, form: str) -> ImageUnreadable:
    """Return the error of a picture of a known kind that is stored in an unusual way."""
    return ImageUnreadable(
        f"{name} cannot be decoded: it is an unsupported variant of {form}; export it as 8-bit JPEG or PNG"
    )


def too_many_pixels(name: str, most: int = PIXEL_LIMIT) -> ImageUnreadable:
    """Return the error of a picture that would fill the memory."""
    return ImageUnreadable(f"{name} has more than {most} pixels: scale it down")


def too_costly(name: str, needed: str, most: str) -> ImageTooCostly:
    """Return the error of a picture whose decoding would take too much memory or time.

    Args:
        name: What messages call it.
        needed: What its decoding needs.
        most: How much of this one picture may take.
    """
    return ImageTooCostly(
        f"{name} would need {needed} to be decoded, and {most} is the limit: scale it down, or export it as 8-bit JPEG"
    )


def too_slow(name: str, seconds: float) -> ImageTooCostly:
    """Return the error of a picture whose decoding was ended because it took too long, or too much memory."""
    return ImageTooCostly(
        f"{name} cannot be decoded in {seconds:.0f} s, or in the memory for one picture: scale it down, or export it "
        "as 8-bit JPEG"
    )


def too_many_parts(name: str, most: str) -> ImageUnreadable:
    """Return the error of a file with more parts than any camera or program writes."""
    return ImageUnreadable(f"{name} cannot be decoded: its file has more than {most}; export it as 8-bit JPEG or PNG")


@contextlib.contextmanager
def failures_in_words(name: str, *, is_known: bool) -> Iterator[None]:
    """Turn any error in a block into one that names the picture and the remedy.

    Args:
        name: What messages call the picture.
        is_known: Whether it begins like a picture.
    """
    try:
        with _warnings_ignored:
            yield
    except AcneError:
        raise
    except Image.DecompressionBombError as error:
        raise too_many_pixels(name) from error
    except MemoryError as error:
        raise ImageUnreadable(f"{name} is too large for this machine's memory: scale it down") from error
    except Exception as error:  # decoders raise errors of any type
        raise _in_words(error, name, is_known=is_known) from error


def _in_words(error: Exception, name: str, *, is_known: bool) -> ImageUnreadable:
    if not is_known:
        return unknown(name)
    text = str(error).lower()
    is_variant = isinstance(error, UnidentifiedImageError | NotImplementedError | KeyError)
    if is_variant and not any(word in text for word in _ENDED):
        return ImageUnreadable(
            f"{name} cannot be decoded: it is damaged, or an unsupported variant of its kind; export it as 8-bit JPEG "
            "or PNG"
        )
    return truncated(name)


class _WarningsIgnored:
    """Ignores warnings while any thread decodes: Pillow warns of large pictures and odd metadata.

    `warnings.catch_warnings` alone, entered by several threads, would restore the filters that it found last.
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
