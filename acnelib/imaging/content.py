"""The bytes of a file: how many there may be, read without waiting for a pipe or filling the memory."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from acnelib.errors import ImageUnreadable

if TYPE_CHECKING:
    from pathlib import Path

FILE_SIZE_LIMIT = 200_000_000
"""Bytes that a picture's file may have; anything larger is a film, an archive or a mistake, and is not read."""

_MEGABYTE = 1_000_000


def file_content(path: Path, name: str) -> bytes:
    """Return the bytes of a regular file.

    Args:
        path: The file.
        name: What messages call it.

    Raises:
        ImageUnreadable: There is no such file, it is none, may not be read or is too large.
    """
    try:
        # A pipe without a writer would hold up the opening; whether it is one is asked of what was opened, not of what
        # had the name a moment before.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            state = os.fstat(stream.fileno())
            if stat.S_ISDIR(state.st_mode):
                raise IsADirectoryError
            if not stat.S_ISREG(state.st_mode):
                raise ImageUnreadable(f"{name} is a pipe or a device, not a file: name a picture's file")
            check_size(state.st_size, name)
            return stream.read(state.st_size)
    except IsADirectoryError as error:
        raise ImageUnreadable(f"{name} is a folder, not a picture: name a file in it") from error
    except FileNotFoundError as error:
        raise ImageUnreadable(f"{name} does not exist: check the path") from error
    except OSError as error:
        raise ImageUnreadable(f"{name} cannot be read ({error.strerror}): check its permissions") from error
    except ValueError as error:  # a name with a null character
        raise ImageUnreadable(f"{name!r} is not the name of a file: check the path") from error


def check_size(size: int, name: str) -> None:
    """Refuse what is empty, or too large to be a picture.

    Args:
        size: Bytes.
        name: What messages call it.

    Raises:
        ImageUnreadable: It has no bytes, or more than :data:`FILE_SIZE_LIMIT`.
    """
    if size == 0:
        raise ImageUnreadable(f"{name} is empty: copy or export it again")
    if size > FILE_SIZE_LIMIT:
        raise ImageUnreadable(
            f"{name} is too large: it has {size // _MEGABYTE} MB, and {FILE_SIZE_LIMIT // _MEGABYTE} MB are the most "
            "that a picture may have"
        )
