"""The mark in the files of drawn pictures, which distinguishes them from photos after they are moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARK = b"Drawn by acnelib: no photo of anybody"
"""The comment of a drawn picture's file; programs that write a JPEG file from another keep it."""

_SEARCHED = 4096  # bytes; comments precede the picture itself


def is_drawn(path: Path) -> bool:
    """Say whether a file has the mark of a drawn picture; only its beginning is read.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        return MARK in stream.read(_SEARCHED)
