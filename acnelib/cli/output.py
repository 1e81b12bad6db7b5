"""Output of the commands: results to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from acnelib.cli.streams import has_reader, is_utf8
from acnelib.text.layout import wrap_line
from acnelib.text.redaction import without_logins
from acnelib.text.visible import visible, visible_json, visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acnelib.progress import Progress


Row = TypeVar("Row")


class Format(StrEnum):
    """Output format of a result."""

    TEXT = "text"
    JSON = "json"


class TableFormat(StrEnum):
    """Output format of a table."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def say(line: str) -> None:
    """Print a message for the user; in a pipe always one line, with control characters escaped and without logins."""
    _write_line(sys.stderr, visible(without_logins(line)))


def say_lines(text: str) -> None:
    """Print a message of several lines, such as a command's help."""
    _write(sys.stderr, visible_lines(text))


def ask(question: str) -> bool:
    """Ask the user for confirmation; anything but a yes is a no.

    Raises:
        EOFError: Standard input has ended.
    """
    sys.stderr.write(f"{visible(question)} [y/N] ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise EOFError
    return answer.strip().casefold() in {"y", "yes"}


def show(line: str) -> None:
    """Print a line of the result; in a pipe always one line, with control characters in names escaped."""
    _write_line(sys.stdout, visible(line))


def show_lines(text: str) -> None:
    """Print several lines of the result, such as the content of a file."""
    _write(sys.stdout, visible_lines(text))


def show_json(value: Any, *, indent: int | None = 1, before: str = "") -> None:
    """Print a result as JSON in UTF-8, with exact names; a terminal of another encoding gets escapes.

    Args:
        value: The result.
        indent: Blanks per level; None: all in one line.
        before: A bracket or comma of JSON, if the value is a part of a longer output.
    """
    escaped = not is_utf8(sys.stdout)
    _write(sys.stdout, before + visible_json(json.dumps(value, indent=indent, ensure_ascii=escaped)))


def show_csv(line: str) -> None:
    """Print a line of CSV that ends with its line break, with exact names."""
    sys.stdout.write(line)


def show_exactly(text: str) -> None:
    """Print text that a program reads, unchanged."""
    sys.stdout.write(text)
    sys.stdout.flush()


def is_read() -> bool:
    """Return whether the result can still be read; not in ``acne … | head`` once head has ended."""
    return has_reader(sys.stdout)


def while_read(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows for the result, until it is no longer read."""
    for row in rows:
        yield row
        if not is_read():
            return


def terminal_width(stream: TextIO) -> int | None:
    """Return the width of the terminal behind a stream in cells; None if there is no terminal."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def fit_message(line: str) -> str:
    """Return a line for standard error: broken between words for a terminal, and whole for a program."""
    return _fit(sys.stderr, line)


def _write_line(stream: TextIO, line: str) -> None:
    _write(stream, _fit(stream, line))


def _fit(stream: TextIO, line: str) -> str:
    width = terminal_width(stream)
    return line if width is None else wrap_line(line, width)


def _write(stream: TextIO, text: str) -> None:
    print(text, file=stream, flush=True)


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Yield a function that shows progress: by a bar on a terminal, by a line now and then elsewhere."""
    from acnelib.cli.progress_display import ProgressDisplay

    with ProgressDisplay(title) as display:
        yield display.update
