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
    number,
    opinion,
    percentage,
    photo_quality,
    photos,
    score_line,
    stage_name,
    with_decimal_mark,
)
from gui.translation import translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.reviews import Review
    from gui.state.batch import Batch
    from gui.state.results import Row

PHOTOS = translate("photos", "Photos")
ALL_CLASSES = translate("photos", "All classes")
ALL_VERDICTS = translate("photos", "All verdicts")
CLASS_FILTER = translate("photos", "Filter by class")
VERDICT_FILTER = translate("photos", "Filter by verdict")
NAME_FILTER = translate("photos", "Filter by file name")
NAME_FILTER_EXPLAINED = translate("photos", "Show only photos whose file name contains this text")
NO_PHOTOS = translate("photos", "The photos that you open are listed here.")
NO_MATCH = translate("photos", "No photo matches the filter.")
CLEAR_FILTER = translate("photos", "Clear &filter")
SUMMARY = translate("photos", "Photos by verdict and class")
TEMPORARY = translate("photos", "Temporary")
PENDING = translate("photos", "Pending")
HIDDEN = translate("photos", "Hidden until reviewed")

PAUSE = translate("photos", "&Pause")
RESUME = translate("photos", "&Resume")
CANCEL = translate("photos", "&Cancel")
DISMISS = translate("photos", "&Dismiss")
PROGRESS = translate("photos", "Progress")

_COLUMNS = {
    Column.PHOTO: translate("photos", "Photo"),
    Column.FOLDER: translate("photos", "Folder"),
    Column.LABEL: translate("photos", "Class"),
    Column.SCORE: translate("photos", "Score"),
    Column.VERDICT: translate("photos", "Verdict"),
    Column.REVIEW: translate("photos", "Review"),
    Column.MODEL: translate("photos", "Model"),
}
_SORTED_BY = {
    Column.PHOTO: translate("photos", "Sort by file name"),
    Column.FOLDER: translate("photos", "Sort by folder"),
    Column.LABEL: translate("photos", "Sort by class"),
    Column.SCORE: translate("photos", "Sort by score"),
    Column.VERDICT: translate("photos", "Sort by verdict"),
    Column.REVIEW: translate("photos", "Sort by review"),
    Column.MODEL: translate("photos", "Sort by model"),
}
_KINDS = {
    RowKind.CONFIDENT: translate("photos", "Confident"),
    RowKind.UNCERTAIN: translate("photos", "Uncertain"),
    RowKind.OUT_OF_SCOPE: translate("photos", "Out of scope"),
    RowKind.FAILED: translate("photos", "Failed"),
    RowKind.PENDING: PENDING,
    RowKind.HIDDEN: translate("photos", "Hidden"),
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
        stage = f", {stage_name(row.stage)}" if row.stage else ""
        bundle = translate("photos", "Bundle {digest}").format(digest=answer.model.sha256)
        return f"{model_name(answer.model)}{stage}\n{bundle}"
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
    if shown == total:
        return photos(total)
    return translate("photos", "{shown} of {photos}").format(shown=number(shown), photos=photos(total))


def summary_spoken(name: str, count: int) -> str:
    """Return a verdict or class with its number of photos, as a screen reader reads it."""
    return f"{name}: {photos(count)}"


def summary_tip(name: str, count: int, *, chosen: bool) -> str:
    """Return what pressing a verdict or class of the summary does."""
    if chosen:
        return translate("photos", "List all photos again")
    return translate("photos", "List only these {photos}: {name}").format(photos=photos(count), name=name)


def more_bars(bars: int) -> str:
    """Return the text of the button for the bars that have no room."""
    return f"+{number(bars)}"


def batch_line(batch: Batch) -> str:
    """Return the progress of a batch, or its outcome."""
    failed = translate("photos", "{number} failed").format(number=number(batch.failed)) if batch.failed else ""
    done, total = number(batch.done), number(batch.total)
    progress = translate("photos", "{done} of {total}").format(done=done, total=total)
    match batch.state:
        case BatchState.FINISHED:
            good = photos(batch.done - batch.failed)
            classified = translate("photos", "{photos} classified").format(photos=good)
            return f"{classified}, {failed}" if failed else classified
        case BatchState.CANCELLED:
            cancelled = translate("photos", "Cancelled after {done} of {total} photos").format(done=done, total=total)
            return " · ".join(filter(None, [cancelled, failed]))
        case BatchState.STOPPED:
            stopped = translate("photos", "Stopped after {done} of {total} photos").format(done=done, total=total)
            return " · ".join(filter(None, [stopped, failed, error_text(batch.reason)]))
        case BatchState.PAUSED:
            return " · ".join(filter(None, [progress, failed, translate("photos", "paused")]))
        case _:
            left = "" if batch.seconds_left is None else time_left(batch.seconds_left)
            return " · ".join(filter(None, [progress, failed, left]))


def time_left(seconds: float) -> str:
    """Return about how long the rest takes, no more exactly than can be known."""
    if seconds < 5:
        return translate("photos", "a few seconds left")
    if seconds <= 55:
        return translate("photos", "about {number} s left").format(number=math.ceil(seconds / 5) * 5)
    if seconds <= 3_300:
        return translate("photos", "about {number} min left").format(number=math.ceil(seconds / 60))
    hours = math.ceil(seconds / 1_800) / 2
    return translate("photos", "about {number} h left").format(number=with_decimal_mark(f"{hours:g}"))
