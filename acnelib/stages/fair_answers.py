"""Answers of candidate and production about the same photos, none of which either has seen.

Both were measured by cross-validation, and a photo's fold is a stable function of its group, so there are answers of
heads of both that never saw the photo. Photos that production never learnt from are classified by production itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
    from acnelib.stages.production_answers import ProductionAnswers


@dataclass(frozen=True, kw_only=True)
class FairAnswers:
    """Answers of both models about the same photos, in the same order, with the candidate's labels and groups.

    Attributes:
        candidate: Answers of the candidate.
        production: Answers of production.
        known: Photos that both learnt from, each held out from both.
        new: Photos of groups that production never learnt from.
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
    groups: Mapping[str, str],
    production: ProductionAnswers,
    classify: Callable[[Sequence[str]], ScoredPhotos],
) -> FairAnswers:
    """Return answers of both models about the candidate's photos, leaving out those that production has seen.

    A photo that production learnt from is compared by its held-out answers, in each repeat of the folds that both
    have. It is left out if its group has since been joined by a photo that production learnt from in another fold: the
    head that held out one saw the other. A photo that production never learnt from is left out if its group has one
    that it did.

    Args:
        candidate: Answers of the candidate about photos that it never saw.
        groups: Group of every photo of the candidate's split, also of those that are not used or not compared.
        production: What production learnt from, and its held-out answers.
        classify: Returns production's own answers about some photos.
    """
    folds_of_group: defaultdict[str, set[tuple[int, ...]]] = defaultdict(set)
    for sha256, group in groups.items():
        if sha256 in production.folds:
            folds_of_group[group].add(production.folds[sha256])
    held_out = _by_photo(production.held_out, candidate.labels)
    pairs: list[tuple[ScoredPhoto, ScoredPhoto]] = []
    new: set[str] = set()
    for photo in candidate.photos:
        folds = folds_of_group[groups[photo.sha256]]
        answer = held_out.get((photo.sha256, photo.repeat))
        if not folds:
            new.add(photo.sha256)
        elif photo.sha256 in production.folds and len(folds) == 1 and answer is not None:
            pairs.append((photo, answer))
    known = {photo.sha256 for photo, _ in pairs}
    # A photo counts as often as any other, also where production has fewer repeats.
    repeats = {photo.repeat for photo, _ in pairs} or {photo.repeat for photo in candidate.photos}
    direct = _by_photo(classify(sorted(new)), candidate.labels) if new else {}
    pairs += [
        (photo, direct[photo.sha256, 0])
        for photo in candidate.photos
        if photo.sha256 in new and photo.repeat in repeats
    ]
    compared = {photo.sha256 for photo, _ in pairs}
    return FairAnswers(
        candidate=replace(candidate, photos=tuple(ours for ours, _ in pairs)),
        production=replace(candidate, photos=tuple(replace(ours, scores=theirs.scores) for ours, theirs in pairs)),
        known=len(known),
        new=len(compared) - len(known),
        left_out=candidate.distinct - len(compared),
    )


def _by_photo(answers: ScoredPhotos | None, labels: tuple[str, ...]) -> dict[tuple[str, int], ScoredPhoto]:
    """Return answers by photo and repeat, with their scores in the order of these labels."""
    if answers is None:
        return {}
    columns = [answers.labels.index(label) for label in labels]
    return {
        (photo.sha256, photo.repeat): replace(photo, scores=tuple(photo.scores[column] for column in columns))
        for photo in answers.photos
    }
