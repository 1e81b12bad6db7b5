"""Display of a pipeline run on the terminal: one line per task, with a bar while it works."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self, TextIO

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from acnelib.cli.progress_display import ProgressLines, TimeColumn, can_draw, console_on, elastic_column
from acnelib.cli.streams import duplicate
from acnelib.progress import StageTimer
from acnelib.text.layout import wrap_line
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import TaskID


class RunDisplay:
    """Draws the tasks of a run on standard error; without a terminal, a line per task, and for long ones now and then.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._console = console_on(own_standard_error())
        self._draws = can_draw(self._console)
        columns = (
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.fields[name]}", markup=False, table_column=elastic_column(ratio=3)),
            BarColumn(bar_width=5),
            TextColumn("{task.fields[what]}", markup=False, table_column=elastic_column(ratio=2)),
            TimeColumn(),
        )
        self._bars = Progress(*columns, console=self._console, expand=True, disable=not self._draws)
        self._rows: dict[str, TaskID] = {}
        self._timers: dict[str, StageTimer] = {}
        self._lines: dict[str, ProgressLines] = {}
        self._last: dict[str, str] = {}
        self.done: list[str] = []

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
        if kind is KeyboardInterrupt:
            self.last_words()
        if self._console.file is not sys.stderr:
            self._console.file.close()

    def last_words(self) -> None:
        """Show the finished tasks and how to resume, when the run is interrupted."""
        done = ", ".join(self.done) or "nothing yet"
        self.say(f"Done: {done}. The same command continues from there; nothing is done twice.")

    def started(self, task: str) -> None:
        """Show a started task."""
        self._timers[task] = StageTimer(self._clock)
        self._lines[task] = ProgressLines(clock=self._clock, mention_ends=False)
        self._rows[task] = self._bars.add_task("", name=visible(task), what="", total=None, timer=self._timers[task])

    def progressed(self, task: str, done: int, total: int, what: str) -> None:
        """Show the progress of a task."""
        self._last[task] = visible(f"{what} {done}/{total}" if total else what)
        self._timers[task].update(done, total)
        if not self._draws:
            line = self._lines[task].line(done, total, f"{task}: {what}") if total else f"{task}: {what}"
            if line:
                self.say(f"  {line}")
        shown = visible(f"{done}/{total} {what}" if total else what)  # the number stays where the words are shortened
        self._bars.update(self._rows[task], completed=done, total=total or None, what=shown)

    def finished(self, task: str, seconds: float) -> None:
        """Show a finished task."""
        self.done.append(task)
        self._bars.update(self._rows[task], completed=1, total=1, what=self._last.get(task, ""))
        self._bars.stop_task(self._rows[task])
        if not self._draws:
            self.say(f"✓ {task:<33} {seconds:6.1f} s  {self._last.get(task, '')}")

    def say(self, line: str) -> None:
        """Show a message between the tasks; in a pipe always one line, with control characters in names escaped."""
        line = visible(line)
        self._console.print(wrap_line(line, self._console.width) if self._console.is_terminal else line, soft_wrap=True)


def own_standard_error() -> TextIO:
    """Return standard error with a duplicated descriptor, which native redirections do not affect."""
    try:
        return duplicate(sys.stderr)
    except (OSError, ValueError):  # no descriptor behind it, as in tests and notebooks
        return sys.stderr
