"""Processes that outlive their parent and can be identified reliably.

The system reuses process ids. Every process of a stack therefore carries a mark in its environment, which its
children inherit. Only processes with the mark are taken for the stack's own and stopped.
"""

from __future__ import annotations

import os
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
_PRIVATE, _OWNER_ONLY = 0o600, 0o077


class _Detached(subprocess.Popen[bytes]):
    """A child that may outlive this process."""

    def __del__(self) -> None:
        """Suppress the warning that it is still running."""


_children: list[_Detached] = []  # kept, so that children that end earlier are reaped


def spawn(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path) -> psutil.Process:
    """Start a process in a new session, with its output appended to ``log`` and no input.

    What it writes, and the log, are for their owner alone.

    Raises:
        OSError: The program cannot be started.
    """
    _reap()
    with open(log, "ab", opener=lambda path, flags: os.open(path, flags, _PRIVATE)) as output:
        child = _Detached(
            command,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=_OWNER_ONLY,
        )
    _children.append(child)
    return psutil.Process(child.pid)


def lives(process: psutil.Process) -> bool:
    """Return whether a process runs; zombies do not count."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find(pid: int, *, environment: Mapping[str, str]) -> psutil.Process | None:
    """Return the running process ``pid`` if it was started with these variables, else None."""
    try:
        process = psutil.Process(pid)
        ours = lives(process) and environment.items() <= process.environ().items()
    except psutil.Error:
        return None
    return process if ours else None


def marked(mark: str) -> list[psutil.Process]:
    """Return every process that carries this mark."""
    return [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get(MARK) == mark and lives(process)
    ]


def marks() -> set[str]:
    """Return the marks of all running processes of any stack."""
    environments = (process.info["environ"] or {} for process in psutil.process_iter(["environ"]) if lives(process))
    return {environment[MARK] for environment in environments if MARK in environment}


def listens(process: psutil.Process, port: int) -> bool:
    """Return whether this process, or one of its children, listens on ``port``."""
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
    """Ask processes to end, kill those that do not within ``patience`` seconds; return the survivors."""
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
