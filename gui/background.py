"""Work that runs off the UI thread and reports back by signals.

Only this module knows about threads. Everything else in ``gui`` connects once to the signals of a
:class:`Background`, so no widget is ever touched from a worker and no result of an abandoned batch is ever shown.
"""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from acnelib.errors import AcneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)


class Worker:
    """One thread that runs batches in the order in which they come.

    A thread of Python's and not of QThreadPool's: there, what a classifier keeps per thread is lost after every task,
    and it would load its model again for each photo. It is a daemon, so that a server that hangs keeps no
    program from ending.
    """

    def __init__(self, name: str) -> None:
        self._batches: SimpleQueue[_Batch | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, batch: _Batch) -> None:
        """Run a batch after those that came before it."""
        self._batches.put(batch)

    def close(self, *, timeout: float = 5.0) -> bool:
        """Let the thread end after what it was given; return whether it did within so many seconds."""
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

    def start(self, work: Callable[[Any], Any], items: Iterable[Any]) -> None:
        """Do the work for each item, in order, and say so item by item."""
        self.abandon()
        self._batch = _Batch(work, items, self._report.emit)
        self._worker.submit(self._batch)

    def cancel(self) -> None:
        """Stop after the item in hand; ``finished(True)`` still comes."""
        if self._batch:
            self._batch.stopped.set()

    def abandon(self) -> None:
        """Stop and stay silent about it."""
        if self._batch:
            self._batch.abandoned.set()
            self._batch.stopped.set()
        self._batch = None

    @Slot(object, str, tuple)
    def _relay(self, batch: _Batch, signal: str, arguments: tuple[Any, ...]) -> None:
        if batch is self._batch:  # runs on the UI thread: no race with start()
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
                logger.exception("unexpected failure on %s", item)
                self._report("item_failed", item, f"unexpected error ({error!r}): please report it")
            else:
                self._report("item_done", item, result)
        self._report("finished", self.stopped.is_set())

    def _report(self, signal: str, *arguments: object) -> None:
        # Nobody may be left to tell, once a batch was abandoned.
        if not self.abandoned.is_set():
            self._report_signal(self, signal, arguments)
