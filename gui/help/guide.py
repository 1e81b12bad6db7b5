"""The topics of the help, read from the Markdown file that comes with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).with_name("guide.md")

_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Topic:
    """A page of the help.

    Attributes:
        title: Its heading.
        text: Its Markdown, without the heading.
    """

    title: str
    text: str

    @property
    def anchor(self) -> str:
        """What links to it are called: ``#many-photos``."""
        return "#" + self.title.lower().replace(" ", "-")


def topics() -> tuple[Topic, ...]:
    """Return the topics in the order in which a new user reads them."""
    _, *pieces = _HEADING.split(GUIDE.read_text(encoding="utf-8"))
    return tuple(Topic(title, text.strip()) for title, text in zip(pieces[::2], pieces[1::2], strict=True))
