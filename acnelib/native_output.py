"""Keeping what native libraries write straight to the process' output out of people's sight."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

_one_at_a_time = threading.RLock()


@contextlib.contextmanager
def native_output_logged() -> Iterator[None]:
    """Send what is written to file descriptors 1 and 2 to the log, at level DEBUG, while the block runs.

    TensorFlow and LiteRT announce themselves there, past Python's logging, and TensorFlow's converter prints; the
    standard output of a command must carry its result only.
    """
    with _one_at_a_time, tempfile.TemporaryFile() as sink:
        saved = _redirected(sink.fileno())
        try:
            yield
        finally:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            for descriptor, copy in saved.items():
                os.dup2(copy, descriptor)
                os.close(copy)
            sink.seek(0)
            for line in sink.read().decode(errors="replace").split("\n"):
                if line.strip():
                    logger.debug("%s", line)


def _redirected(sink: int) -> dict[int, int]:
    """Redirect the descriptors that exist (a windowed program may have none); return copies of the old ones."""
    saved = {}
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.flush()
            saved[descriptor] = os.dup(descriptor)
            os.dup2(sink, descriptor)
    return saved
