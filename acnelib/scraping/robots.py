"""What a host's robots.txt allows this program, and how slowly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

AGENT = "acnelib"
"""The name by which this program may be addressed."""


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one host.

    Attributes:
        said: What is allowed to whom.
        names_us: Whether some of it is for this program by name.
    """

    said: Protego
    names_us: bool

    @classmethod
    def read(cls, text: str) -> RobotsRules:
        """Read a robots.txt."""
        named = re.search(rf"^\s*user-agent\s*:\s*{AGENT}\b", text, re.IGNORECASE | re.MULTILINE)
        return cls(said=Protego.parse(text), names_us=named is not None)

    def allow(self, url: str, *, is_api: bool) -> bool:
        """Say whether an address may be fetched.

        An API is there for programs: what is forbidden to all crawlers of pages does not concern it, what is forbidden
        to this program by name does.
        """
        return bool(self.said.can_fetch(url, AGENT)) or (is_api and not self.names_us)

    @property
    def delay(self) -> float:
        """Least seconds between two requests."""
        return float(self.said.crawl_delay(AGENT) or 0.0)
