"""The decoded photo in Qt's own form: its pixels in full, and in smaller sizes to draw it small from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PIL import Image

_SMALLEST_LEVEL = 800


@dataclass(frozen=True)
class Pixels:
    """A picture and itself at a half, a quarter … of its size; made on a worker, for it takes its time.

    Attributes:
        levels: The picture, then each half as wide and high as the one before.
    """

    levels: tuple[QImage, ...]

    @classmethod
    def of(cls, image: Image.Image) -> Pixels:
        """Return the pixels of an upright 8-bit RGB picture."""
        levels = [_qimage(image)]
        while max(image.size) >= 2 * _SMALLEST_LEVEL:
            image = image.reduce(2)
            levels.append(_qimage(image))
        return cls(tuple(levels))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        return self.levels[0].width(), self.levels[0].height()

    def level_for(self, width: float) -> QImage:
        """Return the smallest level that need not be enlarged to be this many pixels wide; else the whole picture."""
        wide_enough = [level for level in self.levels if level.width() >= width]
        return wide_enough[-1] if wide_enough else self.levels[0]


def _qimage(image: Image.Image) -> QImage:
    borrowed = QImage(image.tobytes(), *image.size, 3 * image.width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)  # a copy of its own, in the form that paints fastest
