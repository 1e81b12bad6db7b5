"""The startup times of the app: the three lines of ``acne gui --trace-startup``."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from acnelib.text.visible import visible
from gui.state.session import ModelMissing, ModelReady, Session, Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_IMPORTED = time.monotonic()


def since_process_start() -> float:
    """Return milliseconds since this process started; where only Linux tells, since this module was imported."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000
    except (OSError, AttributeError, ValueError, IndexError):
        return (time.monotonic() - _IMPORTED) * 1000


class StartupTrace(QObject):
    """Prints when the window, the model and the first answer were there, then leaves.

    It leaves when a photo was given: with 0 after its answer, with 1 when there will be none.
    """

    def __init__(self, parent: QObject, *, out: TextIO, err: TextIO, leave: Callable[[int], None] | None) -> None:
        super().__init__(parent)
        self._out, self._err, self._leave = out, err, leave
        self._said: set[str] = set()

    def window_painted(self) -> None:
        """Print when the window could be seen."""
        self._say("window shown")

    def session_changed(self, session: Session) -> None:
        """Print what is there for the first time."""
        photo = session.photo
        if isinstance(session.model, ModelReady):
            self._say("model ready")
        if session.shown is Shown.ANSWER:
            self._say("first prediction")
            self._end(0)
        elif session.shown is Shown.FAILURE and photo is not None:
            self._fail(str(photo.error))
        elif isinstance(session.model, ModelMissing):
            self._fail(session.model.reason)

    def _say(self, what: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self._out.write(f"{what}: {since_process_start():.0f} ms\n")
            self._out.flush()

    def _fail(self, reason: str) -> None:
        if "failure" not in self._said and "first prediction" not in self._said:
            self._said.add("failure")
            self._err.write(f"{visible(reason)}\n")
            self._end(1)

    def _end(self, code: int) -> None:
        if self._leave is not None:
            leave, self._leave = self._leave, None
            leave(code)
