"""The controller of classification: the open photo at once, and batches that one model classifies from end to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Stream, Worker
from gui.state.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from acnelib.inference import Prediction
    from gui.state.results import Row
    from gui.work import LoadedModel


class ClassificationController(QObject):
    """Works on two threads: one for the open photo, which never waits for the other, and one for the batch."""

    answered = Signal(object)  # tuple of rows with their answers, never empty
    progressed = Signal(object)  # the Batch, after each change of it
    ended = Signal()  # the batch is over

    def __init__(self, *, single: Worker, batches: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.batch: Batch | None = None
        self._single = Background(single, self)
        self._stream = Stream(batches, self)
        self._single.item_done.connect(self._one_answered)
        self._single.item_failed.connect(self._one_failed)
        self._stream.done.connect(self._many_answered)
        self._stream.failed.connect(self._stopped)
        self._stream.finished.connect(self._finished)
        self._single_model: LoadedModel | None = None  # for the open photo
        self._batch_model: LoadedModel | None = None  # for the batch
        self._queued: list[Row] = []
        self._pending: set[int] = set()

    @property
    def is_busy(self) -> bool:
        """Whether a batch is under way, paused or not."""
        return self._batch_model is not None

    def classify(self, row: Row, loaded: LoadedModel) -> None:
        """Classify one photo; the one before it is abandoned if it has no answer yet."""
        self._single_model = loaded
        self._single.start(lambda row: loaded.classify(row.path), [row])

    def classify_all(self, rows: Sequence[Row], loaded: LoadedModel) -> None:
        """Classify many photos, in their order; they join the batch that is under way, and its model."""
        new = [row for row in rows if row.number not in self._pending]
        self._pending.update(row.number for row in new)
        if not new:
            return
        if self.batch is not None and self.is_busy:
            self._queued += new
            self.batch.extend(len(new))
        else:
            self._begin(new, loaded)
        self.progressed.emit(self.batch)

    def pause(self) -> None:
        """Pause the batch."""
        if self.batch is not None and self.is_busy:
            self._stream.pause()
            self.batch.pause()
            self.progressed.emit(self.batch)

    def resume(self) -> None:
        """Resume the batch."""
        if self.batch is not None and self.is_busy:
            self.batch.resume()
            self._stream.resume()
            self.progressed.emit(self.batch)

    def cancel(self) -> None:
        """End the batch after the photos in hand; photos from now on make another batch."""
        self._queued.clear()
        self._pending.clear()
        self._stream.cancel()

    def abandon(self) -> None:
        """Stop without a signal."""
        self._queued.clear()
        self._pending.clear()
        self._single.abandon()
        self._stream.abandon()
        self._batch_model = None

    def _begin(self, rows: Sequence[Row], loaded: LoadedModel) -> None:
        self._batch_model = loaded
        self.batch = Batch(len(rows))
        self._stream_all(rows, loaded)

    def _stream_all(self, rows: Sequence[Row], loaded: LoadedModel) -> None:
        def work(rows: Sequence[Row]) -> Generator[Prediction]:
            return loaded.classify_many([row.path for row in rows])

        self._stream.start(work, rows)

    @Slot(object, object)
    def _one_answered(self, row: Row, prediction: Prediction) -> None:
        self._emit([(row, prediction)], self._single_model)

    @Slot(object, str)
    def _one_failed(self, row: Row, reason: str) -> None:
        if self._single_model is not None:
            self._one_answered(row, _failure(row.path, reason, self._single_model))

    @Slot(object)
    def _many_answered(self, results: Sequence[tuple[Row, Prediction]]) -> None:
        self._emit(results, self._batch_model)
        self._pending.difference_update(row.number for row, _ in results)
        if self.batch is not None:
            failed = sum(prediction.error is not None for _, prediction in results)
            self.batch.advance(len(results), failed=failed)
            self.progressed.emit(self.batch)

    @Slot(str)
    def _stopped(self, reason: str) -> None:
        self._queued.clear()
        self._pending.clear()
        if self.batch is not None:
            self.batch.stop(reason)

    @Slot(bool)
    def _finished(self, cancelled: bool) -> None:  # noqa: FBT001 as the signal hands it over
        if self.batch is None or self._batch_model is None:
            return
        rows, self._queued = self._queued, []
        if cancelled:
            self.batch.cancel()
        elif not rows:
            self.batch.finish()
        self.progressed.emit(self.batch)
        if rows and self.batch.is_over:
            self._begin(rows, self._batch_model)
            self.progressed.emit(self.batch)
        elif rows:
            self._stream_all(rows, self._batch_model)
        else:
            self._batch_model = None
            self.ended.emit()

    def _emit(self, results: Sequence[tuple[Row, Prediction]], loaded: LoadedModel | None) -> None:
        stage = None if loaded is None else loaded.ready.stage
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.answered.emit(tuple(row.answered(prediction, stage=stage, at=at) for row, prediction in results))


def _failure(path: Path, reason: str, loaded: LoadedModel) -> Prediction:
    from acnelib.inference import Prediction  # imported by now, or nothing could have been classified

    return Prediction(path=str(path), sha256=None, model=loaded.ready.identity, error=reason)
