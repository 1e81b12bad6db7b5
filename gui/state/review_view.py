"""The window as a reviewer sees it: the panel of reviews, and answers that are hidden; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.state.review_queue import NO_PROGRESS, ReviewProgress
from gui.state.review_session import QueueOrder
from gui.state.session import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.reviews import Review
    from gui.state.review_session import PairAgreement, ReviewSession, ReviewSubject
    from gui.state.session import Session


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """What the panel of reviews shows.

    Attributes:
        labels: The class labels that a photo may show, in the order of their keys.
        photos: How many photos the next review is about.
        own: The reviewer's review of the open photo.
        can_review: Whether there is a photo to review.
        can_agree: Whether there is a visible answer to agree with, of each photo.
        answer: The class label of that answer, where it is about one photo.
        can_undo: Whether a review can be taken back.
        progress: How many photos of the queue are reviewed.
        is_blind: Whether answers are hidden until their photos are reviewed.
        order: The order of the queue.
        reviewer: Pseudonym of the reviewer.
        agreements: How far the reviewer agrees with others.
    """

    labels: tuple[str, ...] = ()
    photos: int = 1
    own: Review | None = None
    can_review: bool = False
    can_agree: bool = False
    answer: str | None = None
    can_undo: bool = False
    progress: ReviewProgress = NO_PROGRESS
    is_blind: bool = False
    order: QueueOrder = QueueOrder.LISTED
    reviewer: str = ""
    agreements: tuple[PairAgreement, ...] = ()


def view_of(
    reviews: ReviewSession,
    subjects: Sequence[ReviewSubject],
    *,
    photos: int,
    labels: tuple[str, ...],
    progress: ReviewProgress,
    agreements: tuple[PairAgreement, ...],
) -> ReviewView:
    """Return what the panel shows of the photos that the next review is about.

    Args:
        reviews: The session.
        subjects: Those of the photos that can be reviewed.
        photos: How many photos there are.
        labels: The class labels that a photo may show.
        progress: How many photos of the queue are reviewed.
        agreements: How far the reviewer agrees with others.
    """
    can_agree = bool(subjects) and all(map(reviews.can_agree, subjects))
    answer = subjects[0].prediction if can_agree and photos == 1 else None
    return ReviewView(
        labels=labels,
        photos=photos,
        own=reviews.own(subjects[0].sha256) if subjects else None,
        can_review=bool(subjects),
        can_agree=can_agree,
        answer=None if answer is None else answer.label,
        can_undo=reviews.can_undo,
        progress=progress,
        is_blind=reviews.wants_blind,
        order=reviews.order,
        reviewer=reviews.reviewer,
        agreements=agreements,
    )


def with_hidden(session: Session, reviews: ReviewSession) -> Session:
    """Return a session with its answer hidden where the reviewer is not to see it; else the answer counts as shown."""
    sha256 = None if session.photo is None else session.photo.sha256
    session = session.with_answer_hidden(hidden=reviews.hides(sha256))
    if session.shown is Shown.ANSWER and not session.answer_hidden:
        reviews.note_shown(sha256)
    return session
