"""Predictions as lines of CSV: the one place that does it, for the command line and for the app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acnelib.inference.prediction import Prediction

_BLANK = r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*"  # what a spreadsheet may throw away in front of a formula
_FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"  # the wide ones too: some spreadsheets take them for the others
_BEGINS_BADLY = re.compile(rf"[\t\r\n]|{_BLANK}{_FORMULA}")
# Where a spreadsheet that expects semicolons would begin another cell, within what is one cell here.
_ANOTHER_CELL = re.compile(rf"(?<=[;\r\n])(?={_BLANK}{_FORMULA})")
_NEEDS_QUOTES = re.compile(r'[",;\t\r\n]|^\s|\s$')


def head(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that :func:`cells` fills."""
    answer = ("path", "sha256", "label", "confidence", "verdict", "quality")
    return (*answer, "model", "version", "model_sha256", "model_drawn", "error", *score_names(labels))


def cells(prediction: Prediction, labels: Sequence[str]) -> tuple[object, ...]:
    """Return a prediction's cells, in the order of :func:`head`."""
    model = prediction.model
    answer = (prediction.path, prediction.sha256, prediction.label, prediction.confidence, prediction.verdict)
    quality = joined(prediction.quality) if prediction.error is None else None
    told = (model.name, model.version, model.sha256, yes_or_no(model.drawn))
    return (*answer, quality, *told, prediction.error, *scores(prediction, labels))


def yes_or_no(value: bool) -> str:  # noqa: FBT001
    """Return how a table says whether something is so: in letters, as every program reads them."""
    return "true" if value else "false"


def score_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns of scores."""
    return tuple(f"score_{label}" for label in labels)


def scores(prediction: Prediction, labels: Sequence[str]) -> tuple[float | None, ...]:
    """Return a prediction's score of each label; None where it has none."""
    return tuple(prediction.scores.get(label) for label in labels)


def joined(quality: Iterable[str]) -> str:
    """Return what makes a photo's scores less reliable as one cell."""
    return ";".join(quality)


def line(values: Iterable[object]) -> str:
    """Return cells as a line of CSV; None is empty, and no text in it can be run as a formula."""
    return ",".join(map(_written, values)) + "\n"


def safe(text: str) -> str:
    """Keep a spreadsheet from running a text, such as a file's name, as a formula."""
    text = _ANOTHER_CELL.sub("'", text)
    return f"'{text}" if _BEGINS_BADLY.match(text) else text


def _written(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)  # a number, in full
    text = safe(value)
    return '"{}"'.format(text.replace('"', '""')) if _NEEDS_QUOTES.search(text) else text
