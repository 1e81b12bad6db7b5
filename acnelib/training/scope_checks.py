"""Checks of a family score: refusals of unseen conditions, and refusals that rest on the source of a photo.

Background photos from one atlas share a camera, a size and a watermark. If no photo of the classes shares them, the
score can separate the two by these cues alone. Two measurements show it, and neither uses names of files: the share of
a source's photos that is refused when the source is held out, and the share of the background that is refused by a
score that knows one source only. Skin conditions overlap, so a perfect separation points to a cue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.folds import stable_number
from acnelib.training.family_score import fit_family_score
from acnelib.training.scope import out_of_fold_scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from acnelib.training.family_score import BackgroundEmbeddings, FamilyScore
    from acnelib.training.scope import Folds, Scope

CONDITION_FOLDS = 5

FEWEST = 20
"""Fewest photos of a source for a check."""

HELD_OUT_REFUSAL = 0.5
"""Share of a held-out source's photos refused, above which there is a warning."""

SEPARATION = 0.9
"""Share of the background refused by one source's score, from which the two are separated by a cue."""


def unseen_conditions(
    family: npt.NDArray[np.float32],
    labels: Sequence[str],
    background: BackgroundEmbeddings,
    *,
    scope: Scope,
    folds: int = CONDITION_FOLDS,
) -> npt.NDArray[np.bool_]:
    """Return whether each background photo is refused by a scope that never saw its condition: [M].

    Args:
        family: Embeddings of all photos of the classes, [N, D].
        labels: Class of each.
        background: Photos of other conditions. With one condition alone, only the distance can refuse its photos.
        scope: The final scope: its limits are used, and its distance, which rests on the family alone.
        folds: Number of folds of conditions.
    """
    scores = np.full(len(background), np.nan)
    for held_out, rest in _condition_folds(background, folds):
        fitted = fit_family_score(family, labels, rest)
        if fitted is not None:
            scores[held_out] = fitted.scores(background.embeddings[held_out])
    too_far = ~(scope.distances(background.embeddings) <= scope.limit)
    refused: npt.NDArray[np.bool_] = too_far if scope.family is None else too_far | (scores < scope.family.limit)
    return refused


@dataclass(frozen=True, kw_only=True)
class SourceChecks:
    """Measurements of the family score by source of the photos of the classes.

    Attributes:
        held_out_refused: For each source, the share of its photos that a score refuses which knows the other sources
            only; promised is :data:`acnelib.training.family_score.FAMILY_FALSE_REJECTION`. Empty with one source.
        background_refused: For each source, the share of background photos, their conditions held apart, that a score
            refuses which knows this source only.
    """

    held_out_refused: dict[str, float]
    background_refused: dict[str, float]

    @property
    def without_background(self) -> tuple[str, ...]:
        """Sources whose photos differ from all background photos: other conditions were never seen in their look."""
        return tuple(source for source, share in self.background_refused.items() if share >= SEPARATION)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Plain sentences on what the measurements mean; empty where nothing is amiss."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        apart = self.without_background
        if apart and len(apart) == len(self.background_refused):
            yield (
                "The background photos differ from all photos of the classes so clearly that the score may recognise "
                "their source rather than the condition: add background photos from a source of the classes."
            )
        elif apart:
            yield (
                f"Other skin conditions were never seen in photos like those of {', '.join(apart)}, so it is not known "
                "whether they are refused there: add background photos from that source."
            )
        for source, share in self.held_out_refused.items():
            if share > HELD_OUT_REFUSAL:
                yield (
                    f"Without the photos of {source} among the classes, {share:.0%} of them are refused, since the "
                    "background photos resemble them: a further source that resembles them may be refused as well."
                )
        if not self.held_out_refused:
            yield (
                "The photos of the classes have one source, so refusals of photos from a further source cannot be "
                "checked: add a second source."
            )


