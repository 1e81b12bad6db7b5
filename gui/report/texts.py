"""The texts of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.verdicts import ThresholdOrigin
from gui.state.results import RowState
from gui.state.wording import (
    APPLICATION,
    capitalized,
    class_within,
    error_text,
    model_name,
    verdict_name,
    whole_percentage,
    written_time,
)
from gui.translation import translate

if TYPE_CHECKING:
    from datetime import datetime

    from acnelib.inference import ModelIdentity
    from acnelib.verdicts import Verdict
    from gui.state.results import Row
    from gui.state.session import ModelReady

TITLE = translate("report", "{app} report").format(app=APPLICATION)

SCORES = translate("report", "Scores")
DETAILS = translate("report", "Details")
SIZE = translate("report", "Photo size")
SHA256 = translate("report", "SHA-256 of the photo")
QUALITY = translate("report", "Photo quality")
NO_PROBLEM = translate("report", "no problem found")
THRESHOLD = translate("report", "Threshold")
MODEL = translate("report", "Model")
MODEL_DIGEST = translate("report", "Checksum of the model")
MADE = translate("report", "Report made")
MEASURED = translate("report", "Measured on")
PHOTOS = translate("report", "Photos")
VERDICTS, CLASSES, WITHOUT_ANSWER = (
    translate("report", "Verdicts"),
    translate("report", "Classes"),
    translate("report", "Without an answer"),
)
PHOTO, CLASS, SCORE, VERDICT = (
    translate("report", "Photo"),
    translate("report", "Class"),
    translate("report", "Score"),
    translate("report", "Verdict"),
)


def verdict(value: Verdict | None) -> str:
    """Return a verdict in words."""
    return "" if value is None else capitalized(verdict_name(value))


def overlay(label: str | None) -> str:
    """Return what the coloured places show."""
    if label is None:
        return ""
    return translate("report", "Coloured: where the model looked for {name}").format(name=class_within(label))


def threshold(value: float, *, model: ModelReady, of_user: bool) -> str:
    """Return a threshold (0–1), and whose it is."""
    if of_user:
        return own_threshold(value)
    if value >= 1:
        return translate("report", "none: this model calls no answer confident")
    if model.threshold_origin is ThresholdOrigin.SITE:
        text = translate("report", "{threshold} (of this site)")
    else:
        text = translate("report", "{threshold} (of the model)")
    return text.format(threshold=whole_percentage(value))


def own_threshold(value: float) -> str:
    """Return the user's threshold (0–1)."""
    return translate("report", "{threshold} (set by the user)").format(threshold=whole_percentage(value))


def state(row: Row) -> str:
    """Return in words why a photo has no answer."""
    if row.state is RowState.PENDING:
        return translate("report", "not classified yet")
    if row.state is RowState.HIDDEN:
        return translate("report", "hidden until it is reviewed")
    return error_text(row.error or "", row.path)


def model(identity: ModelIdentity) -> str:
    """Return which model answered."""
    name = model_name(identity)
    return translate("report", "{name}, trained on drawn pictures only").format(name=name) if identity.drawn else name


def made(at: datetime, *, version: str) -> str:
    """Return when, and by which version of the program."""
    text = translate("report", "{time} by {app} {version}")
    return text.format(time=written_time(at), app=APPLICATION, version=version)


def page(number: int, *, of: int) -> str:
    """Return the number of a page."""
    return translate("report", "{number} of {pages}").format(number=number, pages=of)
