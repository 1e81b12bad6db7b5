"""The comparison of two versions' answers for the listed photos; without Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.results import RowState
from gui.state.training_progress import AnswerChanges, ChangedAnswer
from gui.state.wording import opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gui.state.results import Row
    from gui.state.review_session import ReviewSession


def answers_of(rows: Iterable[Row]) -> dict[str, str]:
    """Return the class label of each answered photo by the hash of its file."""
    answers = (row.prediction for row in rows if row.state is RowState.ANSWERED)
    return {str(answer.sha256): str(answer.label) for answer in answers if answer is not None and answer.sha256}


def answer_changes(
    before: Mapping[str, str], rows: Iterable[Row], *, model_sha256: str, version: str, reviews: ReviewSession
) -> AnswerChanges:
    """Return what a new version answers otherwise; photos are known by the hash of their file.

    An answer that is hidden from the reviewer is not given away; the others count as shown.

    Args:
        before: The class labels of the version before, by hash.
        rows: The photos with the answers of the new version.
        model_sha256: The new version's model; answers of others are not compared.
        version: Its number.
        reviews: What is hidden, and what was reviewed.
    """
    changed, compared, hidden = [], 0, 0
    for row in rows:
        answer = row.prediction
        if answer is None or row.state is not RowState.ANSWERED or answer.model.sha256 != model_sha256:
            continue
        label = before.get(str(answer.sha256))
        if label is None:
            continue
        compared += 1
        if reviews.hides(answer.sha256):
            hidden += 1
        elif label != answer.label:
            reviews.note_shown(answer.sha256)
            own = reviews.own(answer.sha256)
            review = "" if own is None else opinion(own)
            name, after = row.path.name, str(answer.label)
            changed.append(ChangedAnswer(number=row.number, name=name, before=label, after=after, review=review))
    return AnswerChanges(changed=tuple(changed), compared=compared, hidden=hidden, version=version)