def check_sources(
    family: npt.NDArray[np.float32],
    labels: Sequence[str],
    sources: Sequence[str],
    background: BackgroundEmbeddings,
    *,
    folds: Folds,
) -> SourceChecks:
    """Measure what a family score makes of each source alone.

    Args:
        family: Embeddings of photos of the classes, [N, D].
        labels: Class of each.
        sources: Source of each; one with fewer than 20 photos is not checked.
        background: Photos of other conditions.
        folds: One repeat of the folds of the family, by series, from which the limits are taken.
    """
    origin = np.asarray(sources)
    names = [str(name) for name in np.unique(origin) if (origin == name).sum() >= FEWEST]
    limited_scores: dict[bytes, FamilyScore | None] = {}

    def limited(chosen: npt.NDArray[np.bool_]) -> FamilyScore | None:
        key = chosen.tobytes()  # of two sources, the one is all that is not the other
        if key not in limited_scores:
            limited_scores[key] = _limited_score(family, labels, np.flatnonzero(chosen), background, folds)
        return limited_scores[key]

    held_out_refused = {
        name: _refused(limited(origin != name), family[origin == name])
        for name in names
        if (origin != name).sum() >= FEWEST
    }
    apart = list(_condition_folds(background, CONDITION_FOLDS)) if names else []
    background_refused = {}
    for name in names:
        own = np.flatnonzero(origin == name)
        background_refused[name] = _background_refused(
            family[own], _of(labels, own), background, apart, limited=limited(origin == name)
        )
    return SourceChecks(held_out_refused=held_out_refused, background_refused=background_refused)


def _background_refused(
    family: npt.NDArray[np.float32],
    labels: Sequence[str],
    background: BackgroundEmbeddings,
    apart: Sequence[tuple[npt.NDArray[np.int64], BackgroundEmbeddings]],
    *,
    limited: FamilyScore | None,
) -> float:
    """Return the share of background photos, their conditions held apart, refused by a score of some photos."""
    refused = np.zeros(len(background), dtype=np.bool_)
    for held_out, rest in apart:
        fitted = fit_family_score(family, labels, rest)
        if fitted is not None and limited is not None:
            refused[held_out] = fitted.scores(background.embeddings[held_out]) < limited.limit
    return float(refused.mean())


def _limited_score(
    family: npt.NDArray[np.float32],
    labels: Sequence[str],
    rows: npt.NDArray[np.int64],
    background: BackgroundEmbeddings,
    folds: Folds,
) -> FamilyScore | None:
    """Return the score of some photos, with the limit from the folds among them."""
    place = np.full(len(family), -1)
    place[rows] = np.arange(len(rows))
    within = [place[held_out][place[held_out] >= 0] for held_out in folds]
    own = [held_out for held_out in within if len(held_out)]
    fitted = fit_family_score(family[rows], _of(labels, rows), background)
    _, scores = out_of_fold_scope(family[rows], _of(labels, rows), [own], background)
    return fitted if fitted is None or scores is None else fitted.limited(scores)


def _condition_folds(
    background: BackgroundEmbeddings, folds: int
) -> Iterator[tuple[npt.NDArray[np.int64], BackgroundEmbeddings]]:
    """Yield held-out rows, and the rest without photos of their groups.

    A condition's fold depends on its name alone, unless there are few. An atlas files copies under two conditions.
    """
    names = sorted(set(background.conditions))
    fold_of = {name: place if len(names) <= folds else stable_number(name) % folds for place, name in enumerate(names)}
    fold = np.array([fold_of[name] for name in background.conditions], dtype=np.int64)
    groups = np.asarray(range(len(background)) if background.groups is None else background.groups)
    for number in np.unique(fold):
        held_out = fold == number
        rest = ~held_out & ~np.isin(groups, groups[held_out])
        yield np.flatnonzero(held_out), background.only(np.flatnonzero(rest))


def _refused(score: FamilyScore | None, embeddings: npt.NDArray[np.float32]) -> float:
    return 0.0 if score is None else float((score.scores(embeddings) < score.limit).mean())


def _of(labels: Sequence[str], rows: npt.NDArray[np.int64]) -> list[str]:
    return [labels[row] for row in rows]
