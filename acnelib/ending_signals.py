"""Signals that ask a process to end: Ctrl-C, a request to terminate, and a terminal that was closed."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

HANGUP: int | None = getattr(signal, "SIGHUP", None)
"""The terminal was closed; Windows has no such signal."""

REQUESTS: tuple[int, ...] = (signal.SIGTERM, *([] if HANGUP is None else [HANGUP]))
"""Signals by which others end the process."""


def exit_code(number: int) -> int:
    """Return the exit code of a process that ended in order after a signal, as shells report it."""
    return 128 + number


@contextlib.contextmanager
def handled(handle: Callable[[int], None], numbers: Iterable[int] = (signal.SIGINT, *REQUESTS)) -> Iterator[None]:
    """Call a function with the number of each ending signal, instead of ending the process.

    A closed terminal is never a second request: shell and kernel both report it, and systemd reports it after SIGTERM.
    A process that was started to survive its terminal (``nohup``) does. Outside the main thread, nothing is changed.

    Args:
        handle: Called in the main thread, between two instructions; may raise.
        numbers: The signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_ending = False

    def receive(number: int, _frame: FrameType | None) -> None:
        nonlocal is_ending
        if number == HANGUP and is_ending:
            return
        is_ending = True
        handle(number)

    before = {number: signal.getsignal(number) for number in numbers if not _is_survived(number)}
    for number in before:
        signal.signal(number, receive)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_survived(number: int) -> bool:
    return number in REQUESTS and signal.getsignal(number) == signal.SIG_IGN
