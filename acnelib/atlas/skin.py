"""The skin of one drawn patient before any lesion, and how a photo looks at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from acnelib.atlas.canvas import HEIGHT, WIDTH, Canvas, Plane


@dataclass(frozen=True)
class View:
    """The position of the camera: shift in pixels, turn in radians, zoom as a factor."""

    right: float = 0.0
    down: float = 0.0
    turn: float = 0.0
    zoom: float = 1.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> View:
        """Return a view slightly beside the straight one, as in the next photo of a series."""
        return cls(
            right=rng.uniform(-16, 16),
            down=rng.uniform(-12, 12),
            turn=rng.uniform(-0.12, 0.12),
            zoom=rng.uniform(0.94, 1.06),
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the position of a point of the skin in the picture."""
        cos, sin = self.zoom * np.cos(self.turn), self.zoom * np.sin(self.turn)
        dx, dy = x - WIDTH / 2, y - HEIGHT / 2
        return (
            float(cos * dx - sin * dy + WIDTH / 2 + self.right),
            float(sin * dx + cos * dy + HEIGHT / 2 + self.down),
        )

    def look_up(self, *, scale: float, margin: float) -> tuple[float, float, float, float, float, float]:
        """Return Pillow's affine coefficients from the picture to a grid of ``scale`` cells a pixel."""
        cos, sin = np.cos(self.turn) / self.zoom, np.sin(self.turn) / self.zoom
        left, top = WIDTH / 2 + self.right, HEIGHT / 2 + self.down
        x = -cos * left - sin * top + WIDTH / 2 + margin
        y = sin * left - cos * top + HEIGHT / 2 + margin
        return (scale * cos, scale * sin, scale * x, -scale * sin, scale * cos, scale * y)


@dataclass(frozen=True)
class Skin:
    """Bare skin.

    Attributes:
        tone: 0 (lightest) to 1 (darkest).
        flush: redness of the whole picture, 0 to 1.
        patches: blotches of redness as (x, y, radius, strength).
        freckles: flat brown spots as (x, y, radius, strength).
        hairs: as (x, y, angle, length, bend).
        roughness: height of the fine relief in pixels.
        mottling: how uneven blood and pigment are, as a share.
        seed: of the grain.
    """

    tone: float
    flush: float
    patches: tuple[tuple[float, float, float, float], ...]
    freckles: tuple[tuple[float, float, float, float], ...]
    hairs: tuple[tuple[float, float, float, float, float], ...]
    roughness: float
    mottling: float
    seed: int

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Skin:
        """Return the skin of one person."""
        patches = tuple(
            (*_anywhere(rng), rng.uniform(45, 140), rng.uniform(0.1, 0.5)) for _ in range(rng.integers(0, 5))
        )
        freckled = rng.random() < 0.4
        freckles = tuple(
            (*_anywhere(rng), rng.uniform(3, 7), rng.uniform(0.15, 0.45))
            for _ in range(rng.integers(1, 7) if freckled else 0)
        )
        hairy = rng.random() < 0.25
        hairs = tuple(
            (*_anywhere(rng), rng.uniform(0, np.pi), rng.uniform(30, 90), rng.normal(0, 0.15))
            for _ in range(rng.integers(1, 6) if hairy else 0)
        )
        return cls(
            tone=rng.uniform(0, 1),
            flush=rng.uniform(0, 0.25),
            patches=patches,
            freckles=freckles,
            hairs=hairs,
            roughness=rng.uniform(0.12, 0.42),
            mottling=rng.uniform(0.02, 0.09),
            seed=int(rng.integers(2**31)),
        )

    @property
    def redness(self) -> float:
        """Return how red the skin is apart from lesions: the flush and the patches by their area."""
        area = sum(strength * radius**2 for _, _, radius, strength in self.patches)
        return self.flush + float(np.pi * area / (WIDTH * HEIGHT))

    def paint(self, canvas: Canvas, view: View) -> None:
        """Paint the skin on an empty canvas."""
        rng = np.random.default_rng(self.seed)
        blotches = _grain(rng, view, cell=24) + np.float32(0.6) * _grain(rng, view, cell=9)
        canvas.blood += np.float32(self.flush) + np.float32(self.mottling) * blotches
        uneven = _grain(rng, view, cell=14) + np.float32(1.5) * _grain(rng, view, cell=70)
        canvas.pigment += np.float32(0.1) + np.float32(self.mottling) * uneven
        canvas.height += np.float32(self.roughness) * _grain(rng, view, cell=3.2)
        canvas.height += np.float32(3.0) * _grain(rng, view, cell=48)
        for patch in self.patches:
            _spot(canvas.blood, view, patch, edge=1.0)
        for freckle in self.freckles:
            _spot(canvas.pigment, view, freckle, edge=3.0)
        if self.hairs:
            _paint_hairs(canvas, view, self.hairs)


