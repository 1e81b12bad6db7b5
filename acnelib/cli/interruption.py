"""Ctrl-C that always ends: gently when what runs lets it, by force a moment later when it does not."""

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
"""Exit code, 128 + SIGINT, as shells have it."""


@contextlib.contextmanager
def interruptible(last_words: Callable[[], None], *, grace: float = GRACE_SECONDS) -> Iterator[None]:
    """End the process soon after Ctrl-C, whatever the block is doing; a second Ctrl-C ends it at once.

    Python swallows a KeyboardInterrupt that hits it in a callback, and native code does not see one at all. What the
    block does must survive a kill at any moment.

    Args:
        last_words: Called before the process is ended by force.
        grace: Seconds that the block has to end by itself.
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
        if interrupted.is_set():  # swallowed on the way, and the block ended by itself before the grace was over
            raise KeyboardInterrupt
    finally:
        ended.set()
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call a function at Ctrl-C and at a request to end, instead of ending."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_soon(*, grace: float = GRACE_SECONDS) -> None:
    """End this process by force after a while, if a thread that does not end keeps it: what it had to say is said."""

    def end_by_force() -> None:
        threading.Event().wait(grace)
        os._exit(INTERRUPTED)

    threading.Thread(target=end_by_force, name="acne-end", daemon=True).start()
