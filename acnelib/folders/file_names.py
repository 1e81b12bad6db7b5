"""The names of all files below a folder, as messages show them; redaction replaces them."""

from __future__ import annotations

import time
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from acnelib.folders.walk import Walk
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CACHED_FOR = 10.0  # seconds


def file_names_below(folder: Path | None) -> Callable[[], frozenset[str]]:
    """Return a function that lists all paths below a folder, relative to it, except the class folders.

    Args:
        folder: The folder of a source; None: the source is a site, and the list is empty.
    """
    return partial(_listed, folder) if folder else frozenset


def _listed(folder: Path) -> frozenset[str]:
    return _names_below(folder, int(time.monotonic() / _CACHED_FOR))


@lru_cache(maxsize=32)  # a run may have many sources
def _names_below(folder: Path, _moment: int) -> frozenset[str]:
    """Return the names; cached for a moment, because a log has many lines."""
    walk = Walk(folder)
    names = {visible(path.as_posix()) for path in walk.files()}
    inner = {visible(path) for path in walk.folders if "/" in path}
    classes = set(map(visible, walk.folders_at_top))
    return frozenset(names | inner | ({visible(each.path) for each in walk.left_out} - classes - {"."}))
