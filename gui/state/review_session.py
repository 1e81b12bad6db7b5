"""The review session: who reviews, what is hidden from them, and what they have reviewed; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.inference import Prediction
    from acnelib.reviews import Agreement, Review, ReviewVerdict


LONGEST_NAME = 60
"""Characters of a reviewer's pseudonym."""


class QueueOrder(StrEnum):
    """The order in which photos are reviewed."""

    LISTED = "listed"
    LEAST_CERTAIN = "least-certain"
    DISAGREEMENTS = "disagreements"
    RANDOM = "random"


@dataclass(frozen=True, kw_only=True)
class ReviewSubject:
    """A photo that is reviewed.

    Attributes:
        sha256: SHA-256 of its file.
        prediction: The model's answer, seen or not; None where there is none yet.
    """

    sha256: str
    prediction: Prediction | None = None


@dataclass(frozen=True, kw_only=True)
class MadeReview:
    """A review that was made.

    Attributes:
        review: The review.
        before: The same reviewer's review of the photo before; None where there was none.
    """

    review: Review
    before: Review | None


@dataclass(frozen=True, kw_only=True)
class PairAgreement:
    """How far the reviewer and another one agree.

    Attributes:
        agreement: Photos and kappa.
        blind: Whether only reviews count that were made without the model's answer in sight; where there are none for
            both, all count.
    """

    agreement: Agreement
    blind: bool


