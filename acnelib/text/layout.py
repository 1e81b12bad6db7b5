"""Layout of lines on a terminal: widths in cells, columns and hanging indents."""

from __future__ import annotations

import re
import textwrap
import unicodedata

_COLUMN = re.compile(r"\s*\S+(?: \S+)*\s{2,}(?=\S)")
_MOST_INDENT = 46


def cell_width(text: str) -> int:
    """Return the number of cells of a text on a terminal: two for wide characters, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def pad(text: str, width: int) -> str:
    """Return a text followed by blanks up to a width in cells."""
    return text + " " * (width - cell_width(text))


def shorten(text: str, width: int) -> str:
    """Return the end of a text after an ellipsis, where it is wider than ``width`` cells; of paths, the end differs."""
    if cell_width(text) <= width:
        return text
    kept, room = len(text), width - 1
    while kept and room >= _cells(text[kept - 1]):
        kept -= 1
        room -= _cells(text[kept])
    return f"…{text[kept:]}"


def wrap_line(line: str, width: int) -> str:
    """Return a line broken between words, with further lines indented below its second column or its text.

    Words that are wider than a line, such as links and paths, are kept whole, so that they can be copied.

    Args:
        line: The line.
        width: Cells of a line.
    """
    if cell_width(line) <= width:
        return line
    column = _COLUMN.match(line)
    start = len(line) - len(line.lstrip())
    indent = start + 2
    if column and column.end() <= _MOST_INDENT:
        start = indent = column.end()
    return textwrap.fill(
        line[start:],
        width,
        initial_indent=line[:start],
        subsequent_indent=" " * indent,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
