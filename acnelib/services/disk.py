"""Disk usage."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder; 0 if the path does not exist.

    Links are not followed, and files that disappear during the count are ignored.
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
