"""The contours of activation maps."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gui.state.contours import LEVELS, Contour, contours_of
from gui.state.overlay import overlay_of

WIDTH, HEIGHT, SPREAD = 120, 90, 20.0


@pytest.fixture(scope="module")
def hill() -> tuple[Contour, ...]:
    """The contours of a round hill in the middle of a picture."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    away = ((x - (WIDTH - 1) / 2) ** 2 + (y - (HEIGHT - 1) / 2) ** 2) / SPREAD**2
    return contours_of(np.exp(-away))


def ends(contour: Contour) -> Counter[tuple[float, float]]:
    return Counter((round(s[at], 6), round(s[at + 1], 6)) for s in contour.segments for at in (0, 2))


def test_a_contour_lies_where_the_map_has_its_level(hill: tuple[Contour, ...]) -> None:
    for contour in hill:
        radius = SPREAD * np.sqrt(-np.log(contour.level))
        for x0, y0, x1, y1 in contour.segments:
            for x, y in ((x0, y0), (x1, y1)):
                assert np.hypot((x - 0.5) * WIDTH, (y - 0.5) * HEIGHT) == pytest.approx(radius, abs=0.1)


def test_the_levels_go_from_the_outer_line_to_the_inner_one(hill: tuple[Contour, ...]) -> None:
    assert tuple(contour.level for contour in hill) == LEVELS == tuple(sorted(LEVELS))


@pytest.mark.parametrize("seed", range(4))
def test_a_contour_within_the_picture_is_closed_however_rough_the_map_is(seed: int) -> None:
    rough = np.pad(np.random.default_rng(seed).random((12, 15)), 1)
    for contour in contours_of(rough):
        assert set(ends(contour).values()) == {2}


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_a_map_of_one_row_or_column_has_no_contours(shape: tuple[int, int]) -> None:
    assert all(contour.segments == () for contour in contours_of(np.ones(shape)))


def test_a_flat_map_has_no_contours() -> None:
    assert all(contour.segments == () for contour in contours_of(np.ones((5, 5))))


def test_an_overlay_comes_with_its_contours_within_the_picture() -> None:
    activation = np.zeros((4, 4), np.float32)
    activation[1, 2] = 1
    overlay = overlay_of("cysts", activation, size=(400, 300))
    points = [value for contour in overlay.contours for segment in contour.segments for value in segment]
    assert points
    assert all(0 <= value <= 1 for value in points)
