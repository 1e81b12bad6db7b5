"""Every text that the window shows, and how numbers and times are written in it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.labels import display_name
from gui.session import ModelLoading, ModelMissing

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.inference import ModelIdentity
    from gui.session import ModelReady, ModelState, OpenPhoto

APPLICATION = "acnelib"
RESEARCH_TOOL = "Research tool, not a diagnosis"

FILE_MENU = "&File"
OPEN = "&Open photo…"
QUIT = "&Quit"
TRY_AGAIN = "&Try again"

CHOOSE = "Open a photo"
PHOTO_FILES = "Photos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"

INVITATION = "Open a photo or drop it here"
LOADING_MODEL = "Loading the model…"
READING = "Reading the photo…"
CLASSIFYING = "Classifying…"
NO_MODEL = "No model"
FAILURE = "This photo cannot be shown"
FAILED_ANSWER = "This photo cannot be classified"
HIGHEST_SCORE = "Highest score"
SCORES = "Scores"
NO_PHOTO_NAME = "No photo open"

_NO_BREAK_SPACE = "\u00a0"
_BREAK_HERE = "\u200b"
_LONG_WORD = re.compile(r"\S{24,}")
_VERDICTS = {"confident": "Confident", "uncertain": "Uncertain", "out-of-scope": "Out of scope"}


def window_title(photo: OpenPhoto | None) -> str:
    """Return the title of the window."""
    return APPLICATION if photo is None else f"{photo.path.name} – {APPLICATION}"


def photo_name(photo: OpenPhoto | None) -> str:
    """Return how the open photo is called, and whether it is one of several that were handed over."""
    if photo is None:
        return NO_PHOTO_NAME
    return photo.path.name if photo.among == 1 else f"{photo.path.name} (first of {photo.among} files)"


def no_answer_yet(model: ModelState) -> str:
    """Return what to expect before a photo is open."""
    if isinstance(model, ModelLoading | ModelMissing):
        return "The model’s answer will appear here."
    labels = "\n".join(f"•{_NO_BREAK_SPACE}{label(name)}" for name in model.labels)
    return f"The model’s answer will appear here. It tells apart:\n\n{labels}"


def percentage(score: float) -> str:
    """Return a score as a whole percentage; one that is not quite 0 or 1 is never written so."""
    rounded = round(score * 100)
    number = "<1" if rounded == 0 else ">99" if rounded == 100 else str(rounded)
    return f"{number}{_NO_BREAK_SPACE}%"


def label(name: str) -> str:
    """Return a class label as people read it."""
    return display_name(name)


def score_line(name: str, score: float) -> str:
    """Return a score as a screen reader says it."""
    return f"{label(name)}: {percentage(score)}"


def verdict(value: str) -> str:
    """Return a verdict in a word or two."""
    return _VERDICTS[value]


def verdict_explained(value: str, *, confident_at: float) -> str:
    """Return what a verdict rests on."""
    threshold = f"{round(confident_at * 100)}{_NO_BREAK_SPACE}%"
    return {
        "confident": f"The highest score reaches this model’s threshold of {threshold}.",
        "uncertain": f"The highest score is below this model’s threshold of {threshold}.",
        "out-of-scope": "The photo is unlike those that this model was trained on.",
    }[value]


def failure_title(photo: OpenPhoto) -> str:
    """Return the heading over a photo's failure."""
    return FAILURE if photo.picture is None else FAILED_ANSWER


def reason(text: str, path: Path | None = None) -> str:
    """Return an error's own line as a sentence that names the file instead of its whole path."""
    if path is not None:
        text = text.replace(str(path), path.name)
    first, rest = text[:1], text[1:]
    # A file's name is never touched; an ordinary word at the beginning gets its capital.
    return text if path is not None and text.startswith(path.name) else first.upper() + rest


def breakable(text: str) -> str:
    """Return a text whose very long words (paths, addresses) may be broken at the edge of a narrow panel."""

    def opened(match: re.Match[str]) -> str:
        return re.sub(r"([/\\_.,:=-]|\w{12})(?=\w)", rf"\1{_BREAK_HERE}", match[0])

    return _LONG_WORD.sub(opened, text)


def model_line(model: ModelState, *, now: datetime) -> str:
    """Return the model's name and version, and when its server was asked; ``now`` knows its time zone."""
    if isinstance(model, ModelLoading):
        return LOADING_MODEL
    if isinstance(model, ModelMissing):
        return NO_MODEL
    asked = _asked(model, now=now)
    return f"Model: {_identity(model.identity)}" + (f" · {asked}" if asked else "")


def model_details(model: ModelState) -> str:
    """Return what the model's line has no room for."""
    if isinstance(model, ModelLoading):
        return f"Looking for the model {model.name}"
    if isinstance(model, ModelMissing):
        return model.reason
    lines = [f"Bundle {model.identity.sha256}"]
    if model.offline:
        lines.append(model.offline)
    return "\n".join(lines)


def _identity(identity: ModelIdentity) -> str:
    # A cached bundle's folder is called by its digest, of which the beginning tells enough.
    name = identity.name[:12] if re.fullmatch(r"[0-9a-f]{64}", identity.name) else identity.name
    return f"{name} (folder)" if identity.version is None else f"{name}, version {identity.version}"


def _asked(model: ModelReady, *, now: datetime) -> str:
    if model.asked_at is None:
        return ""
    at = datetime.fromisoformat(model.asked_at).astimezone(now.tzinfo)
    time = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
    return f"offline, last checked {time}" if model.offline else f"checked {time}"
