"""Sample pictures for users who have no photo at hand: drawn, so that they show no real person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.storage.files import SHARED, storage_failure, write_bytes
from gui.files import texts

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

SEED = 2026
"""Neither the sample atlas' nor the demo's seed: a model trained on either never saw these pictures."""


def draw_samples(folder: Path) -> tuple[Path, ...]:
    """Draw a picture of each class of the sample atlas and one without any skin, and return their files.

    Takes a moment: for a worker.

    Args:
        folder: Where they go; pictures of the same name are replaced.

    Raises:
        StorageFailed: They cannot be written.
    """
    from acnelib.atlas.drawing import LABELS, draw_picture, encode_jpeg

    drawn = [(texts.sample_file(label), draw_picture(place, seed=SEED).image) for place, label in enumerate(LABELS)]
    drawn.append((texts.SAMPLE_WITHOUT_SKIN, _without_skin()))
    paths = []
    for name, image in drawn:
        path = folder / name
        try:
            write_bytes(path, encode_jpeg(image), mode=SHARED)
        except OSError as error:
            raise storage_failure(error) from error
        paths.append(path)
    return tuple(paths)


def _without_skin() -> Image.Image:
    """Draw a house on a meadow: nothing that a model of skin should classify."""
    from PIL import Image, ImageDraw

    scene = Image.new("RGB", (640, 480), (128, 190, 235))
    draw = ImageDraw.Draw(scene)
    draw.ellipse((500, 40, 570, 110), fill=(255, 225, 90))
    draw.polygon([(0, 330), (200, 240), (420, 330), (640, 260), (640, 480), (0, 480)], fill=(92, 158, 72))
    draw.rectangle((190, 210, 410, 390), fill=(236, 236, 228))
    draw.polygon([(165, 215), (300, 110), (435, 215)], fill=(70, 82, 120))
    draw.rectangle((275, 295, 325, 390), fill=(64, 92, 150))
    for left in (212, 350):
        draw.rectangle((left, 245, left + 40, 280), fill=(40, 60, 90))
    for left in range(-20, 640, 44):
        draw.rectangle((left, 400, left + 10, 460), fill=(250, 250, 250))
    draw.rectangle((0, 420, 640, 430), fill=(250, 250, 250))
    return scene.resize((320, 240), Image.Resampling.LANCZOS)
