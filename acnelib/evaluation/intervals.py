"""Metrics of scored photos, each with its 95 % interval or the reason for having none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.metrics import BOOTSTRAP_ROUNDS, INTERVAL, bootstrapped_sums
from acnelib.share_estimates import CALIBRATION_BINS, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.evaluation.scored_photos import ScoredPhotos

FEWEST = 10
"""Fewest groups of photos for a claim; with fewer, metrics are shown without interpretation."""

_SHARES = ("accuracy", "coverage", "selective_accuracy", "refused")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A metric estimated on a set of photos.

    Attributes:
        value: The value; None where it is undefined.
        interval: Its 95 % interval; None where no valid interval exists.
        note: Reason for a missing value or interval, or the method of an interval that is not a bootstrap interval.
    """

    value: float | None
    interval: tuple[float, float] | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ClassMetricEstimates:
    """Metrics of one class.

    Attributes:
        photos: Photos of the class.
        groups: Their groups.
        answered: Photos predicted as the class; the mean over the sets of folds, rounded.
        precision: Share of these that belong to the class.
        recall: Share of its photos that are predicted as the class.
        f1: Harmonic mean of precision and recall.
    """

    photos: int
    groups: int
    answered: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True, kw_only=True)
class MetricEstimates:
    """The metrics of :class:`acnelib.evaluation_record.Metrics`, each with its interval.

    Attributes:
        n: Distinct photos.
        groups: Their groups.
        overall: ``macro_f1``, ``balanced_accuracy``, ``accuracy``, ``ece``, ``nll``, ``brier``, ``coverage``,
            ``selective_accuracy`` and ``refused``, the share that is out of scope.
        per_class: Metrics of every label of the model, in order.
    """

    n: int
    groups: int
    overall: dict[str, Estimate]
    per_class: dict[str, ClassMetricEstimates]

    @property
    def has_too_few_groups(self) -> bool:
        """Whether the groups are too few for a claim."""
        return self.groups < FEWEST


