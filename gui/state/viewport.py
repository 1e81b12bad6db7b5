"""The visible part of a picture: zoom and pan as numbers; without Qt.

All lengths are pixels of the screen, so that 100 % is one pixel of the picture on one of the screen whatever the
desktop's scale is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

STEP = 1.25
"""How much larger one step of zoom makes a picture."""

_MOST = 16.0
_MOST_OF_FITTING = 4.0  # a tiny picture that fits is enlarged already


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """A picture in the room there is; every change is a new viewport.

    Attributes:
        picture: Width and height of the picture in its own pixels.
        room: Width and height of the room.
        margin: What is left free on every side of a picture that fits.
        zoom: Pixels of the screen per pixel of the picture; None: as many as fit.
        middle: The place of the picture that lies in the middle of the room, in parts of its width and height.
    """

    picture: tuple[int, int]
    room: tuple[float, float]
    margin: float = 0.0
    zoom: float | None = None
    middle: tuple[float, float] = (0.5, 0.5)

    @property
    def fitting(self) -> float:
        """The zoom at which the whole picture is just seen."""
        across, along = (
            max(1.0, room - 2 * self.margin) / side for room, side in zip(self.room, self.picture, strict=True)
        )
        return min(across, along)

    @property
    def scale(self) -> float:
        """Pixels of the screen per pixel of the picture."""
        return self.fitting if self.zoom is None else self.zoom

    @property
    def size(self) -> tuple[float, float]:
        """Width and height at which the picture is shown."""
        return self.picture[0] * self.scale, self.picture[1] * self.scale

    @property
    def origin(self) -> tuple[int, int]:
        """Where the picture's upper left corner lies in the room: on a whole pixel, so that 100 % stays sharp."""
        left, top = (
            round(room / 2 - middle * size)
            for room, middle, size in zip(self.room, self.middle, self.size, strict=True)
        )
        return left, top

    @property
    def can_move(self) -> bool:
        """Whether some of the picture lies outside the room."""
        return any(size > room for size, room in zip(self.size, self.room, strict=True))

    def in_room(self, room: tuple[float, float], *, margin: float = 0.0) -> Viewport:
        """Return the same zoom around the same place in another room."""
        return _kept_inside(replace(self, room=room, margin=margin))

    def fitted(self) -> Viewport:
        """Return the whole picture, as large as fits."""
        return replace(self, zoom=None, middle=(0.5, 0.5))

    def zoomed_to(self, zoom: float, *, at: tuple[float, float] | None = None) -> Viewport:
        """Return another zoom at which one point of the room (default: its middle) shows the same place as before."""
        zoom = min(max(zoom, min(1.0, self.fitting)), max(_MOST, self.fitting * _MOST_OF_FITTING))
        at = at or (self.room[0] / 2, self.room[1] / 2)
        across, along = (
            middle + (point - room / 2) * (1 / (side * self.scale) - 1 / (side * zoom))
            for middle, point, room, side in zip(self.middle, at, self.room, self.picture, strict=True)
        )
        return _kept_inside(replace(self, zoom=zoom, middle=(across, along)))

    def zoomed_by(self, factor: float, *, at: tuple[float, float] | None = None) -> Viewport:
        """Return a zoom that many times as large; see :meth:`zoomed_to`."""
        return self.zoomed_to(self.scale * factor, at=at)

    def moved(self, across: float, along: float) -> Viewport:
        """Return the picture moved to the right and down."""
        width, height = self.size
        middle = (self.middle[0] - across / width, self.middle[1] - along / height)
        return _kept_inside(replace(self, middle=middle))


def _kept_inside(viewport: Viewport) -> Viewport:
    """Let no room stay empty beside a picture that is larger, and put a smaller one in the middle."""
    across, along = (
        min(max(middle, room / 2 / size), 1 - room / 2 / size) if size > room else 0.5
        for middle, room, size in zip(viewport.middle, viewport.room, viewport.size, strict=True)
    )
    return replace(viewport, middle=(across, along))
