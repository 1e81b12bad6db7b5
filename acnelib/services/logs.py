"""The services' log files: kept small, read at their end, and followed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.storage.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LARGEST = 5_000_000
"""Bytes above which a log makes room, keeping its end beside it: at most as many again."""


def earlier(log: Path) -> Path:
    """Return the file that holds what a log held before it made room."""
    return log.with_name(f"{log.name}.1")


def make_room(log: Path, *, largest: int = LARGEST) -> bool:
    """Empty a log that has grown large, keeping its end in ``<log>.1``; return whether it had.

    Whoever writes to it goes on in the same file, since logs are opened to append.
    """
    if not log.is_file() or log.stat().st_size <= largest:
        return False
    with log.open("rb") as stream:
        stream.seek(-largest, os.SEEK_END)
        stream.readline()  # the rest of a line
        write_bytes(earlier(log), stream.read(), mode=0o600)
    os.truncate(log, 0)
    return True


@dataclass(frozen=True, kw_only=True)
class LogTail:
    """The end of a log.

    Attributes:
        lines: Its last lines, with what it held before it made room.
        end: Bytes of the log that were read: where whoever follows it goes on.
    """

    lines: tuple[str, ...]
    end: int


def tail(log: Path, number: int) -> LogTail:
    """Return the last lines of a log; none where there is no log."""
    content = log.read_bytes() if log.is_file() else b""
    lines = _lines(content)
    if len(lines) < number and earlier(log).is_file():
        lines = _lines(earlier(log).read_bytes()) + lines
    return LogTail(lines=tuple(lines[-number:] if number else ()), end=len(content))


def follow(
    logs: Mapping[str, Path], *, after: Mapping[str, LogTail], wait: Callable[[], bool]
) -> Iterator[tuple[str, str]]:
    """Yield each line that is added to any of some logs, with the log's name, as soon as the line is whole.

    Args:
        logs: The files by name; one that is not there yet may come.
        after: What was read of each already, so that nothing written meanwhile is passed over or told twice.
        wait: Called before each look; ends the following when it returns False.
    """
    places = {name: after[name].end for name in logs}
    while wait():
        for name, log in logs.items():
            if (size := _size(log)) < places[name]:  # it made room
                places[name] = 0
            if size > places[name]:
                with log.open("rb") as stream:
                    stream.seek(places[name])
                    whole, newline, _ = stream.read().rpartition(b"\n")
                places[name] += len(whole) + len(newline)
                for line in _lines(whole):
                    yield name, line


def _lines(content: bytes) -> list[str]:
    """Return lines by their line feeds alone: whatever else is taken for an end of lines may stand in a name."""
    pieces = content.decode(errors="replace").removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in pieces] if content else []


def _size(log: Path) -> int:
    return log.stat().st_size if log.is_file() else 0
