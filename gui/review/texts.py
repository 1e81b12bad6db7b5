"""The texts about reviews: questions, keys, progress and agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.review_session import QueueOrder
from gui.state.wording import CANNOT_TELL, NO_NAME, NONE_OF_THESE, class_name, decimal, error_text, number, photos
from gui.translation import translate

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.review_queue import ReviewProgress
    from gui.state.review_session import PairAgreement

REVIEW = translate("review", "Review")
NONE, UNSURE = NONE_OF_THESE, CANNOT_TELL
NONE_EXPLAINED = translate(
    "review", "The photo shows none of these classes. A training takes it as a background photo."
)
UNSURE_EXPLAINED = translate(
    "review", "You cannot tell what the photo shows. A training leaves it out, unless another reviewer can tell."
)
AGREE_EXPLAINED = translate("review", "The photo shows the class that the model names.")
UNDO = translate("review", "Undo")
UNDO_EXPLAINED = translate("review", "Take back the last review")
ENTER, UNDO_KEY, UNSURE_KEY, NONE_KEY = translate("review", "Enter"), translate("review", "Ctrl+Z"), "?", "0"
SELECTED = translate("review", "your review")
ORDER = translate("review", "Order")
ORDER_EXPLAINED = translate("review", "Which photo comes next after a review")
BLIND = translate("review", "Hide answers until reviewed")
BLIND_EXPLAINED = translate(
    "review",
    "Only reviews that you make without having seen the model’s answer are used to measure a model. Turn this on "
    "before you open the photos.",
)
REVIEWER = translate("review", "Reviewer")
REVIEWER_HINT = translate("review", "Pseudonym (optional)")
REVIEWER_EXPLAINED = translate(
    "review", "Tells your reviews from those of others. It is written with each review, so do not use your name."
)
FILE = "reviews.jsonl"

NO_REVIEWER = translate("review", "A pseudonym is one line of at most 60 visible characters.")
NOT_READY = translate("review", "This photo cannot be reviewed yet: wait until it has been read.")
NO_PHOTO = translate("review", "There is no photo to review. Open one first.")
ALL_REVIEWED = translate("review", "You have reviewed all of these photos.")
NO_DISAGREEMENT = translate("review", "There is no further disagreement in the list.")

_ORDERS = {
    QueueOrder.LISTED: translate("review", "As listed"),
    QueueOrder.LEAST_CERTAIN: translate("review", "Least certain first"),
    QueueOrder.DISAGREEMENTS: translate("review", "Disagreements only"),
    QueueOrder.RANDOM: translate("review", "Random sample"),
}


def order(which: QueueOrder) -> str:
    """Return an order of the queue in words."""
    return _ORDERS[which]


def nothing_follows(order: QueueOrder) -> str:
    """Return that the queue is at its end."""
    return NO_DISAGREEMENT if order is QueueOrder.DISAGREEMENTS else ALL_REVIEWED


def question(photos: int) -> str:
    """Return the question about one photo or a selection."""
    if photos <= 1:
        return translate("review", "What does this photo show?")
    return translate("review", "What do these {number} photos show?").format(number=number(photos))


def agree(photos: int, answer: str | None) -> str:
    """Return what agreeing means: with which answer, if that may be known."""
    if photos > 1:
        return translate("review", "Agree with each answer")
    if answer is None:
        return translate("review", "Agree with the answer")
    return translate("review", "Agree: {name}").format(name=class_name(answer))


def progress(of: ReviewProgress) -> str:
    """Return how many photos are reviewed."""
    text = translate("review", "{reviewed} of {total} reviewed")
    return text.format(reviewed=number(of.reviewed), total=number(of.total))


def spoken_key(name: str, key: str) -> str:
    """Return the words of a button and its key as a screen reader reads them."""
    return translate("review", "{name}, key {key}").format(name=name, key=key) if key else name


def agreement(pair: PairAgreement) -> str:
    """Return how far two reviewers agree."""
    found = pair.agreement
    one, other = (visible(name) or NO_NAME for name in found.reviewers)
    if found.kappa is None:
        kappa = translate("review", "not defined yet")
    else:
        kappa = decimal(found.kappa, digits=2).replace("-", "−")
    if pair.blind:
        text = translate("review", "{one} and {other}: Cohen’s κ\u00a0{kappa} on {photos}, reviewed blind")
    else:
        text = translate(
            "review", "{one} and {other}: Cohen’s κ\u00a0{kappa} on {photos}, some reviewed with the answer in sight"
        )
    return text.format(one=one, other=other, kappa=kappa, photos=photos(found.photos))


def cannot_agree(photos: int, *, hidden: bool) -> str:
    """Return why there is nothing to agree with."""
    if hidden:
        return translate(
            "review", "The answer is hidden until you have reviewed the photo, so there is nothing to agree with yet."
        )
    if photos > 1:
        return translate(
            "review", "Not every selected photo has an answer within the model’s scope. Choose a class instead."
        )
    return translate(
        "review",
        "There is no answer within the model’s scope to agree with. Choose a class, or press 0 or ?.",
    )


def not_read(reason: str) -> str:
    """Return that the reviews cannot be read, and that nothing was changed."""
    text = translate("review", "{reason}. Nothing has been changed or added.")
    return text.format(reason=error_text(reason))


def not_written(reason: str) -> str:
    """Return that a review was not stored."""
    return translate("review", "The review was not stored: {reason}").format(reason=error_text(reason))


def not_undone(reason: str) -> str:
    """Return that a review was not taken back."""
    return translate("review", "The review was not taken back: {reason}").format(reason=error_text(reason))


def stored_in(path: Path) -> str:
    """Return where reviews are stored from now on."""
    return translate("review", "Your reviews are stored in {path}. Only you can read that file.").format(path=path)
