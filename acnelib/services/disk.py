"""How much room files take, and how that is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_UNITS = ("kB", "MB", "GB", "TB")


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder; 0 for what is not there.

    Links are not followed, and a file that goes away meanwhile does not count.
    """
    try:
        with os.scandir(path) as entries:
            return sum(_size(entry) for entry in entries)
    except NotADirectoryError:
        return path.lstat().st_size if path.exists() else 0
    except OSError:
        return 0


def _size(entry: os.DirEntry[str]) -> int:
    try:
        if not entry.is_dir(follow_symlinks=False):
            return entry.stat(follow_symlinks=False).st_size
        with os.scandir(entry) as entries:
            return sum(_size(inner) for inner in entries)
    except OSError:
        return 0


def told(size: int) -> str:
    """Return a number of bytes as people read it: ``512 B``, ``1.2 MB``."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in _UNITS:
        amount /= 1000
        if amount < 999.95 or unit == _UNITS[-1]:
            break
    return f"{amount:.1f} {unit}"
