"""The events of a pipeline run on standard error, one line of JSON each, for a program that shows them."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from acnelib.cli.run_display import own_standard_error
from acnelib.runs.events import RunEvent, RunEventKind
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

_BETWEEN = 0.5
"""Least seconds between two lines about one stage of a task."""


class RunEvents:
    """Writes what :class:`acnelib.cli.run_display.RunDisplay` draws.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stream = own_standard_error()
        self._written: dict[str, tuple[str, float]] = {}  # what was written last of a task, and when
        self.done: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not sys.stderr:
            self._stream.close()

    def last_words(self) -> None:
        """Do nothing: who reads these lines knows which tasks are finished."""

    def started(self, task: str) -> None:
        """Write that a task has started."""
        self._write(RunEvent(event=RunEventKind.STARTED, task=visible(task)))

    def progressed(self, task: str, done: int, total: int, what: str) -> None:
        """Write how far a task is: each new stage of it, and its end, at once."""
        last, at = self._written.get(task, ("", 0.0))
        if what == last and done != total and self._clock() - at < _BETWEEN:
            return
        self._written[task] = (what, self._clock())
        self._write(
            RunEvent(event=RunEventKind.PROGRESSED, task=visible(task), text=visible(what), done=done, total=total or 0)
        )

    def finished(self, task: str, seconds: float) -> None:
        """Write that a task has finished."""
        self.done.append(task)
        self._write(RunEvent(event=RunEventKind.FINISHED, task=visible(task), seconds=round(seconds, 1)))

    def say(self, line: str) -> None:
        """Write a message."""
        self._write(RunEvent(event=RunEventKind.MESSAGE, text=visible(line)))

    def _write(self, event: RunEvent) -> None:
        self._stream.write(f"{event.as_line()}\n")
        self._stream.flush()
