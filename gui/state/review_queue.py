"""The queue of photos to review: its order, what comes next, and the progress; without Qt."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gui.state.results import RowState
from gui.state.review_session import QueueOrder

if TYPE_CHECKING:
    from collections.abc import Collection

    from gui.state.results import Row
    from gui.state.review_session import ReviewSession

_SEED = "acnelib reviews 1"


class ListedRows(Protocol):
    """The listed photos."""

    @property
    def version(self) -> int:
        """A number that changes with each photo and each answer."""

    def shown_rows(self) -> tuple[Row, ...]:
        """Return the photos as filtered and sorted."""


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


class ReviewQueue:
    """The photos to review, in the session's order, with what is known of each; files without a picture are left out.

    The random order is the same for all reviewers and lists, so that its first photos are one and the same random
    sample. Photos without an answer come last where their order depends on it.

    Thousands of photos are looked through only after the list has changed; a review changes what is known of its own
    photos alone (:meth:`update`).
    """

    def __init__(self, rows: ListedRows, session: ReviewSession) -> None:
        self._rows, self._session = rows, session
        self._key: tuple[object, ...] | None = None
        self._members: tuple[Row, ...] = ()
        self._places: dict[int, int] = {}  # by number
        self._of_photo: dict[str | None, list[int]] = {}  # places by hash
        self._is_wanted: list[bool] = []
        self._is_reviewed: list[bool] = []
        self._wanted = self._reviewed = 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """The photos of the queue."""
        self._look_through()
        return tuple(row for row, wanted in zip(self._members, self._is_wanted, strict=True) if wanted)

    @property
    def progress(self) -> ReviewProgress:
        """How many photos of the queue the reviewer has reviewed."""
        self._look_through()
        return ReviewProgress(reviewed=self._reviewed, total=self._wanted)

    def forget(self) -> None:
        """Look through all photos again, after anything else than a few reviews."""
        self._key = None

    def update(self, photos: Collection[str]) -> None:
        """Learn of reviews of photos (their hashes) that were made, changed or taken back."""
        if self._key != self._state():
            return
        for place in (place for sha256 in photos for place in self._of_photo.get(sha256, ())):
            self._count(place, by=-1)
            self._know(place)
            self._count(place, by=1)

    def next_after(self, number: int | None) -> Row | None:
        """Return the photo that comes next: the next one without a review, from the start again at the end.

        Photos that disagree are reviewed already, so there simply the next one follows.

        Args:
            number: Number of the last photo that was reviewed; None: from the start.
        """
        self._look_through()
        start = 0 if number is None else self._places.get(number, -1) + 1
        end = len(self._members)
        if self._session.order is QueueOrder.DISAGREEMENTS:
            found = (place for place in range(start, end) if self._is_wanted[place])
        else:
            found = (place for part in ((start, end), (0, start)) for place in range(*part) if self._waits(place))
        rows = (self._members[place] for place in found)
        return next((row for row in rows if row.number != number), None)

    def _waits(self, place: int) -> bool:
        return self._is_wanted[place] and not self._is_reviewed[place]

    def _state(self) -> tuple[object, ...]:
        session = self._session
        return self._rows.version, session.order, session.reviewer, session.is_on, session.wants_blind

    def _look_through(self) -> None:
        state = self._state()
        if state == self._key:
            return
        members = [row for row in self._rows.shown_rows() if row.state is not RowState.FAILED]
        if self._session.order is QueueOrder.LEAST_CERTAIN:
            members.sort(key=_confidence)
        elif self._session.order is QueueOrder.RANDOM:
            members.sort(key=_lot)
        self._key, self._members = state, tuple(members)
        self._places = {row.number: place for place, row in enumerate(members)}
        of_photo: defaultdict[str | None, list[int]] = defaultdict(list)
        for place, row in enumerate(members):
            of_photo[hash_of(row)].append(place)
        self._of_photo = dict(of_photo)
        self._is_wanted, self._is_reviewed = [False] * len(members), [False] * len(members)
        for place in range(len(members)):
            self._know(place)
        self._wanted = sum(self._is_wanted)
        both = zip(self._is_wanted, self._is_reviewed, strict=True)
        self._reviewed = sum(wanted and reviewed for wanted, reviewed in both)

    def _know(self, place: int) -> None:
        row, session = self._members[place], self._session
        self._is_wanted[place] = session.order is not QueueOrder.DISAGREEMENTS or is_disagreement(row, session)
        self._is_reviewed[place] = session.own(hash_of(row)) is not None

    def _count(self, place: int, *, by: int) -> None:
        if self._is_wanted[place]:
            self._wanted += by
            self._reviewed += by * self._is_reviewed[place]


def is_disagreement(row: Row, session: ReviewSession) -> bool:
    """Tell whether reviewers are sure of different things, or of something else than a visible answer."""
    sha256 = hash_of(row)
    reviews = session.all_of(sha256)
    if not reviews:
        return False
    sure = {review.opinion for review in reviews} - {"*unsure"}
    if len(sure) > 1:
        return True
    return row.prediction is not None and not session.hides(sha256) and bool(sure - {row.prediction.label})


def _confidence(row: Row) -> float:
    confidence = None if row.prediction is None else row.prediction.confidence
    return 2.0 if confidence is None else confidence


def _lot(row: Row) -> tuple[bool, str]:
    sha256 = hash_of(row)
    return sha256 is None, hashlib.sha256(f"{_SEED} {sha256}".encode()).hexdigest()
