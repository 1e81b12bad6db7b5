"""Ending signals: Ctrl-C, a request to end and a closed terminal close the app as its user would."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier

from acnelib.ending_signals import HANGUP, handled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
    woken = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    try:
        with handled(_restore_default):
            yield
    finally:
        signal.set_wakeup_fd(woken)
        notifier.setEnabled(False)
        receiver.close()
        sender.close()


def _restore_default(number: int) -> None:
    if number != HANGUP:
        signal.signal(number, signal.SIG_DFL)
