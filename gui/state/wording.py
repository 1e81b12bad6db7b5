"""The words that every room shares: the app's name, and how numbers, classes, photos, models and errors are written."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.text.formatting import duration_parts, format_bytes, format_rounded, format_score
from acnelib.text.visible import visible
from gui.state.class_names import name_of
from gui.translation import ENGLISH, language, translate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo
    from pathlib import Path

    from acnelib.inference import ModelIdentity
    from acnelib.reviews import Review

APPLICATION = "acnelib"
OWN_PICTURES = "acnelib-pictures-"
"""How the names of the private folders begin in which the app keeps sample and pasted pictures until it closes."""

RESEARCH_TOOL = translate("state", "Research tool, not a diagnosis")
_MOST_DIGITS = 7
NO_BREAK_SPACE = "\u00a0"
NONE_OF_THESE = translate("state", "None of these")
CANNOT_TELL = translate("state", "Cannot tell")
NO_NAME = translate("state", "no name")
_VERDICTS = {
    "confident": translate("state", "confident"),
    "uncertain": translate("state", "uncertain"),
    "out-of-scope": translate("state", "out of scope"),
}
_UNITS = {"s": translate("state", "s"), "min": translate("state", "min"), "h": translate("state", "h")}
_STAGES = {"Production": translate("state", "Production"), "Staging": translate("state", "Staging")}


def class_name(label: str) -> str:
    """Return a class label as people read it."""
    return visible(name_of(label))


def class_within(label: str) -> str:
    """Return a class label as people read it within a sentence."""
    name = class_name(label)
    return name.lower() if language() is ENGLISH else name  # German nouns keep their capital


def stage_name(stage: str) -> str:
    """Return a stage of the registry as people read it."""
    return _STAGES.get(stage, stage)


def verdict_name(value: str) -> str:
    """Return a verdict in a word or three, within a sentence."""
    return _VERDICTS.get(value, value)


def number(value: int) -> str:
    """Return a whole number, with marks between thousands."""
    return f"{value:,}".replace(",", language().group_mark)


def decimal(value: float, *, digits: int) -> str:
    """Return a number with digits after the point."""
    return with_decimal_mark(f"{value:.{digits}f}")


def with_decimal_mark(text: str) -> str:
    """Return a number that is written with a point, and without marks between thousands, as the language has it."""
    return text.replace(".", language().decimal_mark)


def counted(value: int, one: str, many: str, **values: str) -> str:
    """Return a text about one thing, or that about many with their ``{number}``, with other values filled in."""
    return one.format(**values) if value == 1 else many.format(number=number(value), **values)


def photos(value: int) -> str:
    """Return a number of photos."""
    return counted(value, translate("state", "1 photo"), translate("state", "{number} photos"))


def file_size(value: int) -> str:
    """Return a number of bytes with its unit."""
    return with_decimal_mark(format_bytes(value, space=NO_BREAK_SPACE))


def duration(seconds: float) -> str:
    """Return an estimated duration in words, within a sentence."""
    amount, unit = duration_parts(seconds)
    amount = with_decimal_mark(amount)
    return translate("state", "about {amount} {unit}").format(amount=amount, unit=_UNITS[unit])


def opinion(review: Review) -> str:
    """Return what a reviewer says about a photo."""
    if review.label is not None:
        return class_name(review.label)
    return NONE_OF_THESE if review.verdict == "none" else CANNOT_TELL


def percentage(score: float) -> str:
    """Return a score (0–1) as a whole percentage; no score is certain, so none is written as 0 or 100 %."""
    return _written(score, 0)


def digits_apart(score: float, threshold: float) -> int:
    """Return how many digits after the point tell a score from a threshold (0–1); none where they are the same."""
    if score == threshold:
        return 0
    return next((digits for digits in range(_MOST_DIGITS) if _written(score, digits) != _written(threshold, digits)), 0)


def percentage_of(value: float, *, digits: int) -> str:
    """Return a score or a threshold (0–1) as a percentage with digits after the point."""
    return _written(value, digits)


def _written(value: float, digits: int) -> str:
    return with_decimal_mark(format_score(value, digits=digits, space=NO_BREAK_SPACE, allow_certain=False))


def share(value: float) -> str:
    """Return a share (0–1) as a whole percentage; only none and all are written as 0 and 100 %."""
    return format_score(value, digits=0, space=NO_BREAK_SPACE)


def whole_percentage(value: float) -> str:
    """Return a share (0–1) rounded to a whole percentage."""
    return format_rounded(value, space=NO_BREAK_SPACE)


def interval(low: float, high: float) -> str:
    """Return the two ends of an interval of shares (0–1), as whole percentages."""
    return f"{round(low * 100)}–{round(high * 100)}{NO_BREAK_SPACE}%"


def score_line(label: str, score: float) -> str:
    """Return a class and its score (0–1) as a screen reader reads it."""
    return f"{class_name(label)}: {percentage(score)}"


def photo_quality(quality: Iterable[str], *, size: tuple[int, int] | None = None) -> str:
    """Return the problems of a photo on one line, with its size (width, height) if given; empty when there are none."""
    found = photo_problems(quality, size=size)
    return translate("state", "Photo quality: {problems}").format(problems=found) if found else ""


def photo_problems(quality: Iterable[str], *, size: tuple[int, int] | None = None) -> str:
    """Return the problems of a photo, with its size (width, height) if given; empty when there are none."""
    small = translate("state", "small")
    words = {
        "small": small if size is None else f"{small} ({size[0]} × {size[1]})",
        "dark": translate("state", "dark"),
        "bright": translate("state", "very bright"),
        "blurred": translate("state", "blurred"),
    }
    return ", ".join(words[problem] for problem in quality)


def model_name(identity: ModelIdentity) -> str:
    """Return a model's name with its version, or with a note that it is from a folder."""
    # A cached bundle's folder is named after its digest, of which the first characters are enough.
    name = identity.name[:12] if re.fullmatch(r"[0-9a-f]{64}", identity.name) else identity.name
    if identity.version is None:
        return translate("state", "{name} (folder)").format(name=name)
    return translate("state", "{name}, version {version}").format(name=name, version=identity.version)


def error_text(message: str, path: Path | None = None) -> str:
    """Return an error's message as the window shows it: the file by its name, a capital first, no Markdown."""
    if path is not None:
        message = message.replace(str(path), path.name)
    message = without_code_marks(message)
    # A file's name is never changed; an ordinary first word gets its capital.
    return message if path is not None and message.startswith(path.name) else capitalized(message)


def without_code_marks(text: str) -> str:
    """Return a text with commands in quotation marks, where messages for terminals have backticks."""
    return re.sub(r"`([^`\n]+)`", translate("state", "“\\1”"), text)


def capitalized(text: str) -> str:
    """Return a text whose first letter is a capital."""
    return text[:1].upper() + text[1:]


def date_and_time(at: str, *, zone: tzinfo | None = None) -> str:
    """Return a time (ISO 8601) in the reader's zone, on one line."""
    return written_time(datetime.fromisoformat(at).astimezone(zone)).replace(" ", NO_BREAK_SPACE)


def written_time(at: datetime) -> str:
    """Return a date and time of day in its own zone."""
    return f"{at:{language().date} %H:%M}"


def bulleted(lines: list[str]) -> str:
    """Return lines as a bulleted list."""
    return "\n".join(f"•{NO_BREAK_SPACE}{line}" for line in lines)
