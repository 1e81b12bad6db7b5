"""The plan of a training with reviews: which photos, which reviews, and the command that does it; without Qt."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

_START_SECONDS = 120.0
"""Seconds of a run apart from what each photo takes, on two cores: services, training, evaluation, registration."""

_PHOTO_SECONDS = 0.8
"""Seconds that a new photo takes, on two cores, with the networks that are used by default."""


class StartingWeights(StrEnum):
    """The weights that networks start from."""

    IMAGENET = "imagenet"
    STARTER = "starter"


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """What a training is to use.

    Attributes:
        folders: Folders of photos.
        reviews: The file of reviews.
        workdir: Where results are kept.
        backgrounds: Folders of photos that show none of the classes.
        weights: What networks start from.
    """

    folders: tuple[Path, ...]
    reviews: Path
    workdir: Path
    backgrounds: tuple[Path, ...] = ()
    weights: StartingWeights = StartingWeights.IMAGENET

    def arguments(self) -> list[str]:
        """Return the options of ``acne pipeline``."""
        named = [("--source", folder) for folder in self.folders]
        named += [("--background", folder) for folder in self.backgrounds]
        named += [("--reviews", self.reviews), ("--workdir", self.workdir)]
        return [
            *(text for option, path in named for text in (option, str(path))),
            *("--weights", str(self.weights)),
        ]

    def command_line(self) -> str:
        """Return the command as it is typed in a terminal."""
        return shlex.join(["acne", "pipeline", *self.arguments()])


def folders_of(paths: Iterable[Path], *, is_class: Callable[[str], bool]) -> tuple[Path, ...]:
    """Return the folders that hold photos, each once, sorted: the folder of class folders where they lie in such ones.

    Args:
        paths: The photos.
        is_class: Tells whether a folder's name is that of a class.
    """
    parents = {path.parent for path in paths}
    roots = {parent.parent if is_class(parent.name) else parent for parent in parents}
    return tuple(sorted(root for root in roots if not _is_below(root, roots)))


def estimated_seconds(photos: int) -> float:
    """Return about how long a training with so many new photos takes."""
    return _START_SECONDS + photos * _PHOTO_SECONDS


def _is_below(folder: Path, others: Collection[Path]) -> bool:
    return any(other in others for other in folder.parents)
