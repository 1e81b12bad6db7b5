"""Garbage collection of a command: seldom, and not at its end.

Imports make millions of objects that stay. With Python's own thresholds, looking for garbage among them takes a
twentieth of the time of a training, and freeing them at the end of the process a second more.
"""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_THRESHOLDS = (50_000, 20, 20)


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Collect garbage seldom while the block runs, and leave what is there then to the end of the process."""
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.freeze()
