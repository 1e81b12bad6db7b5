"""Decisions: what the reviews of all reviewers together say about each photo."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.reviews.review import ReviewVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.reviews.review import Review


class ReviewOutcome(StrEnum):
    """What becomes of a reviewed photo."""

    CLASS = "class"
    NONE = "none"
    UNSURE = "unsure"
    CONFLICT = "conflict"


@dataclass(frozen=True, kw_only=True)
class PhotoDecision:
    """What the reviews say about one photo.

    Attributes:
        outcome: Whether it shows a class or none, no one can tell, or reviewers disagree.
        label: The class that it shows; None for the other outcomes.
        blind: Whether a reviewer said so without having seen the model's answer. Only then may a model be judged by it.
        opinions: The last opinion of each reviewer, by pseudonym.
    """

    outcome: ReviewOutcome
    label: str | None = None
    blind: bool = False
    opinions: tuple[tuple[str, str], ...] = ()


def last_reviews(reviews: Iterable[Review]) -> dict[str, dict[str, Review]]:
    """Return the last review of each photo by each reviewer: by hash, then by pseudonym."""
    last: defaultdict[str, dict[str, Review]] = defaultdict(dict)
    for review in reviews:
        last[review.sha256][review.reviewer] = review
    return dict(last)


def decide(reviews: Iterable[Review]) -> dict[str, PhotoDecision]:
    """Return what the reviews say about each photo, by hash.

    A reviewer who cannot tell leaves the decision to the others. Reviewers who are sure of different things leave the
    photo undecided.
    """
    return {sha256: _decision(list(by_reviewer.values())) for sha256, by_reviewer in last_reviews(reviews).items()}


def _decision(reviews: list[Review]) -> PhotoDecision:
    opinions = tuple(sorted((review.reviewer, str(review.label or review.verdict)) for review in reviews))
    sure = [review for review in reviews if review.verdict is not ReviewVerdict.UNSURE]
    if not sure:
        return PhotoDecision(outcome=ReviewOutcome.UNSURE, opinions=opinions)
    if len({review.opinion for review in sure}) > 1:
        return PhotoDecision(outcome=ReviewOutcome.CONFLICT, opinions=opinions)
    return PhotoDecision(
        outcome=ReviewOutcome(str(sure[0].verdict)),
        label=sure[0].label,
        blind=any(review.blind for review in sure),
        opinions=opinions,
    )
