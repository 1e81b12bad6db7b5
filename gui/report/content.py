"""The content of a report, taken from a session or from the list of photos; without Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib import __version__
from gui.report import texts
from gui.state.results import verdict_at
from gui.state.session import ModelReady, Shown
from gui.state.wording import class_name, number, percentage, photo_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from acnelib.inference import Prediction
    from gui.state.overlay import Overlay
    from gui.state.results import Row
    from gui.state.session import DecodedPicture, Session


@dataclass(frozen=True, kw_only=True)
class PhotoReport:
    """One photo.

    Attributes:
        title: The name of its file.
        picture: Its pixels.
        overlay: What is laid over them on the screen; None where nothing is.
        overlay_opacity: Of the overlay, 0–1.
        overlay_caption: What the overlay shows.
        verdict: The verdict in words.
        answer: The class with the highest score.
        scores: Classes with their scores (0–1), the highest first.
        facts: Names and values below the scores.
    """

    title: str
    picture: DecodedPicture
    overlay: Overlay | None
    overlay_opacity: float
    overlay_caption: str
    verdict: str
    answer: str
    scores: tuple[tuple[str, float], ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BatchReport:
    """The listed photos.

    Attributes:
        counts: Headings with the number of photos of each class, verdict or state, the most frequent first.
        lines: For each photo its name, class, score and verdict, or its error, in the order of the list.
        facts: Names and values about the model.
    """

    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    lines: tuple[tuple[str, str, str, str], ...]
    facts: tuple[tuple[str, str], ...]


def photo_report(session: Session, *, at: datetime) -> PhotoReport | None:
    """Return the report of the open photo; None unless its answer can be seen.

    Args:
        session: The session.
        at: The time of the report.
    """
    photo, model = session.photo, session.model
    if session.shown is not Shown.ANSWER or session.answer_hidden or not isinstance(model, ModelReady):
        return None
    if photo is None or photo.picture is None or photo.prediction is None or photo.prediction.label is None:
        return None
    answer = photo.prediction
    threshold = session.threshold if session.threshold is not None else model.confidence_threshold
    facts = [
        (texts.SIZE, "{} × {}".format(*photo.picture.size)),
        (texts.SHA256, photo.picture.sha256),
        (texts.QUALITY, photo_problems(answer.quality) or texts.NO_PROBLEM),
        (texts.THRESHOLD, texts.threshold(threshold, model=model, of_user=session.threshold is not None)),
        *_about_model(answer, at=at),
    ]
    if model.measured:
        facts.append((texts.MEASURED, model.measured))
    return PhotoReport(
        title=photo.path.name,
        picture=photo.picture.pixels,
        overlay=None if session.overlay is None or session.overlay.is_empty else session.overlay,
        overlay_opacity=session.opacity,
        overlay_caption=texts.overlay(session.explained),
        verdict=texts.verdict(verdict_at(answer, session.threshold)),
        answer=class_name(photo.prediction.label),
        scores=tuple((class_name(label), score) for label, score in answer.top(len(answer.scores))),
        facts=tuple(facts),
    )


def batch_report(rows: Sequence[Row], *, threshold: float | None, at: datetime) -> BatchReport | None:
    """Return the report of the listed photos; None where none of them has an answer.

    Args:
        rows: The photos, in the order of the list.
        threshold: The user's threshold (0–1); None: the model's.
        at: The time of the report.
    """
    answers = [row.prediction for row in rows if row.prediction is not None and row.error is None]
    if not answers:
        return None
    counts = [
        (texts.VERDICTS, _counted(texts.verdict(verdict_at(answer, threshold)) for answer in answers)),
        (texts.CLASSES, _counted(class_name(answer.label or "") for answer in answers)),
    ]
    if states := _counted(texts.state(row) for row in rows if row.prediction is None or row.error is not None):
        counts.append((texts.WITHOUT_ANSWER, states))
    facts = [(texts.PHOTOS, number(len(rows)))]
    if threshold is not None:
        facts.append((texts.THRESHOLD, texts.own_threshold(threshold)))
    for answer in {answer.model: answer for answer in answers}.values():
        facts += _about_model(answer, at=at)
    return BatchReport(
        counts=tuple(counts),
        lines=tuple(_line(row, threshold) for row in rows),
        facts=tuple(dict.fromkeys(facts)),
    )


def _line(row: Row, threshold: float | None) -> tuple[str, str, str, str]:
    name, answer = row.path.name, row.prediction
    if answer is None or answer.label is None or answer.confidence is None:
        return name, texts.state(row), "", ""
    return name, class_name(answer.label), percentage(answer.confidence), texts.verdict(verdict_at(answer, threshold))


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(values).most_common())


def _about_model(answer: Prediction, *, at: datetime) -> list[tuple[str, str]]:
    return [
        (texts.MODEL, texts.model(answer.model)),
        (texts.MODEL_DIGEST, answer.model.sha256),
        (texts.MADE, texts.made(at, version=__version__)),
    ]
