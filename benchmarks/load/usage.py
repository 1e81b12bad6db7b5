"""CPU, memory, handles and threads of a process and of all that it started, asked of Linux' /proc alone."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """Return a process and all that it started."""
    found = [process]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, children.read_text(encoding="ascii").split())
    return found


def status(process: int, figure: str) -> int:
    """Return a figure of /proc/PID/status: kilobytes, or a count."""
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(text.partition(f"{figure}:")[2].split()[0])


@dataclass(frozen=True)
class Sample:
    """What a program holds at one moment.

    Attributes:
        seconds: Since the measurement began.
        megabytes: Resident memory.
        own_megabytes: That of the program itself, without the processes that it started.
        handles: Open files, sockets and pipes.
        threads: Threads.
        processes: Processes.
    """

    seconds: float
    megabytes: float
    own_megabytes: float
    handles: int
    threads: int
    processes: int

    @classmethod
    def of(cls, process: int, *, seconds: float) -> Sample:
        """Take a sample of a process and all that it started."""
        megabytes, own, handles, threads, processes = 0.0, 0.0, 0, 0, 0
        for one in family(process):
            with contextlib.suppress(OSError, IndexError):  # it ended in between, and has no figures any more
                taken = status(one, "VmRSS") / 1000
                megabytes += taken
                own += taken if one == process else 0.0
                threads += status(one, "Threads")
                handles += sum(1 for _ in Path(f"/proc/{one}/fd").iterdir())
                processes += 1
        return cls(seconds, megabytes, own, handles, threads, processes)


class Usage:
    """CPU and greatest memory between two moments; Linux forgets the peak of a process when it is asked to."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._seconds, self._megabytes = self._now("VmRSS")

    def since(self) -> tuple[float, float]:
        """Return seconds of CPU and megabytes since the last call."""
        seconds, megabytes = self._now("VmHWM")
        used = max(0.0, seconds - self._seconds), max(0.0, megabytes - self._megabytes)
        for process in family(self._process):
            with contextlib.suppress(OSError):
                Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")
        self._seconds, self._megabytes = self._now("VmRSS")
        return used

    def _now(self, figure: str) -> tuple[float, float]:
        seconds = megabytes = 0.0
        for process in family(self._process):
            with contextlib.suppress(OSError, IndexError):
                fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                seconds += (int(fields[11]) + int(fields[12])) / TICKS
                megabytes += status(process, figure) / 1000
        return seconds, megabytes
