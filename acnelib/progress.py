"""Progress of long work: the callback that reports it, and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with how many items are done, out of how many, and what they are: ``pages``, ``photos`` or ``files``."""

_FEWEST_STEPS = 5  # of fewer steps, each usually does different work


def no_progress(done: int, total: int, what: str) -> None:
    """Ignore progress reports."""


class StageTimer:
    """Times one stage of long work after another, and estimates how long the current one still takes.

    A new stage begins when the total changes or fewer items are done than before.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.done, self.total = 0, 0
        self._begin(0, 0)

    def update(self, done: int, total: int) -> bool:
        """Note how many items are done, out of how many; return whether a new stage has begun."""
        is_new = total != self.total or done < self.done
        if is_new:
            self._begin(done, total)
        self.done = done
        return is_new

    def elapsed(self) -> float:
        """Return the seconds since the stage began."""
        return self._clock() - self._started

    def remaining(self) -> float | None:
        """Return the seconds that the stage still takes at its speed so far; None where that is unknown."""
        progressed = self.done - self._first
        if progressed <= 0 or self.total < _FEWEST_STEPS:
            return None
        return self.elapsed() / progressed * (self.total - self.done)

    def _begin(self, done: int, total: int) -> None:
        # The first report may come after some items, or after all that an interrupted run had already done.
        self._first, self.done, self.total, self._started = done, done, total, self._clock()