class ReviewSession:
    """The reviews of all reviewers, and the one who reviews now. Belongs to the UI thread.

    Attributes:
        is_on: Whether photos are being reviewed.
        wants_blind: Whether answers are hidden until the reviewer has reviewed the photo.
        reviewer: Pseudonym of the reviewer; empty without one.
        order: The order of the queue.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.wants_blind = False
        self.reviewer = ""
        self.order = QueueOrder.LISTED
        self._last: dict[str, dict[str, Review]] = {}  # by hash, then by reviewer
        self._shown: set[tuple[str, str]] = set()  # reviewer, hash
        self._made: list[tuple[MadeReview, ...]] = []
        self._unwritten: list[MadeReview] = []

    @property
    def has_reviews(self) -> bool:
        """Whether any photo was reviewed by anyone."""
        return bool(self._last)

    @property
    def can_undo(self) -> bool:
        """Whether a review of this session can be undone."""
        return bool(self._made)

    def load(self, last: Mapping[str, Mapping[str, Review]]) -> None:
        """Take the last reviews of a file, by hash and reviewer, in place of all; none of them can be undone."""
        self._last = {sha256: dict(by_reviewer) for sha256, by_reviewer in last.items()}
        self._made.clear()

    def own(self, sha256: str | None) -> Review | None:
        """Return the reviewer's review of a photo; None where there is none."""
        return self._last.get(sha256 or "", {}).get(self.reviewer)

    def others(self, sha256: str | None) -> tuple[Review, ...]:
        """Return the reviews of other reviewers, by pseudonym; none where this reviewer is not to know them yet."""
        if self._is_kept_from_reviewer(sha256):
            return ()
        by_reviewer = self._last.get(sha256 or "", {})
        return tuple(by_reviewer[name] for name in sorted(by_reviewer) if name != self.reviewer)

    def all_of(self, sha256: str | None) -> tuple[Review, ...]:
        """Return the reviews of a photo by all reviewers, hidden or not."""
        return tuple(self._last.get(sha256 or "", {}).values())

    def hides(self, sha256: str | None) -> bool:
        """Tell whether the answer to a photo is hidden from the reviewer; there is none without a hash."""
        return sha256 is not None and self._is_kept_from_reviewer(sha256)

    def note_shown(self, sha256: str | None) -> None:
        """Take note that the answer to a photo is on the screen."""
        if sha256 is not None:
            self._shown.add((self.reviewer, sha256))

    def is_blind(self, subject: ReviewSubject) -> bool:
        """Tell whether a review made now would be blind: its answer is hidden or not there, and never was shown.

        What was shown while no reviewer was named counts as shown to all of them.
        """
        was_shown = not self._shown.isdisjoint({(self.reviewer, subject.sha256), ("", subject.sha256)})
        return not was_shown and (subject.prediction is None or self.hides(subject.sha256))

    def review(
        self, subjects: Sequence[ReviewSubject], verdict: ReviewVerdict, *, label: str | None = None
    ) -> tuple[MadeReview, ...]:
        """Review photos, all alike, and return the reviews, which are undone together."""
        return self._make([(subject, verdict, label) for subject in subjects])

    def agree(self, subjects: Sequence[ReviewSubject]) -> tuple[MadeReview, ...]:
        """Review photos as the model has answered, and return the reviews; see :meth:`can_agree`."""
        from acnelib.reviews import ReviewVerdict

        answers = [(one, None if one.prediction is None else one.prediction.label) for one in subjects]
        return self._make([(one, ReviewVerdict.CLASS, label) for one, label in answers if label is not None])

    def can_agree(self, subject: ReviewSubject) -> bool:
        """Tell whether there is a visible answer to agree with. What is out of scope shows no class of the model's."""
        answer = subject.prediction
        if answer is None or answer.label is None or answer.verdict == "out-of-scope":
            return False
        return not self.hides(subject.sha256)

    def undo(self) -> tuple[MadeReview, ...]:
        """Take back the last reviews that were made together, and return them, the last one first."""
        if not self._made:
            return ()
        undone = self._made.pop()[::-1]
        for made in undone:
            self._put_back(made)
        return undone

    def unwritten(self, made: MadeReview) -> None:
        """Take back a review that could not be written; it cannot be undone any more."""
        self._unwritten.append(made)
        if self._last.get(made.review.sha256, {}).get(made.review.reviewer) is made.review:
            self._put_back(made)
        rest = (tuple(one for one in together if one is not made) for together in self._made)
        self._made = [together for together in rest if together]

    def not_undone(self, made: MadeReview) -> None:
        """Count a review again whose line could not be taken back; not one that has no line."""
        if any(one is made for one in self._unwritten):
            return
        self._put(made.review)

    def all_reviews(self) -> dict[str, dict[str, Review]]:
        """Return the last reviews by hash and reviewer as they are now, which later reviews do not change."""
        return dict(self._last)

    def shared_reviews(self) -> tuple[Review, ...]:
        """Return the reviews of all photos that the reviewer and others reviewed, for :func:`agreements_of`."""
        shared = (each for each in self._last.values() if len(each) > 1 and self.reviewer in each)
        return tuple(review for by_reviewer in shared for review in by_reviewer.values())

    def _is_kept_from_reviewer(self, sha256: str | None) -> bool:
        return self.is_on and self.wants_blind and self.own(sha256) is None

    def _make(self, opinions: Sequence[tuple[ReviewSubject, ReviewVerdict, str | None]]) -> tuple[MadeReview, ...]:
        made = tuple(self._made_review(*each) for each in {one[0].sha256: one for one in opinions}.values())
        for one in made:
            self._put(one.review)
        if made:
            self._made.append(made)
        return made

    def _made_review(self, subject: ReviewSubject, verdict: ReviewVerdict, label: str | None) -> MadeReview:
        from acnelib.reviews import Review, ReviewedAnswer

        answer, model = subject.prediction, None
        if answer is not None and answer.label is not None and answer.confidence is not None:
            model = ReviewedAnswer(sha256=answer.model.sha256, label=answer.label, confidence=float(answer.confidence))
        review = Review.now(
            subject.sha256,
            verdict,
            label=label,
            reviewer=self.reviewer,
            blind=self.is_blind(subject),
            model=model,
        )
        return MadeReview(review=review, before=self.own(subject.sha256))

    def _put(self, review: Review) -> None:
        # The reviews of a photo are replaced, not changed: a worker may be looking at those before.
        self._last[review.sha256] = {**self._last.get(review.sha256, {}), review.reviewer: review}

    def _put_back(self, made: MadeReview) -> None:
        if made.before is not None:
            self._put(made.before)
            return
        sha256, reviewer = made.review.sha256, made.review.reviewer
        rest = {name: review for name, review in self._last.get(sha256, {}).items() if name != reviewer}
        if rest:
            self._last[sha256] = rest
        else:
            self._last.pop(sha256, None)


def agreements_of(reviewer: str, reviews: Sequence[Review]) -> tuple[PairAgreement, ...]:
    """Return how far a reviewer agrees with each other one; blind reviews alone count where both have some.

    Takes a moment for thousands of reviews: for a worker.
    """
    from acnelib.reviews import agreements

    blind = {one.reviewers: one for one in agreements(reviews, blind_only=True)}
    pairs = (one for one in agreements(reviews) if reviewer in one.reviewers)
    return tuple(PairAgreement(agreement=blind.get(one.reviewers, one), blind=one.reviewers in blind) for one in pairs)
