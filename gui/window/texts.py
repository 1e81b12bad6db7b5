"""Every text that the window shows, and how numbers and times are written in it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.labels import display_name
from acnelib.text.visible import visible
from gui.state.session import ModelLoading, ModelMissing, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.inference import ModelIdentity
    from gui.model.facts import Measured, ModelFacts
    from gui.state.session import ModelReady, ModelState, OpenPhoto, Session

APPLICATION = "acnelib"
RESEARCH_TOOL = "Research tool, not a diagnosis"

TRY_AGAIN = "&Try again"

CHOOSE = "Open photos"
CHOOSE_FOLDER = "Open a folder of photos"
PHOTO_FILES = "Photos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"
EXPORT_TABLE = "Export the table"
TABLE_FILE = "acne-results.csv"
CSV_FILES = "Table for spreadsheets (*.csv)"
JSON_FILES = "JSON (*.json)"
SAVE_PICTURE = "Save the picture as shown"
PICTURE_FILES = "Picture (*.png *.jpg *.jpeg)"
REPLACE = "&Replace"

DISMISS = "Take this message away"
LOOKING_FOR_PHOTOS = "Looking for photos…"
INVITATION = "Open a photo or drop it here"
LOADING_MODEL = "Loading the model…"
READING = "Reading the photo…"
CLASSIFYING = "Classifying…"
NO_MODEL = "No model"
FAILURE = "This photo cannot be shown"
FAILED_ANSWER = "This photo cannot be classified"
HIGHEST_SCORE = "Highest score"
HIGHEST_SCORE_OUT_OF_SCOPE = "Highest score, which means little here"
SCORES = "Scores"
SCORES_OUT_OF_SCOPE = "Scores (they mean little here)"
OPACITY = "Opacity"
CHOSEN = "chosen"
OVERLAY_EXPLAINED = (
    "The lighter and more opaque, the more this place of the photo adds to the class’s score, compared with the "
    "strongest place for the same class. It does not say why, and places without colour add nothing."
)
NO_CARD = "This model comes without a card."
NO_PHOTO_NAME = "No photo open"

_PROBLEMS_TOLD = 3
_NO_BREAK_SPACE = "\u00a0"
_BREAK_HERE = "\u200b"
_LONG_WORD = re.compile(r"\S{24,}")
_VERDICTS = {"confident": "Confident", "uncertain": "Uncertain", "out-of-scope": "Out of scope"}


def window_title(photo: OpenPhoto | None) -> str:
    """Return the title of the window."""
    return APPLICATION if photo is None else f"{visible(photo.path.name)} – {APPLICATION}"


def photo_name(photo: OpenPhoto | None) -> str:
    """Return how the open photo is called."""
    return NO_PHOTO_NAME if photo is None else visible(photo.path.name)


def search_problems(problems: Sequence[str]) -> str:
    """Return what could not be looked into, the first few in full; empty where there was nothing."""
    told = " ".join(f"{reason(problem)}." for problem in problems[:_PROBLEMS_TOLD])
    more = len(problems) - _PROBLEMS_TOLD
    return f"{told} So it is with {more} more." if more > 0 else told


def replace_question(path: Path) -> str:
    """Return the question whether a file of this name may be replaced."""
    return f"There is a file {visible(path.name)} already. Replace it?"


def listed_photo(name: str) -> str:
    """Return that a file of this name is not written, as it is one of the photos."""
    return f"{name} is one of the photos, which are never changed: choose another name"


def exported(path: Path, rows: int) -> str:
    """Return that a table was written, with how many rows and under which name."""
    return f"{rows} {'row' if rows == 1 else 'rows'} written to {path.name}."


def picture_saved(path: Path) -> str:
    """Return that a picture was written, and what is not in it."""
    return f"Picture written to {path.name}, without any data about the photo."


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
    return visible(display_name(name))


def score_line(name: str, score: float) -> str:
    """Return a score as a screen reader says it."""
    return f"{label(name)}: {percentage(score)}"


def verdict(value: str) -> str:
    """Return a verdict in a word or two."""
    return _VERDICTS[value]


def verdict_explained(value: str, model: ModelReady) -> str:
    """Return what a verdict rests on, and for a photo out of scope what to do."""
    threshold, right = _whole_percentage(model.confidence_threshold), _whole_percentage(model.confident_accuracy)
    return {
        "confident": (
            f"The highest score reaches this model’s threshold of {threshold}. Answers like this are meant to be right "
            f"in {right} of photos."
        ),
        "uncertain": (
            f"The highest score is below this model’s threshold of {threshold}, from which answers are meant to be "
            f"right in {right} of photos. Look at the other scores too."
        ),
        "out-of-scope": (
            "This photo is unlike those that the model was trained on, so its scores mean little. Do not rely on them: "
            "try a sharp photo that shows little but the skin. The model turns away "
            f"{_whole_percentage(model.false_rejection)} of the photos that it should know, too."
        ),
    }[value]


def zoom(scale: float) -> str:
    """Return a zoom as a percentage."""
    return f"{round(scale * 100)}{_NO_BREAK_SPACE}%"


def choice(name: str) -> str:
    """Return what choosing a label does."""
    return f"Show where the model looked for {label(name).lower()}"


def overlay_tip(session: Session) -> str:
    """Return what showing where the model looked does, or why it cannot be shown."""
    model = session.model
    if isinstance(model, ModelLoading | ModelMissing):
        return "There is no model yet that could say where it looked"
    if not model.gives_maps:
        return (
            "This model does not say where it looked: it was made without activation maps. Train it again to have them"
        )
    if session.shown is Shown.FAILURE:
        return "The model saw no picture here"
    if session.photo is None or session.photo.prediction is None:
        return "Open a photo to see where the model looked"
    return "Colour the places that add to a class’s score (M)"


def legend(session: Session) -> str:
    """Return what the colours over the photo mean; empty where there are and will be none."""
    if session.explained is None:
        return ""
    name = label(session.explained)
    if session.unexplained is not None:
        path = None if session.photo is None else session.photo.path
        return f"{name}: {reason(session.unexplained, path)}"
    if session.overlay is None:
        return f"{name}: finding out where the model looked…"
    if not session.overlay.speaks:
        return f"{name}: no place of this photo adds to this class’s score"
    return f"{name}: coloured places add to this class’s score"


def model_title(facts: ModelFacts) -> str:
    """Return the heading of what there is to say about a model."""
    return _identity(facts.identity)


def model_facts(facts: ModelFacts) -> tuple[tuple[str, str], ...]:
    """Return what there is to say about a model, each with its name."""
    origin = facts.provenance
    made = datetime.fromisoformat(origin.created_at)
    photos = ", ".join(f"{count} {subset}" for subset, count in origin.photos.items())
    licences = "; ".join(f"{licence} ({count})" for licence, count in origin.licences.items())
    return (
        ("Classes", ", ".join(label(name) for name in facts.labels)),
        ("Made", f"{made:%Y-%m-%d %H:%M} UTC by acnelib {origin.code}"),
        ("Network", f"{origin.backbone}, weights {origin.weights}"),
        ("Drawn pictures" if facts.identity.drawn else "Photos", f"{photos}, from {origin.source}"),
        ("Licences", licences or "none stated"),
        ("Test", _measured(facts.metrics)),
        ("Bundle", facts.identity.sha256),
    )


def licence_warning(facts: ModelFacts) -> str:
    """Return what whoever publishes or sells a model must know; empty where there is nothing."""
    if not facts.licence_warnings:
        return ""
    return f"Before it is published or sold: {'; '.join(facts.licence_warnings)}."


def _measured(metrics: Measured | None) -> str:
    if metrics is None:
        return "its bundle does not say how good it was on test photos"
    low, high = metrics.interval
    interval = f"95{_NO_BREAK_SPACE}% interval {low:.2f}–{high:.2f}" if low < high else "all photos alike: no interval"
    return f"macro-F1 {metrics.macro_f1:.2f} ({interval}), accuracy {metrics.accuracy:.2f}, on {metrics.photos} photos"


def _whole_percentage(share: float) -> str:
    return f"{round(share * 100)}{_NO_BREAK_SPACE}%"


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
