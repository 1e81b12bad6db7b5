"""The guard of a training: a process that starts the command, and ends it when the app says so or is gone.

The app holds the other end of the guard's standard input. When that is closed, by the app or by its end, the command is
interrupted as by Ctrl-C, and killed where that does not end it. So no training outlives the app that shows it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE = 10.0
"""Seconds that an interrupted command has to end."""


def run_guarded(command: Sequence[str], *, patience: float = PATIENCE) -> int:
    """Run a command until it ends, and return its exit code, which for a signal is 128 and its number.

    The guard has to be the leader of its process group, which is killed as a whole.
    """
    # In the background of a script interrupts are ignored, and the command would inherit that.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    ended = threading.Event()

    def interrupt(*_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            continue
        interrupt()
        if not ended.wait(patience):
            os.killpg(os.getpgrp(), signal.SIGKILL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    threading.Thread(target=watch, name="watch", daemon=True).start()
    code = process.wait()
    ended.set()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(run_guarded(sys.argv[1:]))