def share_interval(values: npt.NDArray[np.bool_], units: Sequence[str]) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval over units of the share of photos for which something holds.

    Where all units are alike, resampling shows no variation, which is not certainty: the Wilson interval is returned.
    None with fewer than two units.

    Args:
        values: Whether it holds, [photos].
        units: Unit of each photo, such as its group.
    """
    number = len(set(units))
    if number < 2:
        return None
    counts = np.stack([values, np.ones(len(values))], axis=1)
    sums = bootstrapped_sums(counts, groups=units, seed=0, rounds=BOOTSTRAP_ROUNDS)
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [tail, 1 - tail])
    if high - low > 1e-9:
        return float(low), float(high)
    share = float(values.mean())
    low, high = wilson(share, number)
    return min(low, share), max(high, share)


def estimate_metrics(
    answers: ScoredPhotos, *, scored_classes_only: bool = False, seed: int = 0, rounds: int = BOOTSTRAP_ROUNDS
) -> MetricEstimates:
    """Return the metrics of scored photos with percentile bootstrap intervals over groups (Efron 1979).

    Where a photo has an answer from each of several sets of folds, all of them count, and the photo once. All intervals
    use the same samples; that of macro-F1 equals :func:`acnelib.metrics.macro_f1_interval`. A class that is absent from
    a sample is left out of it. Resampling raises the calibration error, which is never negative, so its interval is
    slightly too high.

    Args:
        answers: Scored photos, at least one.
        scored_classes_only: Average over the classes of these photos, not also over others that were predicted.
        seed: Seed of the bootstrap.
        rounds: Number of bootstrap samples.

    Raises:
        DataUnusable: There is no photo.
    """
    if not answers.photos:
        raise DataUnusable("no photo was scored, so there is nothing to report: evaluate on at least one photo")
    counts = _counts(answers)
    groups = np.array([photo.group for photo in answers.photos])
    true_labels, predicted = np.array(answers.true_labels), np.array(answers.predicted_labels)
    averaged = np.array([not scored_classes_only or label in true_labels for label in answers.labels])
    observed = _Sums(counts.sum(axis=0, keepdims=True), averaged=averaged)
    drawn = _Sums(bootstrapped_sums(counts, groups=groups.tolist(), seed=seed, rounds=rounds), averaged=averaged)
    number = len(np.unique(groups))
    groups_of = {"selective_accuracy": len(np.unique(groups[answers.confident]))}
    overall = {
        name: _estimate(value, drawn.overall[name], groups=groups_of.get(name, number), share=name in _SHARES)
        for name, value in observed.overall.items()
    }
    repeats = answers.repeats
    per_class = {}
    for column, label in enumerate(answers.labels):
        of_class, answered = true_labels == label, predicted == label
        own, theirs = len(np.unique(groups[of_class])), len(np.unique(groups[answered]))
        fewest = {"precision": min(own, theirs), "recall": own, "f1": own}
        per_class[label] = ClassMetricEstimates(
            photos=round(int(of_class.sum()) / repeats),
            groups=own,
            answered=round(int(answered.sum()) / repeats),
            **{
                name: _estimate(value[:, column], drawn.per_class[name][:, column], groups=fewest[name], share=share)
                for (name, value), share in zip(observed.per_class.items(), (True, True, False), strict=True)
            },
        )
    return MetricEstimates(n=answers.distinct, groups=number, overall=overall, per_class=per_class)


def _counts(answers: ScoredPhotos) -> npt.NDArray[np.float64]:
    """Return the summands of each photo from which all metrics are computed: [photos, 3 · labels + 6 + bins]."""
    scores = answers.scores
    column = {label: place for place, label in enumerate(answers.labels)}
    true = np.array([column[label] for label in answers.true_labels])
    top, confidence = scores.argmax(axis=1), scores.max(axis=1)
    one_hot = np.eye(len(answers.labels))
    right = top == true
    nll = -np.log(np.clip(scores[np.arange(len(true)), true], 1e-12, 1))
    brier = ((scores - one_hot[true]) ** 2).sum(axis=1)
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.eye(CALIBRATION_BINS)[bins] * (right - confidence)[:, None]
    confident = answers.confident
    refused = np.array([not photo.in_scope for photo in answers.photos])
    rest = np.stack([right, nll, brier, confident, confident & right, refused], axis=1)
    return np.concatenate([one_hot[true] * one_hot[top], one_hot[true], one_hot[top], rest, gaps], axis=1)


class _Sums:
    """Vectorised metrics of many sums: arrays [sums] or [sums, labels]; NaN where undefined."""

    def __init__(self, sums: npt.NDArray[np.float64], *, averaged: npt.NDArray[np.bool_]) -> None:
        labels = len(averaged)
        hits, true, answered = (sums[:, labels * part : labels * (part + 1)] for part in range(3))
        right, nll, brier, confident, confident_right, refused = sums[:, 3 * labels : 3 * labels + 6].T
        gaps = sums[:, 3 * labels + 6 :]
        n = true.sum(axis=1)
        f1 = _ratio(2 * hits, true + answered)
        recall = _ratio(hits, true)
        self.per_class = {"precision": _ratio(hits, answered), "recall": recall, "f1": f1}
        self.overall = {
            "macro_f1": np.nanmean(f1[:, averaged], axis=1),
            "balanced_accuracy": np.nanmean(recall, axis=1),
            "accuracy": right / n,
            "ece": np.abs(gaps).sum(axis=1) / n,
            "nll": nll / n,
            "brier": brier / n,
            "coverage": confident / n,
            "selective_accuracy": _ratio(confident_right, confident),
            "refused": refused / n,
        }


def _ratio(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _estimate(
    observed: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], *, groups: int, share: bool
) -> Estimate:
    value = float(observed[0])
    if np.isnan(value):
        return Estimate(value=None, note="no such photo")
    if groups < 2:
        return Estimate(value=value, note="one group: no interval" if groups else "no photo of it: no interval")
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(drawn[~np.isnan(drawn)], [tail, 1 - tail])
    if high - low > 1e-9:
        return Estimate(value=value, interval=(float(low), float(high)))
    # If all photos are right, or all are wrong, resampling shows no variation, but that is not certainty.
    if share:
        return Estimate(value=value, interval=wilson(value, groups), note="all alike: Wilson interval over groups")
    return Estimate(value=value, note="all alike: no interval")
