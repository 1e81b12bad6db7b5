"""The progress of a batch of photos; without Qt."""

from __future__ import annotations

import time
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOKED_BACK = 20.0  # seconds of work that the speed is measured over: it changes with the photos
_KNOWN_AFTER = 1.0  # seconds of work before the time left is estimated


class BatchState(StrEnum):
    """The state of a batch."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped by a failure"


class Batch:
    """Many photos that are being classified.

    Attributes:
        total: How many there are.
        done: How many have an answer or failed.
        failed: How many of those failed.
        state: Whether it runs, pauses or is over.
        reason: Why the work stopped; empty while it did not.
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self.state = BatchState.RUNNING
        self.reason = ""
        self._clock = clock
        self._worked = 0.0  # seconds, pauses left out
        self._looked_at = clock()
        self._marks = deque([(0.0, 0)])  # seconds worked, photos done

    @property
    def is_over(self) -> bool:
        """Whether no more answers come."""
        return self.state not in {BatchState.RUNNING, BatchState.PAUSED}

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest will take; None while that is unknown, or the batch does not run."""
        began, done_then = self._marks[0]
        now, done = self._marks[-1]
        if self.state is not BatchState.RUNNING or now < _KNOWN_AFTER or done == done_then:
            return None
        return max(0, self.total - self.done) * (now - began) / (done - done_then)

    def extend(self, number: int) -> None:
        """Add photos."""
        self.total += number

    def advance(self, done: int, *, failed: int = 0) -> None:
        """Count classified photos, some of which failed; the photos in hand are counted even in a pause."""
        self.done += done
        self.failed += failed
        self._look_at_clock()
        self._marks.append((self._worked, self.done))
        while len(self._marks) > 2 and self._worked - self._marks[0][0] > _LOOKED_BACK:
            self._marks.popleft()

    def pause(self) -> None:
        """Pause; a batch that is over stays over."""
        self._set_state(BatchState.PAUSED)

    def resume(self) -> None:
        """Resume after a pause."""
        self._set_state(BatchState.RUNNING)

    def finish(self) -> None:
        """End it: all photos are done."""
        self._set_state(BatchState.FINISHED)

    def cancel(self) -> None:
        """End it: the user cancelled it."""
        self._set_state(BatchState.CANCELLED)

    def stop(self, reason: str) -> None:
        """End it: the work failed, for this reason."""
        if not self.is_over:
            self.reason = reason
        self._set_state(BatchState.STOPPED)

    def _set_state(self, state: BatchState) -> None:
        if self.is_over:
            return
        self._look_at_clock()
        self.state = state

    def _look_at_clock(self) -> None:
        now = self._clock()
        if self.state is BatchState.RUNNING:
            self._worked += now - self._looked_at
        self._looked_at = now
