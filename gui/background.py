"""Background work, which runs off the UI thread and reports back by signals.

Only this module knows about threads. Everything else in ``gui`` connects once to the signals of a
:class:`Background` or a :class:`Stream`, so no widget is ever touched from a worker and no result of abandoned work is
ever shown.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import closing
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from acnelib.errors import AcneError
from acnelib.text.plain_reasons import unexpected_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

logger = logging.getLogger(__name__)


GATHERED = 50
"""Milliseconds for which the results of a stream are gathered, so that the window is not kept busy by them."""


class _Work(Protocol):
    def run(self) -> None:
        """Do it, on the thread of a worker."""


class Worker:
    """One thread that runs batches in the order in which they come.

    A thread of Python's and not of QThreadPool's: there, what a classifier keeps per thread is lost after every task,
    and it would load its model again for each photo. It is a daemon, so that a server that hangs keeps no
    program from ending.
    """

    def __init__(self, name: str) -> None:
        self._batches: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, batch: _Work) -> None:
        """Run a batch after those that came before it."""
        self._batches.put(batch)

    def close(self, *, timeout: float = 5.0) -> bool:
        """Let the thread end after its batches; return whether it did within the timeout (seconds)."""
        self._batches.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            batch.run()


class Background(QObject):
    """One kind of work on a worker: a new batch replaces the running one."""

    item_done = Signal(object, object)  # item, result
    item_failed = Signal(object, str)  # item, text for the user
    finished = Signal(bool)  # True when it was cancelled

    _report = Signal(object, str, tuple)  # batch, signal name, arguments

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._batch: _Batch | None = None
        self._report.connect(self._relay)

    @property
    def is_busy(self) -> bool:
        """Whether a batch is under way that was not abandoned."""
        return self._batch is not None

    def start(self, work: Callable[[Any], Any], items: Iterable[Any]) -> None:
        """Do the work for each item, in order, with a signal for each."""
        self.abandon()
        self._batch = _Batch(work, items, self._report.emit)
        self._worker.submit(self._batch)

    def cancel(self) -> None:
        """Stop after the item in hand; ``finished(True)`` still comes."""
        if self._batch:
            self._batch.stopped.set()

    def abandon(self) -> None:
        """Stop without a signal."""
        if self._batch:
            self._batch.abandoned.set()
            self._batch.stopped.set()
        self._batch = None

    @Slot(object, str, tuple)
    def _relay(self, batch: _Batch, signal: str, arguments: tuple[Any, ...]) -> None:
        if batch is not self._batch:  # runs on the UI thread: no race with start()
            return
        if signal == "finished":
            self._batch = None
        getattr(self, signal).emit(*arguments)


class _Batch:
    def __init__(self, work: Callable[[Any], Any], items: Iterable[Any], report: Callable[..., None]) -> None:
        self.stopped = threading.Event()
        self.abandoned = threading.Event()
        self._work, self._items, self._report_signal = work, list(items), report

    def run(self) -> None:
        for item in self._items:
            if self.stopped.is_set():
                break
            try:
                result = self._work(item)
            except AcneError as error:
                self._report("item_failed", item, str(error))
            except Exception as error:
                logger.exception("unexpected failure of background work")  # an item may be a path, and none is logged
                self._report("item_failed", item, _unexpected(error))
            else:
                self._report("item_done", item, result)
        self._report("finished", self.stopped.is_set())

    def _report(self, signal: str, *arguments: object) -> None:
        # An abandoned batch reports nothing.
        if self.abandoned.is_set():
            return
        try:
            self._report_signal(self, signal, arguments)
        except RuntimeError:
            # What Qt's wrapper raises for a signal of a deleted object. Its owner went without a word, between two
            # results or at this very moment; the worker's other owners still need its thread.
            self.abandoned.set()
            self.stopped.set()


class Stream(QObject):
    """Work on many items at once: results come in order, in groups; it can be paused, resumed and cancelled."""

    done = Signal(object)  # tuple of (item, result), in order, never empty
    failed = Signal(str)  # text for the user; the results before it were signalled
    finished = Signal(bool)  # True when it was cancelled; comes last, after a failure too

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._streamed: _Streamed | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(GATHERED)
        self._timer.timeout.connect(self._take)

    @property
    def is_running(self) -> bool:
        """Whether there is more to come, paused or not."""
        return self._streamed is not None

    @property
    def is_paused(self) -> bool:
        """Whether it waits for :meth:`resume`."""
        return self._streamed is not None and not self._streamed.going.is_set()

    def start(self, work: Callable[[Sequence[Any]], Generator[Any]], items: Iterable[Any]) -> None:
        """Begin: the work takes all items and yields one result for each, in order; it is closed when cancelled."""
        self.abandon()
        self._streamed = _Streamed(work, tuple(items))
        self._worker.submit(self._streamed)
        self._timer.start()

    def pause(self) -> None:
        """Take no further result; those in hand are still worked on."""
        if self._streamed:
            self._streamed.going.clear()

    def resume(self) -> None:
        """Resume after a pause."""
        if self._streamed:
            self._streamed.going.set()

    def cancel(self) -> None:
        """Stop after the items in hand; ``finished(True)`` still comes."""
        if self._streamed:
            self._streamed.stop()

    def abandon(self) -> None:
        """Stop without a signal."""
        self.cancel()
        self._streamed = None
        self._timer.stop()

    @Slot()
    def _take(self) -> None:
        streamed = self._streamed
        if streamed is None:
            return
        ended = streamed.ended.is_set()  # asked before its results are taken, so that none is missed
        if results := streamed.take():
            self.done.emit(results)
        # A slot of that signal may have begun something else.
        if ended and streamed is self._streamed:
            self._streamed = None
            self._timer.stop()
            if streamed.error is not None:
                self.failed.emit(streamed.error)
            self.finished.emit(streamed.stopped.is_set())


class _Streamed:
    """The side of a stream that the worker sees; the window's side only reads and sets events."""

    def __init__(self, work: Callable[[Sequence[Any]], Generator[Any]], items: tuple[Any, ...]) -> None:
        self.going, self.stopped, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.going.set()
        self.error: str | None = None
        self._work, self._items = work, items
        self._results: deque[tuple[Any, Any]] = deque()

    def stop(self) -> None:
        self.stopped.set()
        self.going.set()

    def take(self) -> tuple[tuple[Any, Any], ...]:
        return tuple(self._results.popleft() for _ in range(len(self._results)))

    def run(self) -> None:
        try:
            if not self.stopped.is_set():
                self._stream()
        except AcneError as error:
            self.error = str(error)
        except Exception as error:
            logger.exception("unexpected failure on a stream")
            self.error = _unexpected(error)
        finally:
            self.ended.set()

    def _stream(self) -> None:
        with closing(self._work(self._items)) as results:
            for item, result in zip(self._items, results, strict=True):
                self._results.append((item, result))
                self.going.wait()
                if self.stopped.is_set():
                    return


def _unexpected(error: Exception) -> str:
    return f"unexpected error ({unexpected_reason(error)}): please report it"
