"""Handling of ending signals: the process ends in order if possible, and by force a moment later otherwise.

Ctrl-C, SIGTERM and a closed terminal all raise KeyboardInterrupt, so that commands clean up in one way.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

from acnelib.ending_signals import REQUESTS, exit_code, handled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRACE_SECONDS = 3.0
INTERRUPTED = exit_code(signal.SIGINT)
"""Exit code after Ctrl-C."""

INTERRUPTIONS = frozenset(map(exit_code, (signal.SIGINT, *REQUESTS)))
"""Exit codes of an interrupted command: 128 and the number of the signal, as in shells."""


class _Received:
    """The last ending signal of this process."""

    number: int = signal.SIGINT


def interruption_code() -> int:
    """Return the exit code for the signal that interrupted this process."""
    return exit_code(_Received.number)


@contextlib.contextmanager
def interrupted_by_requests() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM and when the terminal is closed, as Python does on Ctrl-C."""
    with handled(_interrupt, REQUESTS):
        yield


@contextlib.contextmanager
def interruptible(last_words: Callable[[], None], *, grace: float = GRACE_SECONDS) -> Iterator[None]:
    """End the process soon after an ending signal, whatever the block is doing; a second one ends it at once.

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
            os._exit(interruption_code())

    def interrupt(number: int) -> None:
        if interrupted.is_set():
            os._exit(exit_code(number))
        interrupted.set()
        threading.Thread(target=end_by_force, name="acne-interrupt", daemon=True).start()
        _interrupt(number)

    with handled(interrupt):
        try:
            yield
            if interrupted.is_set():  # swallowed, and the block ended within the grace period
                raise KeyboardInterrupt
        finally:
            ended.set()


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call a function on every ending signal, instead of ending the process."""
    with handled(lambda _number: stop()):
        yield


def end_soon(*, grace: float = GRACE_SECONDS) -> None:
    """End this process by force after the grace period, if a thread still keeps it alive."""

    def end_by_force() -> None:
        threading.Event().wait(grace)
        os._exit(interruption_code())

    threading.Thread(target=end_by_force, name="acne-end", daemon=True).start()


def _interrupt(number: int) -> None:
    _Received.number = number
    raise KeyboardInterrupt
