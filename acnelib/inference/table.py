"""CSV format of predictions, for the command line and the app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acnelib.inference.prediction import Prediction

_BLANK = r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*"  # characters that a spreadsheet may strip before a formula
_FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"  # with full-width forms, which some spreadsheets treat alike
_BEGINS_BADLY = re.compile(rf"[\t\r\n]|{_BLANK}{_FORMULA}")
# Places within a cell where a spreadsheet that expects semicolons would begin another cell.
_ANOTHER_CELL = re.compile(rf"(?<=[;\r\n])(?={_BLANK}{_FORMULA})")
_NEEDS_QUOTES = re.compile(r'[",;\t\r\n]|^\s|\s$')


def head(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that :func:`cells` fills."""
    answer = ("path", "sha256", "label", "confidence", "verdict", "quality")
    return (
        *answer,
        "threshold",
        "threshold_from",
        "model",
        "version",
        "model_sha256",
        "model_drawn",
        "error",
        *score_names(labels),
    )


def cells(prediction: Prediction, labels: Sequence[str]) -> tuple[object, ...]:
    """Return a prediction's cells, in the order of :func:`head`."""
    model = prediction.model
    answer = (prediction.path, prediction.sha256, prediction.label, prediction.confidence, prediction.verdict)
    quality = joined(prediction.quality) if prediction.error is None else None
    threshold = prediction.threshold
    judged = (None, None) if threshold is None else (threshold.value, str(threshold.origin))
    identity = (model.name, model.version, model.sha256, yes_or_no(model.drawn))
    return (*answer, quality, *judged, *identity, prediction.error, *scores(prediction, labels))


def yes_or_no(value: bool) -> str:  # noqa: FBT001
    """Return a boolean as ``true`` or ``false``, which every program can read."""
    return "true" if value else "false"


def score_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns of scores."""
    return tuple(f"score_{label}" for label in labels)


def scores(prediction: Prediction, labels: Sequence[str]) -> tuple[float | None, ...]:
    """Return the score of each label; None for a missing score."""
    return tuple(prediction.scores.get(label) for label in labels)


def joined(quality: Iterable[str]) -> str:
    """Return quality problems as one cell."""
    return ";".join(quality)


def line(values: Iterable[object]) -> str:
    """Return cells as a line of CSV; None is empty, and no text is evaluated as a formula."""
    return ",".join(map(_written, values)) + "\n"


def safe(text: str) -> str:
    """Escape a text, such as a file name, so that no spreadsheet evaluates it as a formula."""
    text = _ANOTHER_CELL.sub("'", text)
    return f"'{text}" if _BEGINS_BADLY.match(text) else text


def _written(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return repr(value)  # a number in full precision
    text = safe(value)
    return '"{}"'.format(text.replace('"', '""')) if _NEEDS_QUOTES.search(text) else text
