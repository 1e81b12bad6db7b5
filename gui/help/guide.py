"""The topics of the help, read from the Markdown file in the user's language that comes with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gui.translation import ENGLISH, language

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
    name = "guide.md" if language() is ENGLISH else f"guide_{language().code}.md"
    guide = Path(__file__).with_name(name)
    _, *pieces = _HEADING.split(guide.read_text(encoding="utf-8"))
    return tuple(Topic(title, text.strip()) for title, text in zip(pieces[::2], pieces[1::2], strict=True))
