"""Calibration of scores, compared with a perfectly calibrated model on as many photos."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.intervals import FEWEST
from acnelib.share_estimates import CALIBRATION_BINS, wilson

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.evaluation.scored_photos import ScoredPhotos

SIMULATIONS = 2000

_BATCH = 1_000_000  # labels drawn at a time, to limit memory
_ROUNDING = 1e-9


class CalibrationVerdict(StrEnum):
    """Position of an observed value among those of a calibrated model."""

    FEW = "too few photos to say"
    WITHIN = "within what a calibrated model shows"
    MORE = "more than a calibrated model shows"
    LESS = "less than a calibrated model shows"


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Photos of similar confidence.

    Attributes:
        low: Lowest confidence.
        high: Highest confidence, exclusive except in the last bin.
        n: Photos; the mean over the sets of folds, rounded.
        groups: Their groups.
        confidence: Their mean confidence.
        accuracy: Share of right answers.
        interval: Its 95 % Wilson interval, over groups.
        expected: Range of a calibrated model's accuracy in 95 % of the simulations.
    """

    low: float
    high: float
    n: int
    groups: int
    confidence: float
    accuracy: float
    interval: tuple[float, float]
    expected: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class CalibrationComparison:
    """An observed value compared with those of a calibrated model.

    Attributes:
        observed: The value.
        expected: Mean value of a calibrated model.
        band: Range of 95 % of its values; it begins at 0 for the calibration error, which cannot be too small.
        below: Share of its values below the observed value.
        verdict: Position of the observed value.
    """

    observed: float
    expected: float
    band: tuple[float, float]
    below: float
    verdict: CalibrationVerdict


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Calibration of a model's scores.

    Attributes:
        n: Distinct photos.
        groups: Their groups.
        bins: Bins with photos.
        ece: Expected calibration error of the top label (Guo et al. 2017).
        nll: Negative log-likelihood of the true label, in nats.
        brier: Squared error of the scores, summed over classes (Brier 1950).
    """

    n: int
    groups: int
    bins: tuple[ReliabilityBin, ...]
    ece: CalibrationComparison
    nll: CalibrationComparison
    brier: CalibrationComparison


def calibration_of(answers: ScoredPhotos, *, seed: int = 0, rounds: int = SIMULATIONS) -> Calibration:
    """Compare scores with true labels, and with labels drawn from the scores themselves.

    A calibrated model is simulated by drawing labels from its scores (consistency resampling, Bröcker and Smith 2007;
    as a test of calibration: Vaicenavicius et al. 2019). The labels of a group are drawn with one random number,
    because copies of a photo have one label: a model that is wrong on one of them is wrong on all. Independent draws
    would treat copies as independent photos and make the band too narrow. For groups of different photos the band is
    too wide, which errs in favour of the model. The same holds for answers about a photo from several sets of folds.

    Args:
        answers: Scored photos, at least one.
        seed: Random seed.
        rounds: Number of simulations.
    """
    scores = answers.scores
    labels = {label: place for place, label in enumerate(answers.labels)}
    true = np.array([labels[label] for label in answers.true_labels])
    names, group_of = np.unique([photo.group for photo in answers.photos], return_inverse=True)
    score_metrics = _ScoreMetrics(scores)
    observed = score_metrics.values(true[None])
    drawn = _drawn(scores, group_of, score_metrics, seed=seed, rounds=rounds)
    few = len(names) < FEWEST
    return Calibration(
        n=answers.distinct,
        groups=len(names),
        bins=_bins(score_metrics, observed, drawn, group_of, repeats=answers.repeats),
        ece=_compared(observed["ece"], drawn["ece"], quantiles=(0, 0.95), few=few),
        nll=_compared(observed["nll"], drawn["nll"], quantiles=(0.025, 0.975), few=few),
        brier=_compared(observed["brier"], drawn["brier"], quantiles=(0.025, 0.975), few=few),
    )


class _ScoreMetrics:
    """Metrics of fixed scores against changing labels."""

    def __init__(self, scores: npt.NDArray[np.float64]) -> None:
        confidence = scores.max(axis=1)
        self.rows = np.arange(len(scores))
        self.scores = scores
        self.top = scores.argmax(axis=1)
        self.bin_of = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
        self.in_bin = np.eye(CALIBRATION_BINS)[self.bin_of]
        self.per_bin = self.in_bin.sum(axis=0)
        self.confidence = self.in_bin.T @ confidence
        self._surprise = -np.log(np.clip(scores, 1e-12, 1))
        self._squares = (scores**2).sum(axis=1)

    def values(self, labels: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
        """Return the metrics of labels [draws, photos]: [draws], and ``right`` per bin [draws, bins]."""
        n = len(self.rows)
        right = (labels == self.top).astype(np.float64) @ self.in_bin
        return {
            "right": right,
            "ece": np.abs(right - self.confidence).sum(axis=1) / n,
            "nll": self._surprise[self.rows, labels].mean(axis=1),
            "brier": (self._squares - 2 * self.scores[self.rows, labels] + 1).mean(axis=1),
        }


def _drawn(
    scores: npt.NDArray[np.float64],
    group_of: npt.NDArray[np.int64],
    score_metrics: _ScoreMetrics,
    *,
    seed: int,
    rounds: int,
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the metrics of labels drawn from the scores: [rounds, …]."""
    cumulative = scores.cumsum(axis=1)
    steps = (cumulative / cumulative[:, -1:])[:, :-1]
    random = np.random.default_rng(seed)
    parts = []
    done = 0
    while done < rounds:
        now = min(rounds - done, max(1, _BATCH // len(scores)))
        chance = random.random((now, int(group_of.max()) + 1))[:, group_of]
        labels = np.zeros(chance.shape, dtype=np.int64)
        for step in steps.T:
            labels += chance >= step
        parts.append(score_metrics.values(labels))
        done += now
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _bins(
    score_metrics: _ScoreMetrics,
    observed: dict[str, npt.NDArray[np.float64]],
    drawn: dict[str, npt.NDArray[np.float64]],
    group_of: npt.NDArray[np.int64],
    *,
    repeats: int,
) -> tuple[ReliabilityBin, ...]:
    found = []
    for place in np.flatnonzero(score_metrics.per_bin).tolist():
        n = int(score_metrics.per_bin[place])
        groups = len(np.unique(group_of[score_metrics.bin_of == place]))
        accuracy = float(observed["right"][0, place]) / n
        low, high = np.quantile(drawn["right"][:, place] / n, [0.025, 0.975])
        found.append(
            ReliabilityBin(
                low=place / CALIBRATION_BINS,
                high=(place + 1) / CALIBRATION_BINS,
                n=max(1, round(n / repeats)),
                groups=groups,
                confidence=float(score_metrics.confidence[place]) / n,
                accuracy=accuracy,
                interval=wilson(accuracy, groups),
                expected=(float(low), float(high)),
            )
        )
    return tuple(found)


def _compared(
    observed: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], *, quantiles: tuple[float, float], few: bool
) -> CalibrationComparison:
    value = float(observed[0])
    low, high = (float(value) for value in np.quantile(drawn, quantiles))
    if quantiles[0] == 0:
        low = 0.0
    if few:
        verdict = CalibrationVerdict.FEW
    elif value > high + _ROUNDING:
        verdict = CalibrationVerdict.MORE
    else:
        verdict = CalibrationVerdict.LESS if value < low - _ROUNDING else CalibrationVerdict.WITHIN
    return CalibrationComparison(
        observed=value,
        expected=float(drawn.mean()),
        band=(low, high),
        below=float((drawn < value - _ROUNDING).mean()),
        verdict=verdict,
    )
