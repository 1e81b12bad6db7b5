"""Display of a pipeline run on the terminal: one line per task, with a bar while it works."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from acnelib.cli.streams import duplicate
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID


class RunDisplay:
    """Draws the tasks of a run on standard error; without a terminal, a plain line per task."""

    def __init__(self) -> None:
        self._console = Console(file=_own_standard_error(), highlight=False, markup=False, emoji=False)
        columns = (
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.fields[name]:<33}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[what]:<34}", markup=False),
            TimeElapsedColumn(),
        )
        self._bars = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._rows: dict[str, TaskID] = {}
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
        self._rows[task] = self._bars.add_task("", name=visible(task), what="", total=None)

    def progressed(self, task: str, done: int, total: int, what: str) -> None:
        """Show the progress of a task."""
        self._last[task] = visible(f"{what} {done}/{total}" if total else what)
        if not total and not self._console.is_terminal:
            self.say(f"  {task}: {what}")
        self._bars.update(self._rows[task], completed=done, total=total or None, what=self._last[task])

    def finished(self, task: str, seconds: float) -> None:
        """Show a finished task."""
        self.done.append(task)
        self._bars.update(self._rows[task], completed=1, total=1)
        self._bars.stop_task(self._rows[task])
        if not self._console.is_terminal:
            self.say(f"✓ {task:<33} {seconds:6.1f} s  {self._last.get(task, '')}")

    def say(self, line: str) -> None:
        """Show a message between the tasks; always one line, with control characters in names escaped."""
        self._console.print(visible(line), soft_wrap=True)


def _own_standard_error() -> TextIO:
    """Return standard error with a duplicated descriptor, which native redirections do not affect."""
    try:
        return duplicate(sys.stderr)
    except (OSError, ValueError):  # no descriptor behind it, as in tests and notebooks
        return sys.stderr
