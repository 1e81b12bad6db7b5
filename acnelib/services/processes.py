"""Processes that outlive whoever started them, and are known again without a doubt.

A process id alone proves nothing: the system gives it to somebody else once its owner has gone. So every
process of a stack carries a mark in its environment, which its children inherit, and only what carries the
mark is ever taken for ours, let alone stopped.
"""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

MARK = "ACNELIB_SERVICE"
"""Environment variable that holds the mark."""

POLL_SECONDS = 0.02


class _Detached(subprocess.Popen[bytes]):
    """A child that goes on after us, as it is meant to."""

    def __del__(self) -> None:
        """Do not warn that it still runs."""


_children: list[_Detached] = []  # kept, so that those which end before us are taken note of


def spawn(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path) -> psutil.Process:
    """Start a process in a session of its own, with its output appended to ``log`` and no input.

    Raises:
        OSError: The program cannot be started.
    """
    _reap()
    with log.open("ab") as output:
        child = _Detached(
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(child)
    return psutil.Process(child.pid)


def lives(process: psutil.Process) -> bool:
    """Say whether a process runs; one that ended and waits for its parent to take note does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find(pid: int, *, environment: Mapping[str, str]) -> psutil.Process | None:
    """Return the living process ``pid`` if it was started with these variables; None if it was not."""
    try:
        process = psutil.Process(pid)
        ours = lives(process) and environment.items() <= process.environ().items()
    except psutil.Error:
        return None
    return process if ours else None


def marked(mark: str) -> list[psutil.Process]:
    """Return every process that carries this mark, whether or not anybody remembers its id."""
    return [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get(MARK) == mark and lives(process)
    ]


def listens(process: psutil.Process, port: int) -> bool:
    """Say whether this process, or one that it started, is the one that listens on ``port``."""
    try:
        family = [process, *process.children(recursive=True)]
        return any(
            connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            for member in family
            for connection in member.net_connections("tcp")
        )
    except psutil.Error:
        return False


def stop(processes: Collection[psutil.Process], *, patience: float) -> list[psutil.Process]:
    """Ask processes to end, kill those that do not within ``patience`` seconds; return who still lives."""
    alive = list(processes)
    for signal in (psutil.Process.terminate, psutil.Process.kill):
        for process in alive:
            try:
                signal(process)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + patience
        while (alive := [process for process in alive if lives(process)]) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    _reap()
    return alive


def _reap() -> None:
    _children[:] = [child for child in _children if child.poll() is None]
