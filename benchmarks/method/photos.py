"""The photos that acnelib's curation leaves: distinct, each under one label, with their near-duplicate groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.curation import Reason, read_curated
from acnelib.imaging import read_picture

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image


@dataclass(frozen=True)
class Photos:
    """Photos in the order of their hashes.

    Attributes:
        paths: One file of each.
        images: Decoded.
        truth: Column of each label.
        labels: The labels, sorted.
        duplicates: Number of each photo's group of near-duplicates and shots of one scene.
    """

    paths: tuple[Path, ...]
    images: tuple[Image.Image, ...]
    truth: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    duplicates: npt.NDArray[np.int64]


def load_photos(folder: Path, workdir: Path) -> Photos:
    """Curate a folder of class folders as the product does, and decode what it keeps, one file of each picture."""
    settings = Settings(**{name: workdir / name for name in ("home", "cache", "stack", "workdir")})
    curated = read_curated(stages.curate(stages.scrape(str(folder), settings=settings), settings=settings).photos)
    kept, seen = [], set()
    for photo in curated:
        if photo.reason not in (None, Reason.BLURRED):
            continue
        picture = read_picture(folder / photo.paths[0])
        pixels = picture.image.tobytes()
        if pixels not in seen:
            seen.add(pixels)
            kept.append((photo, picture.image))
    labels, truth = np.unique([photo.labels[0] for photo, _ in kept], return_inverse=True)
    groups = np.unique([photo.group for photo, _ in kept], return_inverse=True)[1]
    return Photos(
        paths=tuple(folder / photo.paths[0] for photo, _ in kept),
        images=tuple(image for _, image in kept),
        truth=truth,
        labels=tuple(str(label) for label in labels),
        duplicates=groups,
    )
