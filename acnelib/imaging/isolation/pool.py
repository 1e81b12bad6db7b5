"""Workers that decode pictures from strangers: ordinary pictures on all cores, costly ones in a lane of their own."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.errors import ImageTooCostly, ImageUnreadable
from acnelib.imaging import memory_budget
from acnelib.imaging.bounds import MEMORY_LIMIT, SECONDS_LIMIT
from acnelib.imaging.failures import too_slow
from acnelib.imaging.isolation.messages import MessageInvalid, receive, send, widen
from acnelib.imaging.prepared import PreparedPicture
from acnelib.imaging.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_VARIABLES = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Memory that goes back to the system after each photo has to be made empty for the next: a tenth of its decoding.
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
}
_START_SECONDS = 30.0
_MOST_PICTURES = 5_000
"""Pictures after which a worker is replaced: memory in pieces is never given back, and a start costs as much as 50."""


class Lane(StrEnum):
    """Where a picture is decoded."""

    ORDINARY = "ordinary"
    COSTLY = "costly"


@dataclass(frozen=True, kw_only=True)
class _LaneLimits:
    """What a picture may cost in a lane.

    Attributes:
        memory: Bytes, as estimated; the process gets little more.
        seconds: Seconds of one core, as estimated.
        killed_after: Seconds of one core after which the process is killed.
        patience: Seconds by the clock after which it is killed.
    """

    memory: int
    seconds: float
    killed_after: float
    patience: float


_LIMITS = {
    Lane.ORDINARY: _LaneLimits(memory=250_000_000, seconds=2.0, killed_after=2.0, patience=8.0),
    Lane.COSTLY: _LaneLimits(
        memory=MEMORY_LIMIT, seconds=SECONDS_LIMIT, killed_after=SECONDS_LIMIT, patience=2 * SECONDS_LIMIT
    ),
}


@dataclass(frozen=True, kw_only=True)
class PictureRequest:
    """A picture to decode.

    Attributes:
        content: The bytes of its file.
        name: What messages call it.
        height: Pixels of the model's input.
        width: Pixels of the model's input.
        pixels: Pixels beyond which it is refused.
    """

    content: bytes
    name: str
    height: int
    width: int
    pixels: int


class DecodingPool:
    """Processes that decode pictures; started when they are needed, replaced when they are killed.

    Args:
        workers: Number of processes for ordinary pictures; one more decodes costly ones.
    """

    def __init__(self, workers: int | None = None) -> None:
        numbers = {Lane.ORDINARY: workers or os.cpu_count() or 1, Lane.COSTLY: 1}
        self._idle: dict[Lane, queue.LifoQueue[_Worker | None]] = {}
        for lane, number in numbers.items():
            self._idle[lane] = queue.LifoQueue()
            for _ in range(number):
                self._idle[lane].put(None)
        self._running: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def prepare(self, request: PictureRequest, *, lane: Lane = Lane.ORDINARY) -> PreparedPicture | None:
        """Decode a picture in a worker; None where it costs too much for this lane, and belongs into the costly one.

        Waits until a worker of the lane is idle; may be called by several threads.

        Args:
            request: The picture.
            lane: The lane.

        Raises:
            ImageUnreadable: It cannot be decoded, or costs too much.
        """
        limits = _LIMITS[lane]
        try:
            with self._worker(lane) as worker:
                return worker.prepare(request, limits)
        except ImageTooCostly:
            if lane is Lane.ORDINARY:
                return None
            raise
        except (OSError, MessageInvalid) as error:
            if self._closed:
                raise ImageUnreadable(f"{request.name} was not decoded, because the program ends") from error
            if lane is Lane.ORDINARY:
                return None
            raise too_slow(request.name, limits.killed_after) from error

    def close(self) -> None:
        """Kill all workers at once; calls of :meth:`prepare` under way fail."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for worker in running:
            worker.kill()

    @contextlib.contextmanager
    def _worker(self, lane: Lane) -> Iterator[_Worker]:
        worker = self._idle[lane].get()
        try:
            if worker is None or worker.pictures >= _MOST_PICTURES or not worker.is_alive():
                self._discard(worker)
                worker = self._started(_LIMITS[lane])
            yield worker
        except ImageUnreadable:
            raise  # of the picture; the worker is as good as before
        except BaseException:
            self._discard(worker)
            worker = None
            raise
        finally:
            self._idle[lane].put(worker)

    def _started(self, limits: _LaneLimits) -> _Worker:
        worker = _Worker(limits)
        with self._lock:
            self._running.add(worker)
            closed = self._closed
        if closed:
            worker.kill()
        return worker

    def _discard(self, worker: _Worker | None) -> None:
        if worker is not None:
            worker.kill()
            with self._lock:
                self._running.discard(worker)


class _Worker:
    """One process, and the connection to it."""

    def __init__(self, limits: _LaneLimits) -> None:
        self._connection, theirs = socket.socketpair()
        widen(self._connection)
        widen(theirs)
        root = str(Path(__file__).parents[3])
        kept = {name: value for name in _KEPT_VARIABLES if (value := os.environ.get(name)) is not None}
        with theirs:
            self._process = subprocess.Popen(
                # Without the present folder on its path, and without logins in its environment.
                [sys.executable, "-P", "-m", "acnelib.imaging.isolation.worker", str(limits.memory)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=kept | _VARIABLES | {"PYTHONPATH": root},
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the process that started it
            )
        self.pictures = 0

    def is_alive(self) -> bool:
        """Return whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)  # the thread that waits for it continues
        self._connection.close()

    def prepare(self, request: PictureRequest, limits: _LaneLimits) -> PreparedPicture:
        """Decode a picture.

        Raises:
            ImageUnreadable: It cannot be decoded.
            OSError: The process was killed, or took too long.
            MessageInvalid: The answer is damaged.
        """
        until = time.monotonic() + limits.patience + (0 if self.pictures else _START_SECONDS)
        self.pictures += 1
        values = {name: getattr(request, name) for name in ("name", "height", "width", "pixels")}
        costs = {name: getattr(limits, name) for name in ("memory", "seconds", "killed_after")}
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        send(self._connection, values | costs, request.content)
        answer, pixels = self._received(request, until)
        if isinstance(needed := answer.get("needs"), int):
            with memory_budget.decoding.of(needed if limits.memory < MEMORY_LIMIT else 0):
                send(self._connection, {})
                answer, pixels = self._received(request, time.monotonic() + limits.patience)
        return _checked(answer, pixels, request)

    def _received(self, request: PictureRequest, until: float) -> tuple[dict[str, Any], bytes]:
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        message = receive(self._connection, most=3 * request.height * request.width)
        if message is None:
            raise ConnectionError("the decoder ended")
        return message


def _checked(answer: dict[str, Any], pixels: bytes, request: PictureRequest) -> PreparedPicture:
    error = answer.get("error")
    if isinstance(error, str):
        raise ImageTooCostly(error) if answer.get("costly") is True else ImageUnreadable(error)
    if len(pixels) != 3 * request.height * request.width or not isinstance(answer.get("sha256"), str):
        raise MessageInvalid("an answer of the decoder is damaged")
    try:
        quality = tuple(Quality(one) for one in answer["quality"])
    except (KeyError, TypeError, ValueError) as damaged:
        raise MessageInvalid("an answer of the decoder is damaged") from damaged
    return PreparedPicture(
        sha256=answer["sha256"],
        pixels=np.frombuffer(pixels, dtype=np.uint8).reshape(request.height, request.width, 3),
        fit=answer.get("fit") is True,
        quality=quality,
    )
