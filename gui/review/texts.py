"""The texts about reviews: questions, keys, progress and agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.review_session import QueueOrder
from gui.state.wording import CANNOT_TELL, NO_BREAK_SPACE, NO_NAME, NONE_OF_THESE, class_name, error_text

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.review_queue import ReviewProgress
    from gui.state.review_session import PairAgreement

REVIEW = "Review"
NONE, UNSURE = NONE_OF_THESE, CANNOT_TELL
NONE_EXPLAINED = "The photo shows none of these classes. A training takes it as a background photo."
UNSURE_EXPLAINED = "You cannot tell what the photo shows. A training leaves it out, unless another reviewer can tell."
AGREE_EXPLAINED = "The photo shows the class that the model names."
UNDO = "Undo"
UNDO_EXPLAINED = "Take back the last review"
ENTER, UNDO_KEY, UNSURE_KEY, NONE_KEY = "Enter", "Ctrl+Z", "?", "0"
SELECTED = "your review"
ORDER = "Order"
ORDER_EXPLAINED = "Which photo comes next after a review"
BLIND = "Hide answers until reviewed"
BLIND_EXPLAINED = (
    "Only reviews that you make without having seen the model’s answer are used to measure a model. Turn this on "
    "before you open the photos."
)
REVIEWER = "Reviewer"
REVIEWER_HINT = "Pseudonym (optional)"
REVIEWER_EXPLAINED = "Tells your reviews from those of others. It is written with each review, so do not use your name."
FILE = "reviews.jsonl"

NO_REVIEWER = "A pseudonym is one line of at most 60 visible characters."
NOT_READY = "This photo cannot be reviewed yet: wait until it has been read."
NO_PHOTO = "There is no photo to review. Open one first."
ALL_REVIEWED = "You have reviewed all of these photos."
NO_DISAGREEMENT = "There is no further disagreement in the list."

_ORDERS = {
    QueueOrder.LISTED: "As listed",
    QueueOrder.LEAST_CERTAIN: "Least certain first",
    QueueOrder.DISAGREEMENTS: "Disagreements only",
    QueueOrder.RANDOM: "Random sample",
}


def order(which: QueueOrder) -> str:
    """Return an order of the queue in words."""
    return _ORDERS[which]


def nothing_follows(order: QueueOrder) -> str:
    """Return that the queue is at its end."""
    return NO_DISAGREEMENT if order is QueueOrder.DISAGREEMENTS else ALL_REVIEWED


def question(photos: int) -> str:
    """Return the question about one photo or a selection."""
    return "What does this photo show?" if photos <= 1 else f"What do these {photos:,} photos show?"


def agree(photos: int, answer: str | None) -> str:
    """Return what agreeing means: with which answer, if that may be known."""
    if photos > 1:
        return "Agree with each answer"
    return "Agree with the answer" if answer is None else f"Agree: {class_name(answer)}"


def progress(of: ReviewProgress) -> str:
    """Return how many photos are reviewed."""
    return f"{of.reviewed:,} of {of.total:,} reviewed"


def spoken_key(name: str, key: str) -> str:
    """Return the words of a button and its key as a screen reader reads them."""
    return f"{name}, key {key}" if key else name


def agreement(pair: PairAgreement) -> str:
    """Return how far two reviewers agree."""
    found = pair.agreement
    one, other = (visible(name) or NO_NAME for name in found.reviewers)
    photos = "1 photo" if found.photos == 1 else f"{found.photos:,} photos"
    kind = "reviewed blind" if pair.blind else "some reviewed with the answer in sight"
    kappa = "not defined yet" if found.kappa is None else f"{found.kappa:.2f}".replace("-", "−")
    return f"{one} and {other}: Cohen’s κ{NO_BREAK_SPACE}{kappa} on {photos}, {kind}"


def cannot_agree(photos: int, *, hidden: bool) -> str:
    """Return why there is nothing to agree with."""
    if hidden:
        return "The answer is hidden until you have reviewed the photo, so there is nothing to agree with yet."
    if photos > 1:
        return "Not every selected photo has an answer within the model’s scope. Choose a class instead."
    return "There is no answer within the model’s scope to agree with. Choose a class, or press 0 or ?."


def not_read(reason: str) -> str:
    """Return that the reviews cannot be read, and that nothing was changed."""
    return f"{error_text(reason)}. Nothing has been changed or added."


def not_written(reason: str) -> str:
    """Return that a review was not stored."""
    return f"The review was not stored: {error_text(reason)}"


def not_undone(reason: str) -> str:
    """Return that a review was not taken back."""
    return f"The review was not taken back: {error_text(reason)}"


def stored_in(path: Path) -> str:
    """Return where reviews are stored from now on."""
    return f"Your reviews are stored in {path}. Only you can read that file."
