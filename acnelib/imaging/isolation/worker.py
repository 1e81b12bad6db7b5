"""A process that decodes pictures one by one, with hard limits of its memory and time, until its connection ends.

It is started by :mod:`acnelib.imaging.isolation.pool` and imports nothing but what decodes.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import resource
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from acnelib.errors import AcneError, ImageTooCostly
from acnelib.imaging import memory_budget
from acnelib.imaging.bounds import DecodingLimits
from acnelib.imaging.content import FILE_SIZE_LIMIT
from acnelib.imaging.isolation.messages import receive, send
from acnelib.imaging.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNASKED = 64_000_000
"""Bytes that a picture may take without asking; most photos need less."""

_MARGIN = 128_000_000  # bytes of address space beyond the estimated ones: stacks of threads, and gaps
_MOST_FILES = 64


class _AskedBudget(memory_budget.MemoryBudget):
    """The budget of the process that started this one, asked for large pictures alone."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(0)
        self._connection = connection

    @contextlib.contextmanager
    def of(self, needed: int) -> Iterator[None]:
        if needed > _UNASKED:
            send(self._connection, {"needs": needed})
            if receive(self._connection, most=0) is None:
                raise SystemExit
        yield


def main() -> None:
    """Decode what comes through the connection on file descriptor 0."""
    memory = int(sys.argv[1])
    Image.init()  # all formats, before the limit of files and memory
    importlib.import_module("PIL.ImageCms")
    importlib.import_module("simplejpeg")

    connection = socket.socket(fileno=0)
    memory_budget.decoding = _AskedBudget(connection)
    _limit(memory)
    while message := receive(connection, most=FILE_SIZE_LIMIT):
        values, body = _answer(*message)
        send(connection, values, body)


def _limit(memory: int) -> None:
    """Limit what the process may take for good: memory, files, and the size of what it writes."""
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: _MOST_FILES}
    pages = Path("/proc/self/statm")
    if pages.exists():  # elsewhere the estimated cost counts alone
        used = int(pages.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limits[resource.RLIMIT_AS] = used + memory + _MARGIN
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def _answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    # The limit counts seconds since the start of the process, and its signal ends the process wherever it is.
    most = math.ceil(time.process_time() + request["killed_after"])
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    limits = DecodingLimits(pixels=request["pixels"], memory=request["memory"], seconds=request["seconds"])
    try:
        picture = prepared(
            content, height=request["height"], width=request["width"], name=request["name"], limits=limits
        )
    except ImageTooCostly as error:
        return {"error": str(error), "costly": True}, b""
    except AcneError as error:
        return {"error": str(error)}, b""
    except MemoryError:
        return {"error": f"{request['name']} needs more memory than there is: scale it down", "costly": True}, b""
    return {
        "sha256": picture.sha256,
        "fit": picture.fit,
        "quality": [str(one) for one in picture.quality],
    }, picture.pixels.tobytes()


if __name__ == "__main__":
    with contextlib.suppress(OSError):  # the other side is gone
        main()
