"""One budget of memory for all pictures that are decoded at the same time in this process."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING

from acnelib.imaging.bounds import MEMORY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryBudget:
    """Memory that threads share: each waits for its turn until enough of it is free.

    First come, first served, so that small pictures do not keep a large one waiting for ever. What is larger than the
    whole budget gets all of it. A thread that reads a picture while it holds another does not wait, for it would wait
    for itself.

    Args:
        size: Bytes.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = size
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()
        self._local = threading.local()

    @contextlib.contextmanager
    def of(self, needed: int) -> Iterator[None]:
        """Hold memory while the block runs.

        Args:
            needed: Bytes.
        """
        if getattr(self._local, "holds", False):
            yield
            return
        needed = min(needed, self._size)
        self._take(needed)
        self._local.holds = True
        try:
            yield
        finally:
            self._local.holds = False
            with self._changed:
                self._free += needed
                self._changed.notify_all()

    def _take(self, needed: int) -> None:
        turn = object()
        with self._changed:
            self._waiting.append(turn)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is turn and self._free >= needed)
                self._free -= needed
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()


decoding = MemoryBudget(MEMORY_LIMIT)
"""The budget of this process."""
