"""Batches of photos, decoded ahead of the training step by threads: never more than a few batches in memory."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from acnelib.imaging import reading, resized
from acnelib.training.adaptation.augmenting import augmented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.adaptation.options import Augmentation

AHEAD = 3
"""Batches that are decoded before they are needed."""

_MOST_WORKERS = 8

Item = TypeVar("Item")


def read_ahead(
    batches: Sequence[Sequence[Item]], pixels_of: Callable[[Item], npt.NDArray[np.uint8]]
) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield the pixels of each batch: [photos, size, size, 3], uint8.

    Args:
        batches: Descriptions of photos.
        pixels_of: Returns the pixels [size, size, 3] of one photo; called by several threads.

    Raises:
        ImageUnreadable: A photo is not there any more.
    """
    with ThreadPoolExecutor(min(_MOST_WORKERS, os.cpu_count() or 1)) as pool:
        waiting = deque([pool.submit(pixels_of, item) for item in batch] for batch in batches[:AHEAD])
        try:
            for place in range(len(batches)):
                pixels = np.stack([future.result() for future in waiting.popleft()])
                if place + AHEAD < len(batches):
                    waiting.append([pool.submit(pixels_of, item) for item in batches[place + AHEAD]])
                yield pixels
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def whole_photo(path: Path, *, size: int) -> npt.NDArray[np.uint8]:
    """Return an unchanged photo at the input size of a network, as classification sees it: [size, size, 3]."""
    with reading(path) as picture:
        return resized(picture.image, height=size, width=size)


def changed_photo(path: Path, *, size: int, options: Augmentation, seed: Sequence[int]) -> npt.NDArray[np.uint8]:
    """Return a photo with random changes that depend on the seed alone: [size, size, 3]."""
    with reading(path) as picture:
        return augmented(picture.image, size=size, options=options, rng=np.random.default_rng(list(seed)))
