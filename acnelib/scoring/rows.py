"""The rows of the table: those of `acne predict --format csv`, one per picture, for both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.inference import Prediction, failure_message, table
from acnelib.scoring.store import is_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.inference import Classifier
    from acnelib.scoring.store import BucketReader

NUMBERS = ("confidence", "threshold")
NUMBERS_FROM = "score_"
Cell = str | float | None


def columns(labels: Sequence[str]) -> dict[str, type]:
    """Return the names of the columns in order, each with the type of its cells; any cell but the path may be null."""
    return {name: float if is_number(name) else str for name in table.head(labels)}


def is_number(column: str) -> bool:
    """Return whether a column holds numbers."""
    return column in NUMBERS or column.startswith(NUMBERS_FROM)


def row(prediction: Prediction, labels: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of one picture, in the order of :func:`columns`."""
    return tuple(_cell(value) for value in table.cells(prediction, labels))


def score(name: str, *, classifier: Classifier, reader: BucketReader) -> Prediction:
    """Classify a picture by its path or ``s3://BUCKET/KEY``; an unreadable one gives an error.

    Raises:
        StorageFailed: The whole bucket cannot be read.
    """
    try:
        if not is_key(name):
            return classifier.predict(Path(name))
        return replace(classifier.predict(reader.read(name)), path=name)
    except Exception as error:
        if reader.is_store_failure(error):
            raise
        return Prediction(path=name, sha256=None, model=classifier.identity, error=failure_message(error, name))


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, float):
        return value
    # A file name may contain bytes that are not text, which Parquet cannot store.
    return str(value).encode(errors="backslashreplace").decode()
