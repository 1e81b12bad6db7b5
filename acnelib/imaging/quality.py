"""The quality of pictures: measured once, and judged alike for training and for predictions.

Curation leaves a picture out of learning (:func:`unfitness`), and the classifier never calls an answer about such a
picture confident; both ask here, with the same measures. The remarks on a picture (:func:`quality_of`) has
stricter limits of brightness: what is fit to learn from may still be poor.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from acnelib.imaging import resized

if TYPE_CHECKING:
    import numpy.typing as npt

SMALLEST_SIDE = 64
"""Photos with a side below this many pixels show no lesion."""

LEAST_CONTRAST, MOST_EVENNESS = 2.5, 0.7
"""No photo: hardly any contrast, or nearly all in four levels of grey. Of 300 clinical and 300 drawn photos the least
contrast is 6.7, the most evenness 0.30; a chart has 0.93."""

TEXT_EVENNESS, TEXT_SHARPNESS = 0.35, 1500.0
"""No photo either: much of one grey, and edges sharper than any photo's. A page of text has 0.50 and 18,000; the
sharpest of those photos 994."""

DARKEST, BRIGHTEST = 16.0, 240.0
"""Mean luma beyond which skin is not visible; those photos are between 45 and 208."""

DARK, BRIGHT = 40.0, 225.0
"""Mean luma beyond which skin is hard to see."""

LEAST_SHARPNESS = 0.3
"""Sharpness in relation to contrast below which a photo is blurred. Clinical and drawn photos have 1.3 or more,
darkened or halved and recompressed ones 0.50; blurred by 1 % of their width they have 0.25 at most."""

ANALYSIS_SIZE = 256  # pixels; enough for sharpness, levels and borders

_SIDE_KEPT = 2 * ANALYSIS_SIZE  # pixels of the shorter side of a large picture
_WORTH_REDUCING = 2  # times
_CLEAR_SIDE = 144  # pixels of the shorter side; below, many a sharp photo seems blurred
_CLEAR_LUMA, _CLEAR_EVENNESS, _CLEAR_TIMES = 10.0, 0.1, 3.0  # margins to the limits
_COMMONEST = 4  # grey levels
_LEVELS = np.arange(256, dtype=np.float64)
_BORDER_SPREAD = 14  # levels between the 2nd and 98th percentile of a line that belongs to a border
_MOST_BORDER = 0.35  # of a side: what is wider than that is a background, not a border


class Quality(StrEnum):
    """Reasons why the scores of a photo are less reliable, with any model."""

    SMALL = "small"
    DARK = "dark"
    BRIGHT = "bright"
    BLURRED = "blurred"


class Unfitness(StrEnum):
    """Why a picture shows too little to learn from, or to be confident about."""

    TOO_SMALL = "too-small"
    TOO_DARK = "too-dark"
    TOO_BRIGHT = "too-bright"
    NOT_A_PHOTO = "not-a-photo"
    BLURRED = "blurred"


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The measures on which the judgement of a picture is based.

    Attributes:
        width: Pixels, upright.
        height: Pixels, upright.
        brightness: Mean luma, 0–255, without border, as all that follows.
        contrast: Standard deviation of luma.
        sharpness: Variance of the Laplacian of luma at 256×256, or less if it is smaller (Pech-Pacheco et al. 2000).
        evenness: Share of the pixels that have one of the four commonest levels of luma.
    """

    width: int
    height: int
    brightness: float
    contrast: float
    sharpness: float
    evenness: float

    @property
    def relative_sharpness(self) -> float:
        """Sharpness in relation to contrast."""
        return self.sharpness / (self.contrast + 1)


@dataclass(frozen=True, kw_only=True)
class QualityAnalysis:
    """The measures of a reduced picture, and the intermediate results that others reuse.

    Attributes:
        measures: What was measured.
        border: Width of the one-coloured border in 256ths of the picture: left, top, right, bottom.
        laplacian: Laplacian of luma without border, [rows, columns], int16; empty for two rows or columns and fewer.
    """

    measures: Measures
    border: tuple[int, int, int, int]
    laplacian: npt.NDArray[np.int16]


def measures_of(image: Image.Image) -> Measures:
    """Return the measures of an upright RGB picture."""
    return analyse(image).measures


