"""The activation map as colours over a photo: only the places that add to the score of a class; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gui.state.contours import contours_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from gui.state.contours import Contour

COLOURS = ((86, 180, 233), (43, 147, 206), (0, 114, 178))
"""From the weakest places to the strongest: sky blue and blue of the palette by Okabe and Ito, and their middle.

That palette was made for people who do not see red, green or blue as others do (M. Okabe and K. Ito, "Color Universal
Design", 2008, jfly.uni-koeln.de/color; recommended by B. Wong, Nature Methods 8, 441, 2011). These two are furthest
from skin: a test measures that for the ten tones of the Monk scale, as people see them with and without a deficiency of
colour vision. A scale that ends in a pale colour would vanish on pale skin where it matters most.
"""

_TRACED_SIDE = 96  # places of the longer side that contours are traced in
_SIDE = 480  # pixels of the longer side; the screen enlarges the rest of the way, and smoothly
_PLACES_PER_ROUND = 7  # so that a map of 33 × 33 places is smoothed over some three of them
_FAINTEST = 1e-6  # of a logit: below this a place adds nothing


class OverlayStyle(StrEnum):
    """How an overlay is drawn."""

    COLOURS = "colours"
    CONTOURS = "contours"


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Colours to lay over the whole upright photo.

    Attributes:
        label: The label to whose score the coloured places add.
        width: Pixels.
        height: Pixels.
        rgba: Four bytes a pixel, rows from above, colour not multiplied by opacity; empty when no place adds to it.
        contours: Lines around the same places, the outermost first.
    """

    label: str
    width: int
    height: int
    rgba: bytes
    contours: tuple[Contour, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no place adds to the label's score."""
        return not self.rgba


def overlay_of(label: str, activation: npt.NDArray[np.float32], *, size: tuple[int, int]) -> Overlay:
    """Colour a map [rows, columns] that lies over a whole picture of this width and height.

    The most opaque colour is the strongest place of this map: maps of different photos or labels do not compare.
    """
    import numpy as np

    if float(activation.max()) <= _FAINTEST:
        return Overlay(label=label, width=0, height=0, rgba=b"")
    strength = _strength(activation, size, side=_SIDE)
    height, width = strength.shape
    at = np.linspace(0, 1, len(COLOURS))
    rgba = np.empty((height, width, 4))
    for channel, levels in enumerate(zip(*COLOURS, strict=True)):
        rgba[:, :, channel] = np.interp(strength, at, levels)
    rgba[:, :, 3] = 255 * strength**1.5  # weak places stay nearly clear, and begin without an edge
    return Overlay(
        label=label,
        width=width,
        height=height,
        rgba=rgba.round().astype(np.uint8).tobytes(),
        contours=contours_of(_strength(activation, size, side=_TRACED_SIDE)),
    )


def _strength(activation: npt.NDArray[np.float32], size: tuple[int, int], *, side: int) -> npt.NDArray[np.float64]:
    """Return how much places add, of the strongest one, 0–1, in the proportions of a picture.

    Args:
        activation: The map, whose strongest place adds something.
        size: Width and height of the picture.
        side: Places of its longer side, at most.
    """
    import numpy as np
    from PIL import Image

    shrunk = min(1.0, side / max(size))
    width, height = (max(1, round(each * shrunk)) for each in size)
    # Pillow enlarges areas, not points: the edges of the map meet the edges of the photo.
    enlarged = Image.fromarray(_without_seams(activation)).resize((width, height), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(enlarged, dtype=np.float64) / float(activation.max()), 0, 1)


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
