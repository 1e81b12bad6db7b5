"""Folders of drawn pictures: two classes, and conditions that are none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.atlas.drawing import draw_pictures

if TYPE_CHECKING:
    from pathlib import Path


def draw_conditions(root: Path) -> None:
    """Draw two classes into the folder ``classes``, and three other conditions into ``skin``."""
    labels: list[str] = []
    for picture in draw_pictures(40, seed=8):
        labels = labels if picture.label in labels else [*labels, picture.label]
        kind = labels.index(picture.label)
        path = root / ("classes" if kind < 2 else "skin") / f"kind {kind}" / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
