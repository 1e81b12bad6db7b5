"""Checkpoints of an adaptation: everything after a finished epoch, in one file that is complete or not there."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.storage.files import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_PROGRESS, _STATE, _BEST = "progress", "state/", "best/"


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """Figures of one pass over the photos.

    Attributes:
        loss: Mean training loss in nats, of smoothed targets and changed photos.
        held_out_loss: Mean loss on the photos kept out, by the averaged weights; None if none is kept out.
        top1: Share of them whose condition is the first answer.
        top5: Share of them whose condition is among the first five answers.
        seconds: Duration.
    """

    loss: float
    held_out_loss: float | None
    top1: float | None
    top5: float | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """State of a training after some epochs.

    Attributes:
        curve: Figures of each finished epoch.
        state: Everything that training changes, by name.
        best: Weights of the network after the best epoch.
        best_epoch: Number of this epoch, from 1.
    """

    curve: tuple[Epoch, ...]
    state: dict[str, npt.NDArray[Any]] = field(repr=False)
    best: list[npt.NDArray[np.float32]] = field(repr=False)
    best_epoch: int

    def write(self, path: Path) -> None:
        """Write the checkpoint; the one before it stays until this one is complete."""
        progress = json.dumps({"curve": [asdict(epoch) for epoch in self.curve], "best_epoch": self.best_epoch})
        arrays = {f"{_STATE}{name}": array for name, array in self.state.items()}
        arrays |= {f"{_BEST}{place}": array for place, array in enumerate(self.best)}
        with atomic_write(path) as part, part.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **{_PROGRESS: np.array(progress)}, **arrays)

    @classmethod
    def read(cls, path: Path) -> Checkpoint | None:
        """Return the checkpoint in a file; None without the file.

        Raises:
            DataUnusable: The file is damaged.
        """
        if not path.is_file():
            return None
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                progress = json.loads(str(arrays[_PROGRESS]))
                best = [name for name in arrays.files if name.startswith(_BEST)]
                return cls(
                    curve=tuple(Epoch(**values) for values in progress["curve"]),
                    state={name.removeprefix(_STATE): arrays[name] for name in arrays.files if name.startswith(_STATE)},
                    best=[arrays[f"{_BEST}{place}"] for place in range(len(best))],
                    best_epoch=int(progress["best_epoch"]),
                )
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise DataUnusable(f"the checkpoint {path} is damaged: delete it, and the network starts again") from error
