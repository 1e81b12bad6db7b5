"""The services' log files: kept small, read at their end, and followed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.storage.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 5_000_000
"""Size above which a log is rotated; as many bytes of its end are kept in a second file."""


def earlier(log: Path) -> Path:
    """Return the file that a log is rotated into."""
    return log.with_name(f"{log.name}.1")


def rotate(log: Path, *, max_bytes: int = MAX_BYTES) -> bool:
    """Rotate a log that has grown large: keep its end in ``<log>.1`` and empty it; return whether it was rotated.

    Writers continue in the same file, since logs are opened for appending.
    """
    if not log.is_file() or log.stat().st_size <= max_bytes:
        return False
    with log.open("rb") as stream:
        stream.seek(-max_bytes, os.SEEK_END)
        stream.readline()  # the rest of a line
        write_bytes(earlier(log), stream.read(), mode=0o600)
    os.truncate(log, 0)
    return True


@dataclass(frozen=True, kw_only=True)
class LogTail:
    """The end of a log.

    Attributes:
        lines: The last lines, including those of the rotated file.
        end: Number of bytes read, where following continues.
    """

    lines: tuple[str, ...]
    end: int


def tail(log: Path, number: int) -> LogTail:
    """Return the last lines of a log; none if there is no log."""
    content = log.read_bytes() if log.is_file() else b""
    lines = _lines(content)
    if len(lines) < number and earlier(log).is_file():
        lines = _lines(earlier(log).read_bytes()) + lines
    return LogTail(lines=tuple(lines[-number:] if number else ()), end=len(content))


def follow(
    logs: Mapping[str, Path], *, after: Mapping[str, LogTail], wait: Callable[[], bool]
) -> Iterator[tuple[str, str]]:
    """Yield each line that is added to any of several logs, with the log's name, once the line is complete.

    Args:
        logs: The files by name; a file may be created later.
        after: The part of each log that was read already, so that no line is lost or repeated.
        wait: Called before each read; following ends when it returns False.
    """
    places = {name: after[name].end for name in logs}
    while wait():
        for name, log in logs.items():
            if (size := _size(log)) < places[name]:  # rotated
                places[name] = 0
            if size > places[name]:
                with log.open("rb") as stream:
                    stream.seek(places[name])
                    whole, newline, _ = stream.read().rpartition(b"\n")
                places[name] += len(whole) + len(newline)
                for line in _lines(whole):
                    yield name, line


def _lines(content: bytes) -> list[str]:
    """Return the lines between line feeds; other line separators may be part of a name."""
    pieces = content.decode(errors="replace").removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in pieces] if content else []


def _size(log: Path) -> int:
    return log.stat().st_size if log.is_file() else 0
