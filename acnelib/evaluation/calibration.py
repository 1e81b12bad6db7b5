"""Whether scores mean what they say, held against what a perfectly calibrated model would show on as many photos."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.intervals import FEWEST, wilson
from acnelib.metrics import CALIBRATION_BINS

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.evaluation.scored_photos import ScoredPhotos

SIMULATIONS = 2000

_AT_ONCE = 1_000_000  # labels drawn at a time, so that memory stays small
_ROUNDING = 1e-9


class CalibrationVerdict(StrEnum):
    """Where an observed value stands among those of a calibrated model."""

    FEW = "too few photos to say"
    WITHIN = "within what a calibrated model shows"
    MORE = "more than a calibrated model shows"
    LESS = "less than a calibrated model shows"


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Photos of similar confidence.

    Attributes:
        low: Lowest confidence.
        high: Highest; the last bin holds 1, too.
        n: Photos.
        groups: Their groups.
        confidence: Their mean confidence.
        accuracy: Share of them that is right.
        interval: 95 % Wilson interval of it, over groups.
        expected: Where a calibrated model's accuracy lies in 95 % of the draws.
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
    """An observed value beside those of a calibrated model.

    Attributes:
        observed: The value.
        expected: Mean of a calibrated model's.
        band: Where 95 % of those lie; for calibration error from 0 on, for too small a one is no fault.
        below: Share of those that lie below the observed one.
        verdict: Where it stands.
    """

    observed: float
    expected: float
    band: tuple[float, float]
    below: float
    verdict: CalibrationVerdict


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How well scores are calibrated.

    Attributes:
        n: Photos.
        groups: Their groups.
        bins: Bins that hold photos.
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
    """Hold scores against the truth, and against labels drawn from the scores themselves.

    What a calibrated model shows is found by drawing labels from its scores (consistency resampling, Bröcker and Smith
    2007; as a test of calibration: Vaicenavicius et al. 2019). Photos of a group take their labels from one random
    number: copies of a photo have one label, so a calibrated model that is wrong on one of them is wrong on all. Drawn
    one by one, groups would count as more photos than they are, and the band would be too narrow. Photos of a group
    that differ count as one more than they should: the band is too wide then, and accuses a model too seldom.

    Args:
        answers: Photos, at least one.
        seed: Seed of the draws.
        rounds: How many.
    """
    scores = answers.scores
    labels = {label: place for place, label in enumerate(answers.labels)}
    true = np.array([labels[label] for label in answers.true_labels])
    names, group_of = np.unique([photo.group for photo in answers.photos], return_inverse=True)
    measured = _Measured(scores)
    seen = measured.values(true[None])
    drawn = _drawn(scores, group_of, measured, seed=seed, rounds=rounds)
    few = len(names) < FEWEST
    return Calibration(
        n=len(true),
        groups=len(names),
        bins=_bins(measured, seen, drawn, group_of),
        ece=_compared(seen["ece"], drawn["ece"], quantiles=(0, 0.95), few=few),
        nll=_compared(seen["nll"], drawn["nll"], quantiles=(0.025, 0.975), few=few),
        brier=_compared(seen["brier"], drawn["brier"], quantiles=(0.025, 0.975), few=few),
    )


class _Measured:
    """What does not change from draw to draw."""

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
        """Return the metrics of labels [draws, photos]: [draws], and of ``right`` [draws, bins]."""
        n = len(self.rows)
        right = (labels == self.top).astype(np.float64) @ self.in_bin
        return {
            "right": right,
            "ece": np.abs(right - self.confidence).sum(axis=1) / n,
            "nll": self._surprise[self.rows, labels].mean(axis=1),
            "brier": (self._squares - 2 * self.scores[self.rows, labels] + 1).mean(axis=1),
        }


def _drawn(
    scores: npt.NDArray[np.float64], group_of: npt.NDArray[np.int64], measured: _Measured, *, seed: int, rounds: int
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the metrics of labels that were drawn from the scores: [rounds, …]."""
    cumulative = scores.cumsum(axis=1)
    steps = (cumulative / cumulative[:, -1:])[:, :-1]
    random = np.random.default_rng(seed)
    parts = []
    done = 0
    while done < rounds:
        now = min(rounds - done, max(1, _AT_ONCE // len(scores)))
        chance = random.random((now, int(group_of.max()) + 1))[:, group_of]
        labels = np.zeros(chance.shape, dtype=np.int64)
        for step in steps.T:
            labels += chance >= step
        parts.append(measured.values(labels))
        done += now
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _bins(
    measured: _Measured,
    seen: dict[str, npt.NDArray[np.float64]],
    drawn: dict[str, npt.NDArray[np.float64]],
    group_of: npt.NDArray[np.int64],
) -> tuple[ReliabilityBin, ...]:
    found = []
    for place in np.flatnonzero(measured.per_bin).tolist():
        n = int(measured.per_bin[place])
        groups = len(np.unique(group_of[measured.bin_of == place]))
        accuracy = float(seen["right"][0, place]) / n
        low, high = np.quantile(drawn["right"][:, place] / n, [0.025, 0.975])
        found.append(
            ReliabilityBin(
                low=place / CALIBRATION_BINS,
                high=(place + 1) / CALIBRATION_BINS,
                n=n,
                groups=groups,
                confidence=float(measured.confidence[place]) / n,
                accuracy=accuracy,
                interval=wilson(accuracy, groups),
                expected=(float(low), float(high)),
            )
        )
    return tuple(found)


def _compared(
    seen: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], *, quantiles: tuple[float, float], few: bool
) -> CalibrationComparison:
    observed = float(seen[0])
    low, high = (float(value) for value in np.quantile(drawn, quantiles))
    if quantiles[0] == 0:
        low = 0.0
    if few:
        verdict = CalibrationVerdict.FEW
    elif observed > high + _ROUNDING:
        verdict = CalibrationVerdict.MORE
    else:
        verdict = CalibrationVerdict.LESS if observed < low - _ROUNDING else CalibrationVerdict.WITHIN
    return CalibrationComparison(
        observed=observed,
        expected=float(drawn.mean()),
        band=(low, high),
        below=float((drawn < observed - _ROUNDING).mean()),
        verdict=verdict,
    )
