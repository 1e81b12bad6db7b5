"""Display of progress on standard error: a bar on a terminal, a line now and then in a pipe."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
from rich.table import Column
from rich.text import Text

from acnelib.progress import StageTimer
from acnelib.text.formatting import format_duration, format_elapsed
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import Task

BETWEEN_LINES = 15.0
"""Seconds between two lines about one stage, where bars cannot be drawn."""

_MENTIONED = 2.0  # seconds after which the end of a stage deserves a line
_BAR_WIDTH, _TIME_WIDTH = 10, 20


class ProgressDisplay:
    """Draws the progress of one command; each of its stages replaces the one before.

    Without a terminal, a stage has a line every :data:`BETWEEN_LINES` seconds and, unless it was short, one at its end.

    Args:
        title: What the command does, such as ``Cross-validating``.
        clock: Returns the time in seconds.
    """

    def __init__(self, title: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._title = title
        self._console = console_on(sys.stderr)
        self._lines = ProgressLines(clock=clock)
        self._timer = StageTimer(clock)
        columns = (
            TextColumn("{task.description}", markup=False, table_column=elastic_column(ratio=3)),
            BarColumn(bar_width=_BAR_WIDTH),
            TextColumn("{task.fields[count]}", markup=False),
            TimeColumn(self._timer),
        )
        self._bars = Progress(
            *columns,
            console=self._console,
            transient=True,
            expand=True,
            disable=not can_draw(self._console),
            redirect_stdout=sys.stdout.isatty(),  # else rows for a file would reach the terminal instead
        )
        self._bar = self._bars.add_task(visible(title), total=None, count="")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def update(self, done: int, total: int, what: str) -> None:
        """Show that ``done`` of ``total`` items are done."""
        self._timer.update(done, total)
        if not can_draw(self._console):
            if line := self._lines.line(done, total, f"{self._title}: {what}"):
                self._console.print(visible(line), soft_wrap=True)
            return
        self._bars.update(
            self._bar,
            completed=done,
            total=total or None,
            description=visible(f"{self._title}: {what}"),
            count=f"{done}/{total}" if total else "",
        )


class ProgressLines:
    """Chooses when a line of progress is due where bars cannot be drawn, and writes it.

    Args:
        clock: Returns the time in seconds.
        mention_ends: Give the end of a stage a line too.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, mention_ends: bool = True) -> None:
        self._clock = clock
        self._timer = StageTimer(clock)
        self._mention_ends = mention_ends
        self._written_at = clock()

    def line(self, done: int, total: int, what: str) -> str | None:
        """Return the line about this progress; None if none is due."""
        if self._timer.update(done, total):
            self._written_at = self._clock()
        if not total:
            return None
        is_end = done == total
        if is_end and not (self._mention_ends and self._timer.elapsed() >= _MENTIONED):
            return None
        if not is_end and self._clock() - self._written_at < BETWEEN_LINES:
            return None
        self._written_at = self._clock()
        return f"{what} {done}/{total}, {format_times(self._timer)}"


class TimeColumn(ProgressColumn):
    """Elapsed and remaining time of a stage.

    Args:
        timer: The timer of the stage; by default, each task has that of its stage in the field ``timer``.
    """

    max_refresh = 0.5

    def __init__(self, timer: StageTimer | None = None) -> None:
        super().__init__(Column(width=_TIME_WIDTH, no_wrap=True))
        self._timer = timer

    def render(self, task: Task) -> Text:
        """Return the times; of a finished task, only how long it took."""
        if self._timer is not None:
            elapsed, left = self._timer.elapsed(), self._timer.remaining()
        else:
            timer: StageTimer = task.fields["timer"]
            elapsed, left = task.elapsed or 0.0, None if task.finished else timer.remaining()
        return Text(
            format_elapsed(elapsed) + ("" if left is None else f", {format_duration(left).removeprefix('about ')} left")
        )


def format_times(timer: StageTimer) -> str:
    """Return the elapsed time of a stage and, until it ends, the remaining time."""
    elapsed = f"{format_elapsed(timer.elapsed())} elapsed"
    left = timer.remaining() if timer.done < timer.total else None
    return elapsed if left is None else f"{elapsed}, {format_duration(left)} left"


def elastic_column(*, ratio: int) -> Column:
    """Return a column that takes its share of the width that is left, and shortens what does not fit."""
    return Column(ratio=ratio, no_wrap=True, overflow="ellipsis")


def console_on(stream: TextIO) -> Console:
    """Return a console that treats a stream as a terminal only if it is one, whatever the environment says."""
    return Console(file=stream, force_terminal=stream.isatty(), highlight=False, markup=False, emoji=False)


def can_draw(console: Console) -> bool:
    """Return whether bars can be drawn over each other."""
    return console.is_terminal and not console.is_dumb_terminal
