"""Scope of a model: the distance of photos from the training photos and, with background photos, a family score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.training.family_score import FAMILY_FALSE_REJECTION, FamilyScore, fit_family_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.training.family_score import BackgroundEmbeddings

    Folds = Sequence[npt.NDArray[np.int64]]

FALSE_REJECTION = 0.02
"""Share of photos like the training photos that may be too far away, where distance alone decides."""

FALSE_REJECTION_BESIDE_SCORE = 0.01
"""The same share where a family score decides as well."""

_LEAST_SPREAD = 0.3  # of the median one: what hardly ever shows in few photos would else decide alone
_LEAST_LIMIT = 1e-6  # photos that are all alike; usual distances are about 1


@dataclass(frozen=True)
class Scope:
    """Mean and variance of each feature over all photos, and a family score: no single photo can be derived from them.

    Attributes:
        mean: [D], float64.
        precision: One over the variance, [D], float64, divided by D: distances of usual photos are about 1.
        limit: Distance beyond which a photo is out of scope.
        family: Score against other conditions; None where no background photo was given.
    """

    mean: npt.NDArray[np.float64]
    precision: npt.NDArray[np.float64]
    limit: float = np.inf
    family: FamilyScore | None = None

    @property
    def false_rejection(self) -> float:
        """Share of photos like the training photos that may be out of scope, by distance and family score together."""
        if self.family is None:
            return FALSE_REJECTION
        return FALSE_REJECTION_BESIDE_SCORE + FAMILY_FALSE_REJECTION

    @classmethod
    def of(cls, embeddings: npt.NDArray[np.float32]) -> Scope:
        """Return the scope of embeddings [photos, D] by distance alone; rows with NaN are ignored."""
        rows = embeddings[~np.isnan(embeddings).any(axis=1)].astype(np.float64)
        spread = rows.std(axis=0)
        spread = np.maximum(spread, _LEAST_SPREAD * np.median(spread))
        spread[spread == 0] = 1.0  # photos that are all alike
        return cls(rows.mean(axis=0), 1 / (spread**2 * rows.shape[1]))

    def distances(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the mean squared distance of embeddings [N, D] from the mean, each feature in its own spread: [N]."""
        distances: npt.NDArray[np.float64] = ((embeddings - self.mean) ** 2) @ self.precision
        return distances

    def family_scores(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64] | None:
        """Return the family scores [N] of embeddings [N, D]; None without background photos."""
        return None if self.family is None else self.family.scores(embeddings)

    def limited(
        self, distances: npt.NDArray[np.float64], *, family_scores: npt.NDArray[np.float64] | None = None
    ) -> Scope:
        """Return the scope with limits that reject a small share of photos like the training photos.

        Args:
            distances: Out-of-fold distances of any shape; NaN is ignored.
            family_scores: Out-of-fold family scores of any shape; NaN is ignored.
        """
        family, known, limit = self.family, distances[~np.isnan(distances)], self.limit
        if len(known):
            rejected = FALSE_REJECTION if family is None else FALSE_REJECTION_BESIDE_SCORE
            limit = max(_LEAST_LIMIT, float(np.quantile(known, 1 - rejected, method="higher")))
        if family is not None and family_scores is not None:
            family = family.limited(family_scores)
        return replace(self, limit=limit, family=family)

    def contains(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Return whether each of the embeddings [N, D] is in scope: [N]; a row with NaN is not."""
        inside: npt.NDArray[np.bool_] = self.excess(embeddings) <= 1
        return inside

    def excess(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return how close embeddings [N, D] are to the limits: [N], at most 1 in scope.

        It is the larger of the distance and the family score, each in units of its limit. The LiteRT model returns it
        as ``distance``.
        """
        return self.excess_of(distances=self.distances(embeddings), family_scores=self.family_scores(embeddings))

    def excess_of(
        self, *, distances: npt.NDArray[np.float64], family_scores: npt.NDArray[np.float64] | None
    ) -> npt.NDArray[np.float64]:
        """Return :meth:`excess` for measures of the same shape, such as out-of-fold ones; NaN where one is NaN."""
        far = distances / self.limit
        if self.family is None or family_scores is None:
            return far
        return np.maximum(far, self.family.excess(family_scores))


def fit_scope(
    family: npt.NDArray[np.float32], labels: Sequence[str], *, background: BackgroundEmbeddings | None
) -> Scope:
    """Fit the scope to photos of the classes, without limits.

    Args:
        family: Embeddings of photos of the classes, [N, D].
        labels: Class of each.
        background: Photos of other conditions; without any, the scope is a distance alone.
    """
    scope = Scope.of(family)
    if background is None:
        return scope
    return replace(scope, family=fit_family_score(family, labels, background))


def out_of_fold_scope(
    family: npt.NDArray[np.float32],
    labels: Sequence[str],
    folds: Sequence[Folds],
    background: BackgroundEmbeddings | None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Return distance and family score of each photo by scopes that were fitted without its fold.

    Every scope is fitted to the whole background.

    Args:
        family: Embeddings of photos of the classes, [N, D].
        labels: Class of each.
        folds: For each repeat, the rows that each fold holds out.
        background: Photos of other conditions.

    Returns:
        Distances and family scores, each [repeats, N]; NaN where a fold leaves fewer than two photos. The scores are
        None without background photos.
    """
    distances = np.full((len(folds), len(family)), np.nan)
    scores = np.full_like(distances, np.nan)
    known = np.asarray(labels)
    for repeat, parts in enumerate(folds):
        for held_out in parts:
            rest = np.setdiff1d(np.arange(len(family)), held_out)
            if len(rest) < 2:
                continue
            scope = fit_scope(family[rest], known[rest].tolist(), background=background)
            distances[repeat, held_out] = scope.distances(family[held_out])
            if scope.family is not None:
                scores[repeat, held_out] = scope.family.scores(family[held_out])
    return distances, None if background is None or not len(background) else scores
