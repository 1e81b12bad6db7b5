"""What goes where: results to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.stages.keeping import Progress


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def say(line: str) -> None:
    """Print a line for the person at the terminal."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def show(line: str) -> None:
    """Print a line of the result."""
    print(line, flush=True)  # noqa: T201


def show_json(value: Any) -> None:
    """Print a result as JSON."""
    show(json.dumps(value, indent=1, ensure_ascii=False))


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Yield a function that draws progress on a terminal, and draws nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(title, total=None)

        def draw(done: int, total: int, what: str) -> None:
            bars.update(bar, completed=done, total=total or None, description=f"{title}: {what}")

        yield draw


def percentage(score: float) -> str:
    """Return a score as people read it; one that is not quite 0 or 1 is never written so."""
    text = f"{score:.1%}"
    if text == "100.0%" and score < 1:
        return ">99.9%"
    return "<0.1%" if text == "0.0%" and score > 0 else text