def is_clearly_fit(pixels: npt.NDArray[np.uint8]) -> bool:
    """Return whether a reduced picture is far from every limit, so that it needs no exact measures.

    The exact measures read every pixel of a photo once more, which takes a tenth of its prediction. The input of
    a network shows nearly the same, and the margins are several times the difference. A picture with a border, or close
    to a limit, is not clearly fit and must be measured.

    Args:
        pixels: The whole picture, [height, width, 3], uint8, RGB; below 144 pixels it shows too little.
    """
    side = min(pixels.shape[:2])
    if side < _CLEAR_SIDE:
        return False
    grey = np.asarray(Image.fromarray(pixels).convert("L"))
    if any(border_of(grey)):
        return False
    measures = _measures_of_grey(grey, _laplacian(grey.astype(np.int16)), size=(pixels.shape[1], pixels.shape[0]))
    return (
        DARK + _CLEAR_LUMA < measures.brightness < BRIGHT - _CLEAR_LUMA
        and measures.contrast > _CLEAR_TIMES * LEAST_CONTRAST
        and measures.evenness < TEXT_EVENNESS - _CLEAR_EVENNESS
        and measures.relative_sharpness > _clear_sharpness(side)
    )


def _clear_sharpness(side: int) -> float:
    """Return the sharpness in relation to contrast above which a picture of a side in pixels is clearly not blurred.

    What is smooth bends more from pixel to pixel the smaller it is drawn: by the square of the reduction, so that the
    variance of its Laplacian grows by the fourth power at most.
    """
    return LEAST_SHARPNESS * max(_CLEAR_TIMES, (ANALYSIS_SIZE / side) ** 4)


def analyse(image: Image.Image) -> QualityAnalysis:
    """Measure an upright RGB picture."""
    grey = _grey(image)
    small = resized(grey, height=ANALYSIS_SIZE, width=ANALYSIS_SIZE)
    border = border_of(small)
    inner = without_border(grey, border)
    side = min(ANALYSIS_SIZE, max(inner.size))  # never enlarged, for that would blur
    if inner is not grey or side < ANALYSIS_SIZE:
        small = resized(inner, height=side, width=side)
    laplacian = _laplacian(small.astype(np.int16))
    measures = _measures_of_grey(small, laplacian, size=image.size)
    return QualityAnalysis(measures=measures, border=border, laplacian=laplacian)


def _measures_of_grey(
    grey: npt.NDArray[np.uint8], laplacian: npt.NDArray[np.int16], *, size: tuple[int, int]
) -> Measures:
    # Of whole numbers below 256, everything but sharpness follows from how often each occurs.
    counts = np.bincount(grey.ravel(), minlength=256)
    mean = float(counts @ _LEVELS) / grey.size
    spread = (float(counts @ (_LEVELS - mean) ** 2) / grey.size) ** 0.5
    return Measures(
        width=size[0],
        height=size[1],
        brightness=round(mean, 2),
        contrast=round(spread, 2),
        sharpness=round(variance(laplacian), 2),
        evenness=round(float(np.sort(counts)[-_COMMONEST:].sum()) / grey.size, 4),
    )


def quality_of(measures: Measures) -> tuple[Quality, ...]:
    """Return the quality remarks on a picture."""
    found = {
        Quality.SMALL: _is_small(measures),
        Quality.DARK: measures.brightness < DARK,
        Quality.BRIGHT: measures.brightness > BRIGHT,
        Quality.BLURRED: _is_blurred(measures) and not _is_plain(measures),
    }
    return tuple(quality for quality, holds in found.items() if holds)


