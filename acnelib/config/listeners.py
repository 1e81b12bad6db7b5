"""The owners of this machine's listening ports: whose program answers there.

While a stack is down, any account may listen on its ports, and would be sent its login.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENING = "0A"
_ROOT = 0
_IPV4_HOST = "127.0.0.1"


def is_taken_by_another_user(
    port: int, *, host: str | None = None, tables: Iterable[Path] = _TABLES, uid: int | None = None
) -> bool:
    """Return whether a program of another user than root and this one listens on a port of this machine.

    Where the system has no such tables (other than Linux), the answer is False.

    Args:
        port: The port.
        host: The host that is asked. A listener of IPv4 answers 127.0.0.1 before one of IPv6 does, so where there is
            one, the second table need not be read. A name may stand for either.
        tables: Files in the form of ``/proc/net/tcp``.
        uid: Number of this user; default that of the process.
    """
    if not hasattr(os, "getuid"):
        return False
    own = os.getuid() if uid is None else uid
    for table in tables:
        owners = set(_owners(table, port))
        if owners - {own, _ROOT}:
            return True
        if owners and host == _IPV4_HOST:
            return False
    return False


def _owners(table: Path, port: int) -> Iterator[int]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, ValueError):
        return
    ending = f":{port:04X}"
    for line in lines:
        columns = line.split()
        if len(columns) > 7 and columns[1].endswith(ending) and columns[3] == _LISTENING:
            yield int(columns[7])
