"""The design of the app in numbers: type scale, spacing, corners and colours; without Qt.

Every widget takes them from here. `docs/design_of_the_app.md` explains them, and a test computes the contrasts that the
page states.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CAPTION = 0.9
"""Sizes of letters are multiples of the size that people chose for their desktop. This one is for what
may be skipped: sources, agreements, notes."""

BODY = 1.0
"""Everything else; headings of a few lines are this size and bold."""

SECTION = 1.15
"""Headings of a section."""

TITLE = 1.4
"""Headings of a page, a dialog or an empty view."""

DISPLAY = 1.7
"""The one answer of a page: a class, or that a photo is out of scope."""

GRID = 8
"""Pixels: distances are multiples of it, or half of it within a control."""

HALF = GRID // 2
"""Between parts of one thing, such as a name and its bar."""

GAP = GRID
"""Between controls of a row, and between lines of text that belong together."""

SECTION_GAP = 2 * GRID
"""Between sections, and at the edge of the window."""

PAGE_GAP = 3 * GRID
"""At the edge of a dialog."""

ROUND = 6
"""Radius of the corners of controls, messages and selections."""

ROUND_PANEL = 8
"""Radius of the corners of panels: the picture, the table, the summary."""


class Scheme(StrEnum):
    """A scheme of colours."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Colours:
    """The colours of a scheme, each ``#rrggbb``.

    Attributes:
        window: The ground of the window, its panels and dialogs.
        base: The ground of fields, lists and the table.
        stripe: Every second row of the table.
        raised: Buttons.
        hover: Buttons and rows under the pointer.
        text: Words, and marks without a meaning in their colour.
        muted: Words that mean little: placeholders, pending, out of scope.
        disabled: Words that cannot be used now. WCAG sets no contrast for them.
        accent: The main action, what is selected, confident answers, the filled part of bars.
        on_accent: Words and marks on the accent.
        link: Words that open a page.
        warning: Marks and words that are to be heeded: out of scope, failed, not production.
        edge: The edges of controls, which have to be seen.
        line: Lines that only divide.
    """

    window: str
    base: str
    stripe: str
    raised: str
    hover: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    link: str
    warning: str
    edge: str
    line: str


COLOURS = {
    Scheme.LIGHT: Colours(
        window="#f4f5f6",
        base="#ffffff",
        stripe="#f8f9fa",
        raised="#ffffff",
        hover="#e8ebed",
        text="#1b2024",
        muted="#5c656e",
        disabled="#9aa2aa",
        accent="#1f7370",  # the green of the icon, somewhat darker
        on_accent="#ffffff",
        link="#15615f",
        warning="#a63c00",
        edge="#858d95",
        line="#d5d9dd",
    ),
    Scheme.DARK: Colours(
        window="#212427",
        base="#181a1c",
        stripe="#1c1f21",
        raised="#2d3135",
        hover="#363b40",
        text="#e9ebed",
        muted="#a4acb4",
        disabled="#6b7279",
        accent="#58bdb5",
        on_accent="#0a1f1e",
        link="#74d0c8",
        warning="#ffab5e",
        edge="#7d858d",
        line="#3a3f44",
    ),
}

SELECTED = 0.16
"""How much of the accent lies over the ground of a selected row, tile or filter; its words keep their colour."""

TRACK = 0.14
"""How much of the colour of text lies over the ground of a bar's empty part."""

TEXT_CONTRAST = 4.5
"""The least contrast of words (WCAG 2.2, 1.4.3)."""

MARK_CONTRAST = 3.0
"""The least contrast of marks, bars and edges of controls (WCAG 2.2, 1.4.11)."""

TEXT_PAIRS = (
    ("text", "window"),
    ("text", "base"),
    ("text", "stripe"),
    ("text", "raised"),
    ("text", "hover"),
    ("text", "selected"),
    ("muted", "window"),
    ("muted", "base"),
    ("muted", "stripe"),
    ("muted", "selected"),
    ("on_accent", "accent"),
    ("link", "window"),
    ("link", "base"),
    ("warning", "window"),
    ("warning", "base"),
    ("warning", "selected"),
)
"""Words and the grounds that they stand on."""

MARK_PAIRS = (
    ("accent", "window"),
    ("accent", "base"),
    ("accent", "stripe"),
    ("accent", "selected"),
    ("edge", "window"),
    ("edge", "base"),
)
"""Marks and edges, and the grounds that they stand on; those in the colour of words are among the words."""


def colour(scheme: Scheme, name: str) -> str:
    """Return a colour of a scheme by the name of its token; ``selected`` is the ground of a selected row."""
    colours = COLOURS[scheme]
    return blended(colours.base, colours.accent, SELECTED) if name == "selected" else str(getattr(colours, name))


def blended(ground: str, over: str, share: float) -> str:
    """Return the colour of which a share (0–1) is laid over a ground."""
    mixed = (round(below + (above - below) * share) for below, above in zip(_bytes(ground), _bytes(over), strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it, 1–21."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(value: str) -> float:
    red, green, blue = (_linear(each / 255) for each in _bytes(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _bytes(value: str) -> tuple[int, ...]:
    return tuple(int(value[at : at + 2], 16) for at in (1, 3, 5))
