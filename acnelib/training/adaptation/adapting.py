"""Adaptation of one network: epochs with checkpoints, early stopping, and an estimate before the first one."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from itertools import chain, count, islice
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.text.formatting import format_duration
from acnelib.training.adaptation.checkpoints import Checkpoint, Epoch
from acnelib.training.adaptation.fine_tuning import FineTuning
from acnelib.training.adaptation.learning_set import balanced_order
from acnelib.training.adaptation.reading_ahead import changed_photo, read_ahead, whole_photo
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.progress import Progress
    from acnelib.training.adaptation.learning_set import LearningSet
    from acnelib.training.adaptation.options import AdaptationOptions
    from acnelib.training.networks.backbones import Backbone
    from acnelib.training.networks.weights_files import WeightsFile

_TIMED_STEPS = 4


@dataclass(frozen=True, kw_only=True)
class AdaptedNetwork:
    """A network that was adapted.

    Attributes:
        backbone: The network.
        curve: Figures of each epoch.
        best_epoch: Number of the epoch whose weights were kept, from 1.
        guessing_loss: Loss on the photos kept out of guessing by frequency; None if none is kept out.
        device: Where it was trained, in words.
    """

    backbone: Backbone
    curve: tuple[Epoch, ...]
    best_epoch: int
    guessing_loss: float | None
    device: str


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """An adaptation of one network, which continues from its last finished epoch.

    Attributes:
        backbone: The network.
        weights: Weights to start from.
        learning_set: The photos.
        path_of: Returns the file of a photo.
        options: Schedule, regularisation and augmentation.
        checkpoint: File for the checkpoint.
        progress: Called with the steps done and the epoch, and before the first step with an estimate.
    """

    backbone: Backbone
    weights: WeightsFile
    learning_set: LearningSet = field(repr=False)
    path_of: Callable[[str], Path]
    options: AdaptationOptions
    checkpoint: Path
    progress: Progress

    def run(self, to: Path) -> AdaptedNetwork:
        """Train, and write the averaged weights of the best epoch.

        Args:
            to: File for the weights; its name ends with ``.weights.h5``.

        Raises:
            WeightsUnavailable: The weights belong to another network.
            DataUnusable: The checkpoint is damaged.
            ImageUnreadable: A photo is not there any more.
        """
        tuning = FineTuning(
            self.backbone,
            self.weights,
            conditions=len(self.learning_set.conditions),
            steps=self._steps * self.options.epochs,
            options=self.options,
        )
        before = self._resumed(tuning)
        checkpoint = before
        while not self._is_finished(checkpoint):
            if checkpoint is before:
                self._announce(tuning, done=len(before.curve) if before else 0)
            checkpoint = self._next(tuning, checkpoint)
            checkpoint.write(self.checkpoint)
        if checkpoint is None:  # the options demand one epoch at least
            raise DataUnusable(f"{self.backbone} has no epoch to learn in: give more epochs")
        tuning.write_weights(to, checkpoint.best)
        return AdaptedNetwork(
            backbone=self.backbone,
            curve=checkpoint.curve,
            best_epoch=checkpoint.best_epoch,
            guessing_loss=self.learning_set.guessing_loss,
            device=device_name(),
        )

    @property
    def _steps(self) -> int:
        """Steps of an epoch."""
        return max(1, round(len(self.learning_set.training_rows) / self.options.batch))

    def _resumed(self, tuning: FineTuning) -> Checkpoint | None:
        found = Checkpoint.read(self.checkpoint)
        if found is None:
            return None
        try:
            tuning.restore(found.state)
        except (KeyError, ValueError) as error:
            raise DataUnusable(
                f"the checkpoint {self.checkpoint} belongs to another training: delete it, and the network starts again"
            ) from error
        self.progress(0, 0, f"{self.backbone}: continues after epoch {len(found.curve)}")
        return found

    def _is_finished(self, checkpoint: Checkpoint | None) -> bool:
        """Return whether all epochs are done, or held-out photos have gained nothing for too long."""
        if checkpoint is None:
            return False
        done = len(checkpoint.curve)
        stale = checkpoint.curve[-1].held_out_loss is not None and (
            done - checkpoint.best_epoch >= self.options.patience
        )
        return done >= self.options.epochs or stale

    def _announce(self, tuning: FineTuning, *, done: int) -> None:
        """Time a few steps, undo them, and say how long the rest will take at most."""
        before = tuning.state()
        batches = chain.from_iterable(self._batches(epoch) for epoch in count(done))
        times = []
        for pixels, rows in islice(batches, 1 + _TIMED_STEPS):
            tuning.step(pixels, self.learning_set.targets[rows])
            times.append(time.monotonic())
        seconds = (times[-1] - times[0]) / _TIMED_STEPS  # the first step, with its compilation, does not count
        tuning.restore(before)
        left = self.options.epochs - done
        kept = len(self.learning_set.held_out_rows)
        total = left * (self._steps + kept / self.options.batch / 3) * seconds
        self.progress(
            0,
            0,
            f"{self.backbone}: {len(self.learning_set.training_rows)} photos of "
            f"{len(self.learning_set.conditions)} conditions, {kept} kept out; at most {format_duration(total)} for "
            f"{left} epochs, {seconds:.2g} s a step on {device_name()}",
        )

    def _next(self, tuning: FineTuning, before: Checkpoint | None) -> Checkpoint:
        """Return the state after one more epoch."""
        curve = before.curve if before else ()
        started = time.monotonic()
        losses = list(self._losses(tuning, len(curve)))
        sums = self._held_out(tuning)
        epoch = Epoch(loss=float(np.mean(losses)), **sums, seconds=round(time.monotonic() - started, 2))
        curve = (*curve, epoch)
        is_best = before is None or _rank(epoch) < _rank(curve[before.best_epoch - 1])
        best = tuning.averaged_weights() if is_best or before is None else before.best
        best_epoch = len(curve) if is_best or before is None else before.best_epoch
        return Checkpoint(curve=curve, state=tuning.state(), best=best, best_epoch=best_epoch)

    def _losses(self, tuning: FineTuning, epoch: int) -> Iterator[float]:
        total = self._steps * self.options.epochs
        for step, (pixels, rows) in enumerate(self._batches(epoch), start=1):
            yield tuning.step(pixels, self.learning_set.targets[rows])
            done = epoch * self._steps + step
            self.progress(done, total, f"steps, epoch {epoch + 1} of {self.options.epochs}")

    def _batches(self, epoch: int) -> Iterator[tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]]:
        """Yield pixels and rows of each batch of an epoch; they depend on the seed and the epoch alone."""
        options, photos = self.options, self.learning_set
        rows = photos.training_rows
        order = rows[
            balanced_order(
                photos.targets[rows],
                number=self._steps * min(options.batch, len(rows)),
                balance=options.balance,
                rng=np.random.default_rng([options.seed, epoch]),
            )
        ]
        batches = np.array_split(np.arange(len(order)), self._steps)

        def pixels_of(place: int) -> npt.NDArray[np.uint8]:
            return changed_photo(
                self.path_of(photos.photos[order[place]]),
                size=self.backbone.size,
                options=options.augmentation,
                seed=(options.seed, epoch, place),
            )

        pixels = read_ahead([batch.tolist() for batch in batches], pixels_of)
        for batch, decoded in zip(batches, pixels, strict=True):
            yield decoded, order[batch]

    def _held_out(self, tuning: FineTuning) -> dict[str, float | None]:
        """Return the figures of the photos kept out; None for each if there are none."""
        photos, rows = self.learning_set, self.learning_set.held_out_rows
        if not len(rows):
            return {"held_out_loss": None, "top1": None, "top5": None}
        batches = [rows[start : start + self.options.batch] for start in range(0, len(rows), self.options.batch)]

        def pixels_of(row: int) -> npt.NDArray[np.uint8]:
            return whole_photo(self.path_of(photos.photos[row]), size=self.backbone.size)

        pixels = read_ahead([batch.tolist() for batch in batches], pixels_of)
        sums = np.sum(
            [tuning.measure(one, photos.targets[batch]) for batch, one in zip(batches, pixels, strict=True)], axis=0
        )
        loss, top1, top5 = (round(float(value), 6) for value in sums / len(rows))
        return {"held_out_loss": loss, "top1": top1, "top5": top5}


def _rank(epoch: Epoch) -> float:
    """Return what makes an epoch better: its loss on photos kept out, or without any that in training."""
    return epoch.loss if epoch.held_out_loss is None else epoch.held_out_loss


def device_name() -> str:
    """Return where TensorFlow computes, in words."""
    gpus = import_tensorflow().config.list_physical_devices("GPU")
    return f"{len(gpus)} GPU" if gpus else f"{os.cpu_count()} cores"
