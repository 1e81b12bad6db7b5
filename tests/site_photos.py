"""Photos of a site for a model that tells colours apart: each a different photo, some of them answered wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

SURE = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
LESS_SURE = (255, 120, 0)  # red to the model, at a confidence of about 0.86


def painted(colour: tuple[int, int, int], *, seed: int) -> Image.Image:
    """Return a picture of one colour with a noise of its own, so that no two seeds look like one photo."""
    noise = np.random.default_rng(seed).normal(0, 20, (96, 96, 3))
    return Image.fromarray(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))


def paint_site(folder: Path, *, right: int = 10, wrong: int = 0, colour: tuple[int, int, int] = LESS_SURE) -> Path:
    """Paint photos into class folders.

    Args:
        folder: The folder.
        right: Photos of each class that the model answers rightly, and surely.
        wrong: Photos in the folder ``green`` that show another colour.
        colour: Their colour.
    """
    for place, (label, sure) in enumerate(SURE.items()):
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(right):
            painted(sure, seed=1000 * place + number).save(folder / label / f"{number}.png")
    for number in range(wrong):
        painted(colour, seed=9000 + number).save(folder / "green" / f"wrong {number}.png")
    return folder
