"""Signals of the terminal: Ctrl-C and a request to end close the app as its user would."""

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
    receiver, sender = socket.socketpair()
    receiver.settimeout(0)
    sender.settimeout(0)
    notifier = QSocketNotifier(receiver.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: close(receiver.recv(1)[0]))
    before = {number: signal.signal(number, _restore_default) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        receiver.close()
        sender.close()


def _restore_default(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
