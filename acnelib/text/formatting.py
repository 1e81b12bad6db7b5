"""Numbers as people read them: bytes and scores."""

from __future__ import annotations

_UNITS = ("kB", "MB", "GB", "TB")


def format_bytes(size: int) -> str:
    """Return a number of bytes, such as ``512 B`` or ``1.2 MB``."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in _UNITS:
        amount /= 1000
        if amount < 999.95 or unit == _UNITS[-1]:
            break
    return f"{amount:.1f} {unit}"


def format_score(score: float, *, digits: int = 1, space: str = "") -> str:
    """Return a score as a percentage; one that is not quite 0 or 1 is never written so.

    Args:
        score: 0–1.
        digits: Digits after the point.
        space: The separator before the percent sign.
    """
    text = f"{100 * score:.{digits}f}"
    smallest = 10.0**-digits
    if float(text) == 100 and score < 1:
        text = f">{100 - smallest:.{digits}f}"
    elif float(text) == 0 and score > 0:
        text = f"<{smallest:.{digits}f}"
    return f"{text}{space}%"
