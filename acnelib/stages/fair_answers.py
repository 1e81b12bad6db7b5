"""Answers of candidate and production about the same photos, none of which either has seen.

Both were measured by cross-validation, and a photo's fold is a stable function of its group, so there are answers of
heads of both that never saw the photo. Photos new to production are classified by production itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable
from acnelib.evaluation.scored_photos import ScoredPhotos
from acnelib.storage.assignments import Subset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from acnelib.evaluation.scored_photos import ScoredPhoto
    from acnelib.storage.assignments import Assignment


@dataclass(frozen=True, kw_only=True)
class FairAnswers:
    """Answers of both models about the same photos, in the same order.

    Attributes:
        candidate: Answers of the candidate.
        production: Answers of production.
        known: Photos that both know, each held out from both.
        new: Photos that are new to production.
        left_out: Photos that production saw, itself or in another photo of the group, so that it has no fair answer.
    """

    candidate: ScoredPhotos
    production: ScoredPhotos
    known: int
    new: int
    left_out: int


def fair_answers(
    candidate: ScoredPhotos,
    *,
    assignments: Mapping[str, Assignment],
    held_out: ScoredPhotos | None,
    classify: Callable[[Sequence[str]], ScoredPhotos],
) -> FairAnswers:
    """Return answers of both models about the candidate's photos, leaving out those that production has seen.

    A photo that production learnt from is compared by its held-out answers. It is left out if its group has since been
    joined by a photo that production learnt from in another fold: the head that held out one saw the other. A photo
    that is new to production is left out if its group has a photo that production learnt from.

    Args:
        candidate: Answers of the candidate about photos that it never saw.
        assignments: What each photo served for when production was trained.
        held_out: Answers of production about photos that its heads never saw; None: there are none.
        classify: Returns production's own answers about some photos.
    """
    learnt = {sha256: one for sha256, one in assignments.items() if one.subset == Subset.TRAIN}
    folds_of_group: dict[str, set[tuple[int, ...]]] = {}
    for photo in candidate.photos:
        folds = folds_of_group.setdefault(photo.group, set())
        if photo.sha256 in learnt:
            folds.add(learnt[photo.sha256].folds)
    answers = {} if held_out is None else _by_photo(held_out.photos)
    known, new, left_out = set(), set(), set()
    for photo in candidate.photos:
        folds = folds_of_group[photo.group]
        if photo.sha256 in learnt and len(folds) == 1 and (photo.sha256, photo.repeat) in answers:
            known.add(photo.sha256)
        elif not folds:
            new.add(photo.sha256)
        else:
            left_out.add(photo.sha256)
    known -= left_out  # an answer is missing in one repeat
    direct = classify(sorted(new)) if new else None
    if direct is not None:
        by_name = {photo.sha256: photo for photo in _in_order(direct, candidate.labels).photos}
    if held_out is not None:
        answers = _by_photo(_in_order(held_out, candidate.labels).photos)
    kept = tuple(photo for photo in candidate.photos if photo.sha256 in known or photo.sha256 in new)
    theirs = (
        answers[photo.sha256, photo.repeat]
        if photo.sha256 in known
        else replace(by_name[photo.sha256], repeat=photo.repeat)
        for photo in kept
    )
    return FairAnswers(
        candidate=replace(candidate, photos=kept),
        production=replace(candidate, photos=tuple(theirs)),
        known=len(known),
        new=len(new),
        left_out=len(left_out),
    )


def held_out_answers(values: Any, *, where: str) -> ScoredPhotos:
    """Return the answers that a run logged.

    Raises:
        DataUnusable: They cannot be understood.
    """
    try:
        return ScoredPhotos.from_json(values)
    except (ValueError, TypeError, KeyError) as error:
        raise DataUnusable(f"{where}: its out-of-fold answers cannot be understood: train it again") from error


def _by_photo(photos: Iterable[ScoredPhoto]) -> dict[tuple[str, int], ScoredPhoto]:
    return {(photo.sha256, photo.repeat): photo for photo in photos}


def _in_order(answers: ScoredPhotos, labels: tuple[str, ...]) -> ScoredPhotos:
    """Return answers with their scores in the order of these labels."""
    columns = [answers.labels.index(label) for label in labels]
    photos = tuple(replace(photo, scores=tuple(photo.scores[column] for column in columns)) for photo in answers.photos)
    return replace(answers, labels=labels, photos=photos)