def _anywhere(rng: np.random.Generator) -> tuple[float, float]:
    return rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)


def _grain(rng: np.random.Generator, view: View, *, cell: float) -> Plane:
    """Return smooth noise of unit strength whose grains are ``cell`` pixels wide, transformed by the view."""
    margin = 60.0
    columns, rows = int((WIDTH + 2 * margin) / cell) + 2, int((HEIGHT + 2 * margin) / cell) + 2
    grid = Image.fromarray(rng.standard_normal((rows, columns), dtype=np.float32))
    if cell < 8:
        affine = view.look_up(scale=1 / cell, margin=margin)
        viewed = grid.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
        return np.asarray(viewed, np.float32)
    # Coarse noise is looked up at every fourth pixel: four times as fast, without a visible difference.
    a, b, c, d, e, f = view.look_up(scale=1 / cell, margin=margin)
    affine = (4 * a, 4 * b, c, 4 * d, 4 * e, f)
    small = grid.transform((WIDTH // 4, HEIGHT // 4), Image.Transform.AFFINE, affine, Image.Resampling.BICUBIC)
    return np.asarray(small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32)


def _spot(plane: Plane, view: View, spot: tuple[float, float, float, float], *, edge: float) -> None:
    """Lay a round spot over a map; the higher ``edge``, the flatter the spot and the sharper its border."""
    x, y = view.place(spot[0], spot[1])
    radius, strength = spot[2] * view.zoom, spot[3]
    reach = 2.2 * radius if edge < 2 else 1.6 * radius
    left, right = max(0, int(x - reach)), min(WIDTH, int(x + reach) + 1)
    top, bottom = max(0, int(y - reach)), min(HEIGHT, int(y + reach) + 1)
    if right <= left or bottom <= top:
        return
    across = (np.arange(left, right, dtype=np.float32) - np.float32(x)) / np.float32(radius)
    along = (np.arange(top, bottom, dtype=np.float32) - np.float32(y)) / np.float32(radius)
    squared = across[None, :] ** 2 + along[:, None] ** 2
    amount = np.float32(strength) * np.exp(-(squared ** np.float32(edge)))
    plane[top:bottom, left:right] += amount * (1 - plane[top:bottom, left:right])


def _paint_hairs(canvas: Canvas, view: View, hairs: tuple[tuple[float, float, float, float, float], ...]) -> None:
    strokes = Image.new("L", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(strokes)
    for x, y, angle, length, bend in hairs:
        steps = np.linspace(0, 1, 8)
        angles = angle + bend * steps * 4
        points = np.cumsum(np.stack([np.cos(angles), np.sin(angles)], axis=1) * length / 8, axis=0)
        draw.line([view.place(x + dx, y + dy) for dx, dy in points], fill=255, width=2)
    fine = np.asarray(strokes.filter(ImageFilter.GaussianBlur(0.6)), np.float32) / np.float32(255)
    canvas.pigment += np.float32(0.8) * fine * (1 - canvas.pigment)