def unfitness(measures: Measures) -> tuple[Unfitness, str] | None:
    """Return why a picture is left out of learning, and the numbers that this rests on; None where it is fit."""
    brightness, contrast, sharpness = measures.brightness, measures.contrast, measures.relative_sharpness
    graphic = measures.evenness > TEXT_EVENNESS and measures.sharpness > TEXT_SHARPNESS
    size = f"{measures.width}×{measures.height} pixels"
    even = f"{measures.evenness:.0%} of it in four levels of grey, sharpness {measures.sharpness:.0f}"
    tests = (
        (Unfitness.TOO_SMALL, _is_small(measures), f"{size}, a side below {SMALLEST_SIDE}"),
        (Unfitness.TOO_DARK, brightness < DARKEST, f"mean luma {brightness:.0f}, below {DARKEST:.0f}"),
        (Unfitness.NOT_A_PHOTO, graphic, even),
        (Unfitness.TOO_BRIGHT, brightness > BRIGHTEST, f"mean luma {brightness:.0f}, above {BRIGHTEST:.0f}"),
        (Unfitness.NOT_A_PHOTO, measures.evenness > MOST_EVENNESS, even),
        (Unfitness.NOT_A_PHOTO, _is_plain(measures), f"contrast {contrast:.1f}, below {LEAST_CONTRAST:.1f}"),
        (
            Unfitness.BLURRED,
            _is_blurred(measures),
            f"sharpness {sharpness:.2f} in relation to contrast, below {LEAST_SHARPNESS}",
        ),
    )
    return next(((reason, detail) for reason, holds, detail in tests if holds), None)


def border_of(grey: npt.NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return how many pixels wide the one-coloured border of a picture is: left, top, right, bottom."""
    left, right = _even_lines(grey.T)
    top, bottom = _even_lines(grey)
    return left, top, right, bottom


def without_border(grey: Image.Image, border: tuple[int, int, int, int]) -> Image.Image:
    """Return a picture without its border, whose widths are in 256ths; the same picture where it has none."""
    left, top, right, bottom = border
    across, along = grey.width / ANALYSIS_SIZE, grey.height / ANALYSIS_SIZE
    box = (
        round(left * across),
        round(top * along),
        grey.width - round(right * across),
        grey.height - round(bottom * along),
    )
    return grey.crop(box) if any(border) and box[0] < box[2] and box[1] < box[3] else grey


def variance(laplacian: npt.NDArray[np.int16]) -> float:
    """Return the variance of whole numbers; 0 where there is none, as in a picture of two pixels."""
    return float(laplacian.var()) if laplacian.size else 0.0


def _is_small(measures: Measures) -> bool:
    return min(measures.width, measures.height) < SMALLEST_SIDE


def _is_plain(measures: Measures) -> bool:
    """Tell whether there are no edges that could be blurred."""
    return measures.contrast < LEAST_CONTRAST


def _is_blurred(measures: Measures) -> bool:
    return measures.relative_sharpness < LEAST_SHARPNESS


def _grey(image: Image.Image) -> Image.Image:
    """Return a picture in grey; of a large one the means of squares, so that it costs an answer a tenth, not a third.

    Every pixel counts: of single ones that stand for a square, noise would remain and hide that a photo is blurred.
    """
    times = min(image.size) // _SIDE_KEPT
    return image.reduce(times).convert("L") if times >= _WORTH_REDUCING else image.convert("L")


def _laplacian(small: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    return 4 * small[1:-1, 1:-1] - small[:-2, 1:-1] - small[2:, 1:-1] - small[1:-1, :-2] - small[1:-1, 2:]


def _even_lines(grey: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """Return how many lines at the start and at the end are of one grey."""
    return _run_of_even_lines(grey), _run_of_even_lines(grey[::-1])


def _run_of_even_lines(lines: npt.NDArray[np.uint8]) -> int:
    """Return how many lines are of one grey before the first that is not; most photos begin with one that is not."""
    most, first = int(len(lines) * _MOST_BORDER), None
    for number, line in enumerate(lines[: most + 1]):
        ordered = np.sort(line)
        low, middle, high = (_percentile(ordered, share) for share in (0.02, 0.5, 0.98))
        first = middle if first is None else first
        if high - low > _BORDER_SPREAD or abs(middle - first) > _BORDER_SPREAD:
            return number
    return 0


def _percentile(ordered: npt.NDArray[np.uint8], share: float) -> float:
    """Return what ``numpy.percentile`` does, of numbers in order, in a tenth of the time."""
    place = (len(ordered) - 1) * share
    below, beyond = int(place), place - int(place)
    low, high = int(ordered[below]), int(ordered[below + 1])
    return low + (high - low) * beyond if beyond < 0.5 else high - (high - low) * (1 - beyond)
