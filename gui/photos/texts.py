"""Every text of the table of photos and of the bar below it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.answer.texts import photo_quality
from gui.state.batch import BatchState
from gui.state.results import RowState
from gui.state.results_filter import Column, RowKind, kind_of
from gui.window import texts as window_texts

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.inference import ModelIdentity
    from gui.state.batch import Batch
    from gui.state.results import Row

PHOTOS = "Photos"
ALL_CLASSES = "All classes"
ALL_VERDICTS = "All verdicts"
CLASS_FILTER = "Show only this class"
VERDICT_FILTER = "Show only this verdict"
NAME_FILTER = "Part of a file name"
NAME_FILTER_EXPLAINED = "Show only photos with this in their file name"
NO_PHOTOS = "The photos that you open will be listed here."
NO_MATCH = "No photo matches the filter."
CLEAR_FILTER = "Clear the &filter"
WAITING = "Waiting for an answer"

PAUSE = "&Pause"
RESUME = "&Go on"
CANCEL = "&Cancel"
DISMISS = "&Close"
PROGRESS = "Progress of the photos"

_COLUMNS = {
    Column.PHOTO: "Photo",
    Column.LABEL: "Class",
    Column.SCORE: "Score",
    Column.VERDICT: "Verdict",
    Column.MODEL: "Model",
}
_SORTED_BY = {
    Column.PHOTO: "Sort by file name",
    Column.LABEL: "Sort by the class with the highest score",
    Column.SCORE: "Sort by the highest score",
    Column.VERDICT: "Sort by verdict",
    Column.MODEL: "Sort by the model that answered",
}
_KINDS = {
    RowKind.CONFIDENT: "Confident",
    RowKind.UNCERTAIN: "Uncertain",
    RowKind.OUT_OF_SCOPE: "Out of scope",
    RowKind.FAILED: "Failed",
    RowKind.WAITING: "Waiting",
}


def column(which: Column) -> str:
    """Return the heading of a column."""
    return _COLUMNS[which]


def sorted_by(which: Column) -> str:
    """Return what a click on a heading does."""
    return _SORTED_BY[which]


def kind(which: RowKind) -> str:
    """Return in a word or two what became of a photo."""
    return _KINDS[which]


def cell(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return what a cell of the table says; empty where there is nothing to say yet."""
    answer = row.prediction
    if which is Column.PHOTO:
        return visible(row.path.name)
    if answer is None:
        return WAITING if which is Column.LABEL else ""
    if which is Column.MODEL:
        return model_version(answer.model)
    if which is Column.VERDICT:
        return kind(kind_of(row, threshold))
    if which is Column.LABEL:
        return (
            window_texts.label(str(answer.label))
            if answer.error is None
            else visible(_reason_beside_name(answer.error, row.path))
        )
    return "" if answer.confidence is None else window_texts.percentage(answer.confidence)


def cell_tip(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return what a cell has no room for."""
    answer = row.prediction
    if which is Column.PHOTO:
        return str(row.path)
    if answer is None:
        return ""
    if which is Column.MODEL:
        stage = f", {row.stage}" if row.stage else ""
        return f"{model_version(answer.model)}{stage}\nBundle {answer.model.sha256}"
    if row.state is RowState.FAILED:
        return window_texts.reason(str(answer.error), row.path)
    if which is Column.VERDICT:
        return "\n".join(filter(None, (kind(kind_of(row, threshold)), photo_quality(answer.quality))))
    return "\n".join(window_texts.score_line(name, score) for name, score in answer.top(len(answer.scores)))


def cell_spoken(row: Row, which: Column, *, threshold: float | None) -> str:
    """Return a cell as a screen reader says it."""
    text = cell(row, which, threshold=threshold)
    if which is Column.PHOTO or not text:
        return text
    is_told_otherwise = which is Column.LABEL and row.state is not RowState.ANSWERED
    return text if is_told_otherwise else f"{column(which)}: {text}"


def model_version(identity: ModelIdentity) -> str:
    """Return which model answered, as short as it can be said."""
    if identity.version is not None:
        return f"{identity.name}, version {identity.version}"
    # A cached bundle's folder is called by its digest, of which the beginning tells enough.
    return f"{identity.name[:12] if identity.name == identity.sha256 else identity.name} (folder)"


def _reason_beside_name(error: str, path: Path) -> str:
    named = window_texts.reason(error, path)
    return window_texts.reason(named.removeprefix(f"{path.name} "))


def count(shown: int, total: int) -> str:
    """Return how many photos are listed, and of how many."""
    return photos(total) if shown == total else f"{shown:,} of {photos(total)}"


def photos(number: int) -> str:
    """Return a number of photos."""
    return "1 photo" if number == 1 else f"{number:,} photos"


def batch_line(batch: Batch) -> str:
    """Return how far many photos have come, or what became of them."""
    failed = f"{batch.failed:,} failed" if batch.failed else ""
    done = f"{batch.done:,} of {batch.total:,}"
    match batch.state:
        case BatchState.FINISHED:
            answered = f"{photos(batch.done - batch.failed)} answered"
            return f"{answered}, {failed}" if failed else answered
        case BatchState.CANCELLED:
            return " · ".join(filter(None, [f"Cancelled after {done} photos", failed]))
        case BatchState.STOPPED:
            return " · ".join(filter(None, [f"Stopped after {done} photos", failed, window_texts.reason(batch.reason)]))
        case BatchState.PAUSED:
            return " · ".join(filter(None, [done, failed, "paused"]))
        case _:
            left = "" if batch.seconds_left is None else time_left(batch.seconds_left)
            return " · ".join(filter(None, [done, failed, left]))


def time_left(seconds: float) -> str:
    """Return about how long it still takes; no more exactly than anybody can know it."""
    if seconds < 5:
        return "a few seconds left"
    if seconds <= 55:
        return f"about {math.ceil(seconds / 5) * 5} s left"
    if seconds <= 3_300:
        return f"about {math.ceil(seconds / 60)} min left"
    hours = math.ceil(seconds / 1_800) / 2
    return f"about {hours:g} h left"
