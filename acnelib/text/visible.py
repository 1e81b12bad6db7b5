r"""Text from elsewhere, such as names of files and words of servers, made safe to print: one line, nothing hidden.

An escape sequence in a file's name would reach the terminal, a line break could forge a line of ours, and a control
of writing direction makes a name read as another one. All of them are written as Python writes them, ``\x1b`` or
``\u202e``; what JSON and CSV hold stays exact.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

from acnelib.text.plain_reasons import unexpected_reason

_HIDDEN = (
    r"\x00-\x1f\x7f-\x9f"  # C0 controls, DEL, C1 controls
    r"\u00ad\u061c\u180e\u200b\u200e\u200f"  # soft hyphen, marks of direction, spaces without width
    r"\u2028-\u202e\u2060-\u206f"  # separators of lines, and all that turns the direction of writing
    r"\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"  # byte order mark, annotations, lone surrogates, tags
)
_ONE_LINE = re.compile(f"[{_HIDDEN}]")
_SEVERAL_LINES = re.compile(rf"(?!\n)[{_HIDDEN}]")


def visible(text: str) -> str:
    """Return a text in one line, with every character visible that would not be, or would do something."""
    return _ONE_LINE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Return a text of several lines; only line feeds are kept."""
    return _SEVERAL_LINES.sub(_escape, text)


def visible_json(text: str) -> str:
    """Return JSON that means exactly the same, with such characters escaped as JSON escapes them."""
    return _SEVERAL_LINES.sub(_json_escape, text)


def visible_traceback(error: BaseException) -> str:
    """Return the traceback of an error: a line per frame, and what each error says in one line."""
    lines = []
    for piece in traceback.TracebackException.from_exception(error).format():
        is_frame = piece.startswith((" ", "\n", "Traceback "))
        lines.append(visible_lines(piece) if is_frame else f"{visible(piece.rstrip())}\n")
    return "".join(lines).rstrip("\n")


class VisibleFormatter(logging.Formatter):
    """Makes one line of each record, whatever its message contains; a traceback below it keeps its lines.

    Args:
        pattern: Of each line, as :mod:`logging` has it.
        tracebacks: Whether the traceback of a logged exception follows; otherwise its reason ends the line.
        fit: Returns a line as the terminal, if there is one, should show it.
    """

    def __init__(self, pattern: str, *, tracebacks: bool = True, fit: Callable[[str], str] = str) -> None:
        super().__init__(pattern)
        self._tracebacks, self._fit = tracebacks, fit

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        """Return the record's own line."""
        line = super().formatMessage(record)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not self._tracebacks:
            line = f"{line.rstrip()} ({unexpected_reason(error)})"
        return self._fit(visible(line))

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802 - the base class's name
        """Return the lines of a traceback."""
        _, error, _ = ei
        return visible_traceback(error) if error and self._tracebacks else ""

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the base class's name
        """Return the lines of a stack."""
        return visible_lines(super().formatStack(stack_info))


def log_visibly(*, level: int, pattern: str = "%(message)s", fit: Callable[[str], str] = str) -> None:
    """Let this process log to standard error, a line per record; where logging is configured already, do nothing.

    Args:
        level: Least level that is logged; the tracebacks of logged exceptions belong to DEBUG.
        pattern: Of each line, as :mod:`logging` has it.
        fit: Returns a line as the terminal, if there is one, should show it.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(VisibleFormatter(pattern, tracebacks=level <= logging.DEBUG, fit=fit))
    logging.basicConfig(handlers=[handler], level=level)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
