"""Paired comparison of two models on the same photos, with its statistical power."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from acnelib.metrics import bootstrapped_macro_f1, bootstrapped_sums, macro_f1

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.evaluation.scored_photos import ScoredPhotos

ROUNDS = 10_000
"""Bootstrap samples of groups; they determine a probability of 0.9 to within 0.006."""

POWER = 0.8
"""Probability of detecting a difference that counts as detectable."""

_SEED = 0
_SMALLEST_SCORE = 1e-12
_TIE = 1e-9  # differences that are rounding only


@dataclass(frozen=True, kw_only=True)
class PairedComparison:
    """Performance of candidate and production on the same photos.

    Attributes:
        photos: Number of photos.
        groups: Number of their groups, the unit of the bootstrap, because photos of a group are not independent.
        candidate: Macro-F1 of the candidate.
        production: Macro-F1 of production.
        better: Probability (0–1) that the candidate is better in macro-F1, by the paired bootstrap over groups
            (Efron 1979; Koehn 2004); ties count half.
        spread: Standard deviation of the difference in macro-F1 over the samples.
        better_calibrated: Probability (0–1) that the negative log-likelihood of the candidate is lower.
        recalls: By class: recall of the candidate, recall of production, number of distinct photos.
    """

    photos: int
    groups: int
    candidate: float
    production: float
    better: float
    spread: float
    better_calibrated: float
    recalls: dict[str, tuple[float, float, int]]

    @property
    def difference(self) -> float:
        """Macro-F1 of the candidate minus that of production."""
        return self.candidate - self.production

    def minimum_detectable_difference(self, required: float) -> float:
        """Return the smallest difference in macro-F1 that would be detected with probability 0.8.

        Args:
            required: Required probability of being better.
        """
        normal = NormalDist()
        return (normal.inv_cdf(required) + normal.inv_cdf(POWER)) * self.spread


def compare_paired(candidate: ScoredPhotos, production: ScoredPhotos) -> PairedComparison:
    """Compare two models by their scores of the same photos, in the same order.

    Where folds were drawn several times, all answers about a photo are in one group of the bootstrap.
    """
    true_labels, groups = np.array(candidate.true_labels), [photo.group for photo in candidate.photos]
    predicted = [np.array(answers.predicted_labels) for answers in (candidate, production)]
    draws = [bootstrapped_macro_f1(true_labels, some, groups=groups, seed=_SEED, rounds=ROUNDS) for some in predicted]
    difference = draws[0] - draws[1]
    likelihoods = bootstrapped_sums(_nll(candidate) - _nll(production), groups=groups, seed=_SEED, rounds=ROUNDS)
    return PairedComparison(
        photos=candidate.distinct,
        groups=len(set(groups)),
        candidate=macro_f1(true_labels, predicted[0]),
        production=macro_f1(true_labels, predicted[1]),
        better=share_above(difference),
        spread=float(difference.std()),
        better_calibrated=share_above(-likelihoods),
        recalls={
            str(label): (
                float((predicted[0][true_labels == label] == label).mean()),
                float((predicted[1][true_labels == label] == label).mean()),
                len({photo.sha256 for photo in candidate.photos if photo.true_label == label}),
            )
            for label in np.unique(true_labels)
        },
    )


def share_above(values: npt.NDArray[np.float64]) -> float:
    """Return the share of values above 0; ties count half."""
    return float((values > _TIE).mean() + (np.abs(values) <= _TIE).mean() / 2)


def _nll(answers: ScoredPhotos) -> npt.NDArray[np.float64]:
    columns = [answers.labels.index(label) for label in answers.true_labels]
    scores = answers.scores[np.arange(len(columns)), columns]
    values: npt.NDArray[np.float64] = -np.log(np.clip(scores, _SMALLEST_SCORE, 1))
    return values
