from __future__ import annotations

import pytest

from gui.state.viewport import Viewport

WHOLE = Viewport(picture=(400, 300), room=(800.0, 800.0))


def shown_at(viewport: Viewport, point: tuple[float, float]) -> tuple[float, float]:
    """Return which pixel of the picture a point of the room shows."""
    (left, top), scale = viewport.origin, viewport.scale
    return (point[0] - left) / scale, (point[1] - top) / scale


def test_a_new_picture_fits_and_lies_in_the_middle() -> None:
    assert (WHOLE.scale, WHOLE.size, WHOLE.origin) == (2.0, (800.0, 600.0), (0, 100))
    assert not WHOLE.can_move


def test_what_is_under_the_cursor_stays_there() -> None:
    cursor = (500.0, 450.0)
    zoomed = WHOLE.zoomed_by(2, at=cursor).zoomed_by(1.7, at=cursor)
    assert shown_at(zoomed, cursor) == pytest.approx(shown_at(WHOLE, cursor), abs=0.5)


def test_a_picture_never_leaves_the_room_on_one_side_with_space_on_the_other() -> None:
    far = WHOLE.zoomed_to(4).moved(10_000, -10_000)
    assert far.origin == (0, 800 - 1200)


def test_zoom_has_ends() -> None:
    assert WHOLE.zoomed_by(1e6).scale == 16
    assert WHOLE.zoomed_by(1e-6).scale == 1
    assert WHOLE.in_room((40.0, 30.0)).zoomed_by(1e-6).scale == pytest.approx(0.1)


def test_a_picture_that_fits_keeps_fitting_in_another_room_and_a_zoomed_one_keeps_its_zoom() -> None:
    assert WHOLE.in_room((400.0, 400.0)).scale == 1
    zoomed = WHOLE.zoomed_to(3).moved(-120, 0)
    assert zoomed.in_room((600.0, 500.0)).scale == 3
    assert shown_at(zoomed.in_room((600.0, 500.0)), (300, 250)) == pytest.approx(shown_at(zoomed, (400, 400)), abs=0.5)


def test_a_margin_is_left_around_a_picture_that_fits_only() -> None:
    framed = Viewport(picture=(400, 300), room=(424.0, 424.0), margin=12)
    assert (framed.scale, framed.origin) == (1, (12, 62))
    assert framed.zoomed_to(4).moved(10_000, 0).origin[0] == 0
