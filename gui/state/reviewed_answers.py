"""The answers of a model for photos that reviewers know, blind ones kept apart from the rest; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.state.results import RowState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from acnelib.inference import Prediction
    from acnelib.reviews import PhotoDecision
    from gui.state.results import Row


@dataclass(frozen=True, kw_only=True)
class ReviewedAnswers:
    """The answers for photos of a list whose class reviewers give, each photo once.

    Attributes:
        blind: True label and answer of the photos whose class a blind review gives.
        in_sight: How many have a class from reviews with the answer in sight only.
        paths: A file of each blind photo, by its hash.
    """

    blind: tuple[tuple[str, Prediction], ...] = ()
    in_sight: int = 0
    paths: Mapping[str, Path]


def reviewed_answers(
    rows: Iterable[Row],
    decisions: Mapping[str, PhotoDecision],
    *,
    model_sha256: str,
    known: Collection[str],
    label_of: Callable[[str], str],
) -> ReviewedAnswers:
    """Return the answers of one model for reviewed photos.

    Left out: photos that show none of the classes, that reviewers cannot tell or disagree about, and answers of other
    models.

    Args:
        rows: The listed photos.
        decisions: What the reviews say about each photo, by hash.
        model_sha256: The model.
        known: Its classes.
        label_of: Returns the class that a label means, which may be another name of it.
    """
    blind: dict[str, tuple[str, Prediction]] = {}
    paths: dict[str, Path] = {}
    in_sight = set()
    for row in rows:
        answer = row.prediction
        if answer is None or answer.sha256 is None or row.state is not RowState.ANSWERED:
            continue
        decision = decisions.get(answer.sha256)
        if decision is None or decision.label is None or answer.model.sha256 != model_sha256:
            continue
        label = label_of(decision.label)
        if label not in known:
            continue
        if decision.blind:
            blind[answer.sha256], paths[answer.sha256] = (label, answer), row.path
        else:
            in_sight.add(answer.sha256)
    return ReviewedAnswers(blind=tuple(blind.values()), in_sight=len(in_sight), paths=paths)
