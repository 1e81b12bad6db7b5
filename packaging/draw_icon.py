"""Draw the app's icon, gui/icon.png: a lens over skin, on a quiet green."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 256
FINER = 4  # drawn larger, then made smaller: smooth edges
PLACE = Path(__file__).parents[1] / "gui" / "icon.png"

GROUND, GROUND_BELOW = (47, 125, 121), (30, 88, 94)
SKIN, SPOT, RIM = (247, 222, 205), (214, 112, 97), (255, 255, 255)
SPOTS = ((96, 98, 13), (128, 120, 8), (101, 134, 6), (126, 84, 5))  # across, down, radius


def icon() -> Image.Image:
    """Return the icon."""
    size = SIZE * FINER
    shade = Image.linear_gradient("L").resize((size, size))
    ground = Image.composite(
        Image.new("RGB", (size, size), GROUND_BELOW), Image.new("RGB", (size, size), GROUND), shade
    )
    pen = ImageDraw.Draw(ground)
    _handle(pen)
    _disc(pen, 112, 112, 68, RIM)
    _disc(pen, 112, 112, 54, SKIN)
    for across, down, radius in SPOTS:
        _disc(pen, across, down, radius, SPOT)
    corners = Image.new("L", (size, size))
    ImageDraw.Draw(corners).rounded_rectangle(_scaled(8, 8, SIZE - 8, SIZE - 8), radius=52 * FINER, fill=255)
    ground.putalpha(corners)
    return ground.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _handle(pen: ImageDraw.ImageDraw) -> None:
    pen.line(_scaled(158, 158, 200, 200), fill=RIM, width=24 * FINER)
    _disc(pen, 200, 200, 12, RIM)


def _disc(pen: ImageDraw.ImageDraw, across: int, down: int, radius: int, colour: tuple[int, int, int]) -> None:
    pen.ellipse(_scaled(across - radius, down - radius, across + radius, down + radius), fill=colour)


def _scaled(*edges: int) -> list[int]:
    return [edge * FINER for edge in edges]


if __name__ == "__main__":
    icon().save(PLACE, optimize=True)
