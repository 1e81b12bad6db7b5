"""The texts of the table of photos and of the bar below it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.batch import BatchState
from gui.state.results import RowState
from gui.state.results_filter import Column, RowKind, kind_of
from gui.state.wording import (
    NO_NAME,
    OWN_PICTURES,
    class_name,
    error_text,
    model_name,
    opinion,
    percentage,
    photo_quality,
    score_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.reviews import Review
    from gui.state.batch import Batch
    from gui.state.results import Row

PHOTOS = "Photos"
ALL_CLASSES = "All classes"
ALL_VERDICTS = "All verdicts"
CLASS_FILTER = "Filter by class"
VERDICT_FILTER = "Filter by verdict"
NAME_FILTER = "Filter by file name"
NAME_FILTER_EXPLAINED = "Show only photos whose file name contains this text"
NO_PHOTOS = "The photos that you open are listed here."
NO_MATCH = "No photo matches the filter."
CLEAR_FILTER = "Clear &filter"
SUMMARY = "Photos by verdict and class"
TEMPORARY = "Temporary"
PENDING = "Pending"
HIDDEN = "Hidden until reviewed"

PAUSE = "&Pause"
RESUME = "&Resume"
CANCEL = "&Cancel"
DISMISS = "&Dismiss"
PROGRESS = "Progress"

_COLUMNS = {
    Column.PHOTO: "Photo",
    Column.FOLDER: "Folder",
    Column.LABEL: "Class",
    Column.SCORE: "Score",
    Column.VERDICT: "Verdict",
    Column.REVIEW: "Review",
    Column.MODEL: "Model",
}
_SORTED_BY = {
    Column.PHOTO: "Sort by file name",
    Column.FOLDER: "Sort by folder",
    Column.LABEL: "Sort by class",
    Column.SCORE: "Sort by score",
    Column.VERDICT: "Sort by verdict",
    Column.REVIEW: "Sort by review",
    Column.MODEL: "Sort by model",
}
_KINDS = {
    RowKind.CONFIDENT: "Confident",
    RowKind.UNCERTAIN: "Uncertain",
    RowKind.OUT_OF_SCOPE: "Out of scope",
    RowKind.FAILED: "Failed",
    RowKind.PENDING: PENDING,
    RowKind.HIDDEN: "Hidden",
}


def column(which: Column) -> str:
    """Return the heading of a column."""
    return _COLUMNS[which]


def sorted_by(which: Column) -> str:
    """Return what a click on a heading does."""
    return _SORTED_BY[which]


def kind(which: RowKind) -> str:
    """Return a photo's outcome in a word or two."""
    return _KINDS[which]


def review(own: Review | None, others: Sequence[Review] = ()) -> str:
    """Return what a reviewer says about a photo, and what others say, each with the name; empty without reviews."""
    named = [f"{opinion(one)} ({visible(one.reviewer) or NO_NAME})" for one in others]
    return " · ".join(filter(None, ["" if own is None else opinion(own), *named]))


def folder(path: Path) -> str:
    """Return the name of a folder."""
    return TEMPORARY if path.name.startswith(OWN_PICTURES) else visible(path.name or str(path))


def cell(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return the text of a cell, but for the review; empty while there is none."""
    answer = row.prediction
    if which in {Column.PHOTO, Column.FOLDER}:
        return visible(row.path.name) if which is Column.PHOTO else folder(row.path.parent)
    if answer is None:
        return PENDING if which is Column.LABEL else ""
    if which is Column.MODEL:
        return model_name(answer.model)
    if which is Column.VERDICT:
        return kind(kind_of(row, threshold))
    if which is Column.LABEL:
        return class_name(str(answer.label)) if answer.error is None else _error_beside_name(answer.error, row.path)
    return "" if answer.confidence is None else percentage(answer.confidence)


def cell_tip(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return the tooltip of a cell, which has more room."""
    answer = row.prediction
    if which in {Column.PHOTO, Column.FOLDER}:
        return str(row.path if which is Column.PHOTO else row.path.parent)
    if answer is None:
        return ""
    if which is Column.MODEL:
        stage = f", {row.stage}" if row.stage else ""
        return f"{model_name(answer.model)}{stage}\nBundle {answer.model.sha256}"
    if row.state is RowState.FAILED:
        return error_text(str(answer.error), row.path)
    if which is Column.VERDICT:
        return "\n".join(filter(None, (kind(kind_of(row, threshold)), photo_quality(answer.quality))))
    return "\n".join(score_line(name, score) for name, score in answer.top(len(answer.scores)))


def cell_spoken(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return a cell as a screen reader reads it."""
    text = cell(row, which, threshold=threshold)
    if which is Column.PHOTO or not text:
        return text
    if which is Column.FOLDER:
        return f"{column(which)}: {text}"
    is_not_a_class = which is Column.LABEL and row.state is not RowState.ANSWERED
    return text if is_not_a_class else f"{column(which)}: {text}"


def _error_beside_name(error: str, path: Path) -> str:
    return visible(error_text(error_text(error, path).removeprefix(f"{path.name} ")))


def count(shown: int, total: int) -> str:
    """Return how many of the photos are listed."""
    return photos(total) if shown == total else f"{shown:,} of {photos(total)}"


def photos(number: int) -> str:
    """Return a number of photos."""
    return "1 photo" if number == 1 else f"{number:,} photos"


def number(value: int) -> str:
    """Return a number of photos without the word."""
    return f"{value:,}"


def summary_spoken(name: str, count: int) -> str:
    """Return a verdict or class with its number of photos, as a screen reader reads it."""
    return f"{name}: {photos(count)}"


def summary_tip(name: str, count: int, *, chosen: bool) -> str:
    """Return what pressing a verdict or class of the summary does."""
    return "List all photos again" if chosen else f"List only these {photos(count)}: {name}"


def more_bars(number: int) -> str:
    """Return the text of the button for the bars that have no room."""
    return f"+{number:,}"


def batch_line(batch: Batch) -> str:
    """Return the progress of a batch, or its outcome."""
    failed = f"{batch.failed:,} failed" if batch.failed else ""
    done = f"{batch.done:,} of {batch.total:,}"
    match batch.state:
        case BatchState.FINISHED:
            classified = f"{photos(batch.done - batch.failed)} classified"
            return f"{classified}, {failed}" if failed else classified
        case BatchState.CANCELLED:
            return " · ".join(filter(None, [f"Cancelled after {done} photos", failed]))
        case BatchState.STOPPED:
            return " · ".join(filter(None, [f"Stopped after {done} photos", failed, error_text(batch.reason)]))
        case BatchState.PAUSED:
            return " · ".join(filter(None, [done, failed, "paused"]))
        case _:
            left = "" if batch.seconds_left is None else time_left(batch.seconds_left)
            return " · ".join(filter(None, [done, failed, left]))


def time_left(seconds: float) -> str:
    """Return about how long the rest takes, no more exactly than can be known."""
    if seconds < 5:
        return "a few seconds left"
    if seconds <= 55:
        return f"about {math.ceil(seconds / 5) * 5} s left"
    if seconds <= 3_300:
        return f"about {math.ceil(seconds / 60)} min left"
    hours = math.ceil(seconds / 1_800) / 2
    return f"about {hours:g} h left"
