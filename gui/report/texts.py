"""The texts of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.verdicts import ThresholdOrigin
from gui.state.results import RowState
from gui.state.wording import (
    APPLICATION,
    capitalized,
    class_name,
    error_text,
    model_name,
    verdict_name,
    whole_percentage,
)

if TYPE_CHECKING:
    from datetime import datetime

    from acnelib.inference import ModelIdentity
    from acnelib.verdicts import Verdict
    from gui.state.results import Row
    from gui.state.session import ModelReady

TITLE = f"{APPLICATION} report"

SCORES = "Scores"
DETAILS = "Details"
SIZE = "Photo size"
SHA256 = "SHA-256 of the photo"
QUALITY = "Photo quality"
NO_PROBLEM = "no problem found"
THRESHOLD = "Threshold"
MODEL = "Model"
MODEL_DIGEST = "Checksum of the model"
MADE = "Report made"
MEASURED = "Measured on"
PHOTOS = "Photos"
VERDICTS, CLASSES, WITHOUT_ANSWER = "Verdicts", "Classes", "Without an answer"
PHOTO, CLASS, SCORE, VERDICT = "Photo", "Class", "Score", "Verdict"


def verdict(value: Verdict | None) -> str:
    """Return a verdict in words."""
    return "" if value is None else capitalized(verdict_name(value))


def overlay(label: str | None) -> str:
    """Return what the coloured places show."""
    return "" if label is None else f"Coloured: where the model looked for {class_name(label).lower()}"


def threshold(value: float, *, model: ModelReady, of_user: bool) -> str:
    """Return a threshold (0–1), and whose it is."""
    if of_user:
        return own_threshold(value)
    if value >= 1:
        return "none: this model calls no answer confident"
    whose = "of this site" if model.threshold_origin is ThresholdOrigin.SITE else "of the model"
    return f"{whole_percentage(value)} ({whose})"


def own_threshold(value: float) -> str:
    """Return the user's threshold (0–1)."""
    return f"{whole_percentage(value)} (set by the user)"


def state(row: Row) -> str:
    """Return in words why a photo has no answer."""
    if row.state is RowState.PENDING:
        return "not classified yet"
    if row.state is RowState.HIDDEN:
        return "hidden until it is reviewed"
    return error_text(row.error or "", row.path)


def model(identity: ModelIdentity) -> str:
    """Return which model answered."""
    return f"{model_name(identity)}, trained on drawn pictures only" if identity.drawn else model_name(identity)


def made(at: datetime, *, version: str) -> str:
    """Return when, and by which version of the program."""
    return f"{at:%Y-%m-%d %H:%M} by {APPLICATION} {version}"


def page(number: int, *, of: int) -> str:
    """Return the number of a page."""
    return f"{number} of {of}"
