"""Progress of long work, reported by a callback."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with how many items are done, out of how many, and what they are: ``pages``, ``photos`` or ``files``."""


def no_progress(done: int, total: int, what: str) -> None:
    """Ignore progress reports."""
