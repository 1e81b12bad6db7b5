"""The queue of photos to review: its order, what comes next, and the progress; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.state.results import RowState
from gui.state.review_session import QueueOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gui.state.results import Row
    from gui.state.review_session import ReviewSession

_SEED = "acnelib reviews 1"


@dataclass(frozen=True, kw_only=True)
class ReviewProgress:
    """How many photos of a queue the reviewer has reviewed.

    Attributes:
        reviewed: How many are reviewed.
        total: How many there are.
    """

    reviewed: int
    total: int


NO_PROGRESS = ReviewProgress(reviewed=0, total=0)


def hash_of(row: Row) -> str | None:
    """Return the hash of a photo's file; None while it is not known."""
    return None if row.prediction is None else row.prediction.sha256


def queue(rows: Iterable[Row], session: ReviewSession) -> tuple[Row, ...]:
    """Return the photos to review in the session's order; files without a picture are left out.

    The random order is the same for all reviewers and lists, so that its first photos are one and the same random
    sample. Photos without an answer come last where their order depends on it.
    """
    members = population(rows, session)
    if session.order is QueueOrder.LEAST_CERTAIN:
        return tuple(sorted(members, key=_confidence))
    return tuple(sorted(members, key=_lot)) if session.order is QueueOrder.RANDOM else members


def population(rows: Iterable[Row], session: ReviewSession) -> tuple[Row, ...]:
    """Return the photos of the queue, as they are listed."""
    able = (row for row in rows if row.state is not RowState.FAILED)
    if session.order is QueueOrder.DISAGREEMENTS:
        return tuple(row for row in able if is_disagreement(row, session))
    return tuple(able)


def is_disagreement(row: Row, session: ReviewSession) -> bool:
    """Tell whether reviewers are sure of different things, or of something else than a visible answer."""
    sha256 = hash_of(row)
    sure = {review.opinion for review in session.all_of(sha256)} - {"*unsure"}
    if len(sure) > 1:
        return True
    return row.prediction is not None and not session.hides(sha256) and bool(sure - {row.prediction.label})


def next_in(rows: Sequence[Row], session: ReviewSession, *, after: int | None) -> Row | None:
    """Return the photo that comes next in a queue: the next one without a review, from the start again at its end.

    Photos that disagree are reviewed already, so there simply the next one follows.

    Args:
        rows: The queue as it was before the last review.
        session: The session.
        after: Number of the last photo that was reviewed.
    """
    places = {row.number: place for place, row in enumerate(rows)}
    start = places.get(after, -1) + 1 if after is not None else 0
    if session.order is QueueOrder.DISAGREEMENTS:
        return rows[start] if start < len(rows) else None
    waiting = (row for row in (*rows[start:], *rows[:start]) if session.own(hash_of(row)) is None)
    return next((row for row in waiting if row.number != after), None)


def progress(rows: Sequence[Row], session: ReviewSession) -> ReviewProgress:
    """Return how many photos of a queue the reviewer has reviewed."""
    return ReviewProgress(reviewed=sum(session.own(hash_of(row)) is not None for row in rows), total=len(rows))


def _confidence(row: Row) -> float:
    confidence = None if row.prediction is None else row.prediction.confidence
    return 2.0 if confidence is None else confidence


def _lot(row: Row) -> tuple[bool, str]:
    import hashlib

    sha256 = hash_of(row)
    return sha256 is None, hashlib.sha256(f"{_SEED} {sha256}".encode()).hexdigest()
