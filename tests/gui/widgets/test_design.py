"""The tokens of the design: contrasts are computed from the colours in the code, and the page states the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from gui.widgets import design
from gui.widgets.design import (
    COLOURS,
    GRID,
    MARK_CONTRAST,
    MARK_PAIRS,
    TEXT_CONTRAST,
    TEXT_PAIRS,
    Colours,
    Scheme,
    colour,
    contrast,
)


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_are_readable_on_every_ground_that_they_stand_on(scheme: Scheme, ink: str, ground: str) -> None:
    assert contrast(colour(scheme, ink), colour(scheme, ground)) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(("ink", "ground"), MARK_PAIRS)
def test_marks_and_edges_can_be_seen_on_every_ground(scheme: Scheme, ink: str, ground: str) -> None:
    assert contrast(colour(scheme, ink), colour(scheme, ground)) >= MARK_CONTRAST


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#fff000", "#fff000", 1)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, expected: float) -> None:
    assert contrast(first, second) == pytest.approx(expected, abs=0.005)


def test_every_token_has_a_light_and_a_dark_colour() -> None:
    assert set(COLOURS) == set(Scheme)
    assert all(len(value) == 7 and value[0] == "#" for each in COLOURS.values() for value in vars(each).values())


def test_distances_are_on_the_grid() -> None:
    assert (design.HALF * 2, design.GAP % GRID, design.SECTION_GAP % GRID, design.PAGE_GAP % GRID) == (GRID, 0, 0, 0)


class TestPage:
    """The page about the design states what the code has."""

    @pytest.fixture
    def page(self) -> str:
        return (Path(__file__).parents[3] / "docs" / "design_of_the_app.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS + MARK_PAIRS)
    def test_every_contrast(self, page: str, ink: str, ground: str) -> None:
        computed = [f"{contrast(colour(scheme, ink), colour(scheme, ground)):.2f}" for scheme in Scheme]
        assert f"| `{ink}` on `{ground}` | {' | '.join(computed)} |" in page

    @pytest.mark.parametrize("token", [field.name for field in fields(Colours)])
    def test_every_colour(self, page: str, token: str) -> None:
        assert f"| `{token}` | `{'` | `'.join(colour(scheme, token) for scheme in Scheme)}` |" in page

    @pytest.mark.parametrize("token", ["CAPTION", "BODY", "SECTION", "TITLE", "DISPLAY"])
    def test_every_size_of_letters(self, page: str, token: str) -> None:
        assert f"| `{token}` | {getattr(design, token)} |" in page
