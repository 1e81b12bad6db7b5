"""Numbers as people read them: bytes, scores and durations."""

from __future__ import annotations

_UNITS = ("kB", "MB", "GB", "TB")


def format_bytes(size: int, *, space: str = " ") -> str:
    """Return a number of bytes, such as ``512 B`` or ``1.2 MB``.

    Args:
        size: Number of bytes.
        space: The text between the number and its unit.
    """
    if size < 1000:
        return f"{size}{space}B"
    amount = float(size)
    for unit in _UNITS:
        amount /= 1000
        if amount < 999.95 or unit == _UNITS[-1]:
            break
    return f"{amount:.1f}{space}{unit}"


def format_score(score: float, *, digits: int = 1, space: str = "", allow_certain: bool = True) -> str:
    """Return a score as a percentage; only 0 and 1 themselves are written as 0% and 100%.

    Args:
        score: 0–1.
        digits: Digits after the point.
        space: The text before the percent sign.
        allow_certain: Write 0 and 1 as 0% and 100%, not as <1% and >99%.
    """
    text = f"{100 * score:.{digits}f}"
    smallest = 10.0**-digits
    if float(text) == 100 and (score < 1 or not allow_certain):
        text = f">{100 - smallest:.{digits}f}"
    elif float(text) == 0 and (score > 0 or not allow_certain):
        text = f"<{smallest:.{digits}f}"
    return f"{text}{space}%"


def format_rounded(share: float, *, space: str = "") -> str:
    """Return a share rounded to a whole percentage; it may exceed 1.

    Args:
        share: 0 or more.
        space: The text before the percent sign.
    """
    return f"{100 * share:.0f}{space}%"


def format_duration(seconds: float) -> str:
    """Return an estimated duration in words, such as ``about 31 min``."""
    return "about {} {}".format(*duration_parts(seconds))


def duration_parts(seconds: float) -> tuple[str, str]:
    """Return an estimated duration as its amount and its unit: ``s``, ``min`` or ``h``."""
    if seconds < 90:
        return f"{max(1, round(seconds))}", "s"
    if seconds < 5400:
        return f"{round(seconds / 60)}", "min"
    return f"{seconds / 3600:.1f}", "h"


def format_elapsed(seconds: float) -> str:
    """Return a measured duration in hours, minutes and seconds, such as ``0:05`` or ``1:02:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
