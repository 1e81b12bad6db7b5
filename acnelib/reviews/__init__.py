"""Reviews: what people say that photos really show, in files of their own.

A review file holds one line for each review (:class:`ReviewFile`). All lines together decide what a photo teaches
(:func:`decide`), and how far two reviewers agree (:func:`agreements`).
"""

from acnelib.reviews.agreement import Agreement, agreements
from acnelib.reviews.decisions import PhotoDecision, ReviewOutcome, decide, last_reviews
from acnelib.reviews.review import Review, ReviewedAnswer, ReviewVerdict
from acnelib.reviews.review_file import ReviewFile, read_reviews

__all__ = [
    "Agreement",
    "PhotoDecision",
    "Review",
    "ReviewFile",
    "ReviewOutcome",
    "ReviewVerdict",
    "ReviewedAnswer",
    "agreements",
    "decide",
    "last_reviews",
    "read_reviews",
]
