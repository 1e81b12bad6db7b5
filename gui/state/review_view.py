"""The window as a reviewer sees it: the panel of reviews, and answers that are hidden; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.state.review_queue import NO_PROGRESS, ReviewProgress
from gui.state.review_session import QueueOrder
from gui.state.session import Shown

if TYPE_CHECKING:
    from acnelib.reviews import Review
    from gui.state.review_session import PairAgreement, ReviewSession
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


def with_hidden(session: Session, reviews: ReviewSession) -> Session:
    """Return a session with its answer hidden where the reviewer is not to see it; else the answer counts as shown."""
    sha256 = None if session.photo is None else session.photo.sha256
    session = session.with_answer_hidden(hidden=reviews.hides(sha256))
    if session.shown is Shown.ANSWER and not session.answer_hidden:
        reviews.note_shown(sha256)
    return session
