"""Ctrl-C in the terminal, and a request to end, close the app as its user would: nothing is left behind."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def closed_by_signals(close: Callable[[int], None]) -> Iterator[None]:
    """Call a function with the number of the signal that came, from Qt's loop; a second one ends the process at once.

    Python's own handlers would wait for Qt to return, so what wakes the loop is a socket that Python writes to.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = socket.socketpair()
    heard.settimeout(0)
    told.settimeout(0)
    notifier = QSocketNotifier(heard.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: close(heard.recv(1)[0]))
    before = {number: signal.signal(number, _next_time_at_once) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        heard.close()
        told.close()


def _next_time_at_once(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
