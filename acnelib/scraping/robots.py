"""The robots.txt rules of a host for this program: allowed addresses and crawl delay."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

AGENT = "acnelib"
"""The user agent that rules for this program name."""


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one host.

    Attributes:
        parser: The parsed file.
        names_us: Whether a group of rules names this program.
    """

    parser: Protego
    names_us: bool

    @classmethod
    def read(cls, text: str) -> RobotsRules:
        """Read a robots.txt."""
        named = re.search(rf"^\s*user-agent\s*:\s*{AGENT}\b", text, re.IGNORECASE | re.MULTILINE)
        return cls(parser=Protego.parse(text), names_us=named is not None)

    def allow(self, url: str, *, is_api: bool) -> bool:
        """Return whether an address may be fetched.

        An API is there for programs: what is forbidden to all crawlers of pages does not concern it, what is forbidden
        to this program by name does.
        """
        return bool(self.parser.can_fetch(url, AGENT)) or (is_api and not self.names_us)

    @property
    def delay(self) -> float:
        """Least seconds between two requests."""
        return float(self.parser.crawl_delay(AGENT) or 0.0)
