"""Handling of Ctrl-C: ends the process in order if possible, and by force a moment later otherwise."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

GRACE_SECONDS = 3.0
INTERRUPTED = 130
"""Exit code of an interrupted command: 128 + SIGINT, as in shells."""


@contextlib.contextmanager
def interruptible(last_words: Callable[[], None], *, grace: float = GRACE_SECONDS) -> Iterator[None]:
    """End the process soon after Ctrl-C, whatever the block is doing; a second Ctrl-C ends it at once.

    Python swallows a KeyboardInterrupt raised in a callback, and native code does not see one at all. The block must
    survive a kill at any moment.

    Args:
        last_words: Called before the process is ended by force.
        grace: Seconds for the block to end by itself.
    """
    interrupted, ended = threading.Event(), threading.Event()

    def end_by_force() -> None:
        if not ended.wait(grace):
            last_words()
            os._exit(INTERRUPTED)

    def interrupt(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        interrupted.set()
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
        threading.Thread(target=end_by_force, name="acne-interrupt", daemon=True).start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
        if interrupted.is_set():  # swallowed, and the block ended within the grace period
            raise KeyboardInterrupt
    finally:
        ended.set()
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call a function on SIGINT and SIGTERM, instead of ending the process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_soon(*, grace: float = GRACE_SECONDS) -> None:
    """End this process by force after the grace period, if a thread still keeps it alive."""

    def end_by_force() -> None:
        threading.Event().wait(grace)
        os._exit(INTERRUPTED)

    threading.Thread(target=end_by_force, name="acne-end", daemon=True).start()
