"""The five kinds of lesion: how each one looks, and how it is painted on a canvas of skin.

They differ in form: a dark plug, a dome, a dome with a head, a large soft swelling, fine vessels.
Redness comes in all strengths with every kind, so that colour alone says little.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image, ImageDraw

from acnelib.atlas.canvas import HEIGHT, WIDTH, Canvas, Plane


class LesionKind(StrEnum):
    """The kind of a lesion; its value is the class label of pictures that show it."""

    COMEDONES = "comedones"
    PAPULES = "papules"
    PUSTULES = "pustules"
    CYSTS = "cysts"
    ROSACEA = "rosacea"


@dataclass(frozen=True)
class Habit:
    """The number and size of the lesions of a kind in a picture of it.

    Attributes:
        fewest: the least number in one picture.
        most: the greatest number.
        smallest: the least radius in pixels; of rosacea, the reach of one tuft of vessels.
        largest: the greatest radius.
        spacing: least distance between centres, as a share of the two radii's sum.
    """

    fewest: int
    most: int
    smallest: float
    largest: float
    spacing: float


HABITS: dict[LesionKind, Habit] = {
    LesionKind.COMEDONES: Habit(fewest=12, most=24, smallest=5.5, largest=9.0, spacing=1.0),
    LesionKind.PAPULES: Habit(fewest=7, most=14, smallest=9.5, largest=16.0, spacing=0.9),
    LesionKind.PUSTULES: Habit(fewest=7, most=14, smallest=9.5, largest=16.0, spacing=0.9),
    LesionKind.CYSTS: Habit(fewest=2, most=5, smallest=26.0, largest=42.0, spacing=0.8),
    LesionKind.ROSACEA: Habit(fewest=3, most=6, smallest=38.0, largest=62.0, spacing=0.7),
}


@dataclass(frozen=True)
class Lesion:
    """One lesion: what it is, its centre and radius in pixels of the picture, its redness, its own seed."""

    kind: LesionKind
    x: float
    y: float
    radius: float
    redness: float
    seed: int


def paint(canvas: Canvas, lesion: Lesion, *, turn: float = 0.0) -> None:
    """Paint a lesion.

    Args:
        canvas: what to paint on.
        lesion: the lesion; it may lie partly or wholly outside the picture.
        turn: by how many radians the skin is turned, so that the same lesion appears turned too.
    """
    rng = np.random.default_rng(lesion.seed)
    if lesion.kind is LesionKind.ROSACEA:
        _paint_vessels(canvas, lesion, rng, turn)
        return
    window = _Window.around(lesion, reach=2.2)
    if window.empty:
        return
    distance = window.distance(lesion, rng, turn)
    painter = {
        LesionKind.COMEDONES: _paint_comedo,
        LesionKind.PAPULES: _paint_papule,
        LesionKind.PUSTULES: _paint_pustule,
        LesionKind.CYSTS: _paint_cyst,
    }[lesion.kind]
    painter(canvas, lesion, rng, window, distance)


@dataclass(frozen=True)
class _Window:
    """The rectangle of the picture that a lesion touches."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, lesion: Lesion, *, reach: float) -> "_Window":
        far = reach * lesion.radius
        return cls(
            left=max(0, int(lesion.x - far)),
            top=max(0, int(lesion.y - far)),
            right=min(WIDTH, int(lesion.x + far) + 1),
            bottom=min(HEIGHT, int(lesion.y + far) + 1),
        )

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top

    @property
    def part(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def distance(self, lesion: Lesion, rng: np.random.Generator, turn: float) -> Plane:
        """Distance from the centre, 1 on the (irregular) outline."""
        dx = np.arange(self.left, self.right, dtype=np.float32)[None, :] - np.float32(lesion.x)
        dy = np.arange(self.top, self.bottom, dtype=np.float32)[:, None] - np.float32(lesion.y)
        angle = np.arctan2(dy, dx) - np.float32(turn)
        outline = np.ones_like(angle)
        for waves in (2, 3, 5):
            outline += np.float32(rng.uniform(0, 0.14 / waves**0.5)) * np.cos(
                waves * angle + np.float32(rng.uniform(0, 2 * np.pi))
            )
        distance: Plane = np.sqrt(dx * dx + dy * dy) / (np.float32(lesion.radius) * outline)
        return distance


def _within(distance: Plane, edge: float, softness: float) -> Plane:
    """1 inside the edge, 0 outside, smoothly in between."""
    ramp = np.clip((np.float32(edge + softness) - distance) / np.float32(2 * softness), 0, 1)
    smooth: Plane = ramp * ramp * (3 - 2 * ramp)
    return smooth


def _dome(distance: Plane, width: float) -> Plane:
    dome: Plane = np.exp(-((distance / np.float32(width)) ** 2))
    return dome


def _cover(plane: Plane, part: tuple[slice, slice], amount: Plane) -> None:
    """Lay an amount (0 to 1) over what is there, so that two lesions together never exceed 1."""
    plane[part] += amount * (1 - plane[part])


def _paint_comedo(canvas: Canvas, lesion: Lesion, rng: np.random.Generator, window: _Window, distance: Plane) -> None:
    """A small bump with a black plug, or (a quarter of them) a closed, pale one."""
    part = window.part
    closed = rng.random() < 0.25
    canvas.height[part] += np.float32(0.35 * lesion.radius) * _dome(distance, 0.8)
    _cover(canvas.blood, part, np.float32(0.25 * lesion.redness) * _within(distance, 1.1, 0.5))
    if closed:
        _cover(canvas.pus, part, np.float32(0.30) * _within(distance, 0.7, 0.4))
        return
    _cover(canvas.plug, part, np.float32(rng.uniform(0.7, 0.95)) * _within(distance, 0.55, 0.25))


def _paint_papule(canvas: Canvas, lesion: Lesion, rng: np.random.Generator, window: _Window, distance: Plane) -> None:
    """A red dome without a head."""
    part = window.part
    halo = rng.uniform(0.95, 1.15)
    canvas.height[part] += np.float32(0.42 * lesion.radius) * _dome(distance, 0.72)
    _cover(canvas.blood, part, np.float32(lesion.redness) * _within(distance, halo, 0.4))


def _paint_pustule(canvas: Canvas, lesion: Lesion, rng: np.random.Generator, window: _Window, distance: Plane) -> None:
    """A red dome with a yellow-white head."""
    _paint_papule(canvas, lesion, rng, window, distance)
    part = window.part
    size = rng.uniform(0.38, 0.5)
    canvas.height[part] += np.float32(0.12 * lesion.radius) * _dome(distance, 0.35)
    _cover(canvas.pus, part, np.float32(rng.uniform(0.75, 0.95)) * _within(distance, size, 0.14))


def _paint_cyst(canvas: Canvas, lesion: Lesion, rng: np.random.Generator, window: _Window, distance: Plane) -> None:
    """A large, deep, softly bounded swelling, dusky in the middle."""
    part = window.part
    canvas.height[part] += np.float32(0.38 * lesion.radius) * np.exp(-((distance / np.float32(0.85)) ** 4))
    _cover(canvas.blood, part, np.float32(0.9 * lesion.redness) * _within(distance, 0.95, 0.4))
    _cover(canvas.pigment, part, np.float32(rng.uniform(0.05, 0.25)) * _within(distance, 0.7, 0.4))


def _paint_vessels(canvas: Canvas, lesion: Lesion, rng: np.random.Generator, turn: float) -> None:
    """A tuft of fine, winding, branching red vessels on a faint flush."""
    strokes = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    draw = ImageDraw.Draw(strokes)
    for _ in range(rng.integers(5, 9)):
        angle = rng.uniform(0, 2 * np.pi)
        start = np.array([lesion.x, lesion.y]) + 0.6 * lesion.radius * rng.uniform(-1, 1, 2) @ _turned(turn)
        width = rng.integers(3, 6)
        trunk = _wander(rng, start, angle + turn, length=1.1 * lesion.radius)
        draw.line([(2 * x, 2 * y) for x, y in trunk], fill=255, width=int(width), joint="curve")
        for _ in range(rng.integers(0, 3)):
            fork = trunk[rng.integers(2, len(trunk) - 1)]
            away = angle + turn + rng.choice([-1, 1]) * rng.uniform(0.4, 0.9)
            branch = _wander(rng, fork, away, length=0.5 * lesion.radius)
            draw.line([(2 * x, 2 * y) for x, y in branch], fill=220, width=int(width) - 1, joint="curve")
    window = _Window.around(lesion, reach=2.6)
    if window.empty:
        return
    fine = np.asarray(strokes.reduce(2), np.float32)[window.part] / np.float32(255)
    strength = 0.55 + 0.4 * lesion.redness
    _cover(canvas.blood, window.part, np.float32(strength) * fine)
    _cover(canvas.pigment, window.part, np.float32(0.25) * fine)
    flush = _within(window.distance(lesion, rng, turn), 0.7, 0.6)
    _cover(canvas.blood, window.part, np.float32(0.3 * lesion.redness) * flush)


def _turned(turn: float) -> np.ndarray:
    return np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def _wander(rng: np.random.Generator, start: np.ndarray, angle: float, *, length: float) -> list[np.ndarray]:
    """Points of a winding line."""
    steps = 12
    bends = angle + np.cumsum(rng.normal(0, 0.3, steps))
    strides = length / steps * np.stack([np.cos(bends), np.sin(bends)], axis=1)
    return [start, *(start + np.cumsum(strides, axis=0))]
