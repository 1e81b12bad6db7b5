"""The activation map as colours over a photo: only the places that add to the score of a class; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COLOURS = ((0, 60, 255), (0, 150, 255), (0, 215, 255), (150, 255, 255))
"""From the weakest places to the strongest; equally far apart.

From blue to a pale cyan: distinct from skin of any tone to people who do not see red or green, and lighter as it grows
stronger to people who see no colour.
"""

_SIDE = 480  # pixels of the longer side; the screen enlarges the rest of the way, and smoothly
_PLACES_PER_ROUND = 7  # so that a map of 33 × 33 places is smoothed over some three of them
_FAINTEST = 1e-6  # of a logit: below this a place adds nothing


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Colours to lay over the whole upright photo.

    Attributes:
        label: The label to whose score the coloured places add.
        width: Pixels.
        height: Pixels.
        rgba: Four bytes a pixel, rows from above, colour not multiplied by opacity; empty when no place adds to it.
    """

    label: str
    width: int
    height: int
    rgba: bytes

    @property
    def is_empty(self) -> bool:
        """Whether no place adds to the label's score."""
        return not self.rgba


def overlay_of(label: str, activation: npt.NDArray[np.float32], *, size: tuple[int, int]) -> Overlay:
    """Colour a map [rows, columns] that lies over a whole picture of this width and height.

    The most opaque colour is the strongest place of this map: maps of different photos or labels do not compare.
    """
    import numpy as np
    from PIL import Image

    strongest = float(activation.max())
    if strongest <= _FAINTEST:
        return Overlay(label=label, width=0, height=0, rgba=b"")
    shrunk = min(1.0, _SIDE / max(size))
    width, height = (max(1, round(side * shrunk)) for side in size)
    # Pillow enlarges areas, not points: the edges of the map meet the edges of the photo.
    enlarged = Image.fromarray(_without_seams(activation)).resize((width, height), Image.Resampling.BILINEAR)
    strength = np.clip(np.asarray(enlarged, dtype=np.float64) / strongest, 0, 1)
    at = np.linspace(0, 1, len(COLOURS))
    rgba = np.empty((height, width, 4))
    for channel, levels in enumerate(zip(*COLOURS, strict=True)):
        rgba[:, :, channel] = np.interp(strength, at, levels)
    rgba[:, :, 3] = 255 * strength**1.5  # weak places stay nearly clear, and begin without an edge
    return Overlay(label=label, width=width, height=height, rgba=rgba.round().astype(np.uint8).tobytes())


def _without_seams(activation: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Smooth a map of many places: it is made of coarse ones of overlapping views, whose edges are not the photo's."""
    import numpy as np

    rounds = min(activation.shape) // _PLACES_PER_ROUND
    for _ in range(rounds):
        for axis in (0, 1):
            ends = [(1, 1) if axis == each else (0, 0) for each in (0, 1)]
            padded = np.pad(activation, ends, mode="edge")
            before, after = (np.take(padded, np.arange(n, n + activation.shape[axis]), axis) for n in (0, 2))
            activation = np.asarray((before + 2 * activation + after) / 4, dtype=np.float32)
    return activation
