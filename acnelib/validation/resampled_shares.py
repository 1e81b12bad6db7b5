"""Bootstrap of held-out predictions over units: intervals of shares, and of differences between two recipes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.intervals import share_interval
from acnelib.metrics import BOOTSTRAP_ROUNDS, INTERVAL, bootstrapped_sums
from acnelib.share_estimates import wilson
from acnelib.validation.cross_validation_record import EstimatedShare

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from acnelib.validation.held_out_predictions import HeldOutPredictions

_LEAST_SPREAD = 1e-9


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Shares of predictions, averaged over the repeats; NaN where undefined.

    Attributes:
        overall: ``macro_f1``, ``balanced_accuracy``, ``accuracy``, ``coverage``, ``selective_accuracy`` and
            ``out_of_scope``, each [samples].
        recall: Recall of each label, [samples, labels].
        f1: F1 of each label, [samples, labels].
    """

    overall: dict[str, npt.NDArray[np.float64]]
    recall: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ResampledShares:
    """Shares of the predictions of all repeats, and of bootstrap samples of their units (Efron 1979).

    Attributes:
        observed: The shares, one sample.
        drawn: The shares of the bootstrap samples; the same photos and units give the same samples.
        units: Number of units.
    """

    observed: Shares
    drawn: Shares
    units: int

    @classmethod
    def of(cls, repeats: Sequence[HeldOutPredictions], units: Sequence[str]) -> ResampledShares:
        """Draw samples of the predictions of all repeats.

        Args:
            repeats: Predictions of each repeat.
            units: Unit of every photo, also of those that have no prediction.
        """
        rows = scored_rows(repeats)
        names = [units[row] for row in rows.tolist()]
        counts = np.stack([_counts(one, rows) for one in repeats], axis=1)
        labels = len(repeats[0].labels)
        absent = ~np.isin(np.arange(labels), np.concatenate([one.true for one in repeats]))
        left_out = absent & repeats[0].true_classes_only
        drawn = bootstrapped_sums(counts, groups=names, seed=0, rounds=BOOTSTRAP_ROUNDS)
        return cls(
            observed=_shares(counts.sum(axis=0, keepdims=True), left_out),
            drawn=_shares(drawn, left_out),
            units=len(set(names)),
        )

    def interval(self, name: str) -> tuple[float, float] | None:
        """Return the 95 % interval of an overall share; None where no valid interval exists."""
        observed, drawn = self.observed.overall[name], self.drawn.overall[name]
        return _estimate(observed, drawn, units=self.units, is_share=name != "macro_f1").interval

    def recall(self, column: int, *, units: int) -> EstimatedShare:
        """Return the recall of one label, whose photos are of so many units."""
        observed, drawn = self.observed.recall[:, column], self.drawn.recall[:, column]
        return _estimate(observed, drawn, units=units, is_share=True)

    def f1(self, column: int, *, units: int) -> EstimatedShare:
        """Return F1 of one label, whose photos are of so many units."""
        return _estimate(self.observed.f1[:, column], self.drawn.f1[:, column], units=units, is_share=False)

    def minus(self, other: ResampledShares, name: str) -> EstimatedShare:
        """Return the difference of an overall share from that of other predictions of the same photos."""
        observed = self.observed.overall[name] - other.observed.overall[name]
        drawn = self.drawn.overall[name] - other.drawn.overall[name]
        value = float(observed[0])
        return EstimatedShare(value=value, interval=_percentiles(drawn) if self.units > 1 else None)


def share_over(values: npt.NDArray[np.bool_], units: Sequence[str]) -> EstimatedShare:
    """Return the share of photos for which something holds, with its interval over units."""
    return EstimatedShare(value=float(values.mean()), interval=share_interval(values, units))


def _percentiles(drawn: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % percentile interval of bootstrap samples; undefined ones are left out."""
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(drawn[~np.isnan(drawn)], [tail, 1 - tail])
    return float(low), float(high)


def scored_rows(repeats: Sequence[HeldOutPredictions]) -> npt.NDArray[np.int64]:
    """Return the rows that have a prediction in any repeat, ascending."""
    return np.unique(np.concatenate([one.rows for one in repeats]))


def _estimate(
    observed: npt.NDArray[np.float64], drawn: npt.NDArray[np.float64], *, units: int, is_share: bool
) -> EstimatedShare:
    value = float(observed[0])
    if np.isnan(value):
        return EstimatedShare(value=None, interval=None)
    if units < 2:
        return EstimatedShare(value=value, interval=None)
    interval = _percentiles(drawn)
    if interval[1] - interval[0] > _LEAST_SPREAD:
        return EstimatedShare(value=value, interval=interval)
    # If all photos are right, or all are wrong, resampling shows no variation, but that is not certainty.
    if not is_share:
        return EstimatedShare(value=value, interval=None)
    low, high = wilson(value, units)
    return EstimatedShare(value=value, interval=(min(low, value), max(high, value)))


def _counts(one: HeldOutPredictions, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the summands of all shares: [rows, 3 · labels + 4]; 0 for rows without a prediction."""
    one_hot = np.eye(len(one.labels))
    true, predicted = one_hot[one.true], one_hot[one.predicted]
    right = one.true == one.predicted
    rest = np.stack([np.ones(len(right)), one.confident, right & one.confident, ~one.in_scope], axis=1)
    counts = np.zeros((len(rows), 3 * len(one.labels) + rest.shape[1]))
    counts[np.searchsorted(rows, one.rows)] = np.concatenate([true * predicted, true, predicted, rest], axis=1)
    return counts


def _shares(sums: npt.NDArray[np.float64], left_out: npt.NDArray[np.bool_]) -> Shares:
    """Return the shares of sums [samples, repeats, 3 · labels + 4], without some labels in macro-F1."""
    hits, true, predicted, (n, confident, confident_right, outside) = _parts(sums, len(left_out))
    f1, recall = _ratio(2 * hits, true + predicted), _ratio(hits, true)
    overall = {
        "macro_f1": _mean(np.where(left_out, np.nan, f1)),
        "balanced_accuracy": _mean(recall),
        "accuracy": _ratio(hits.sum(axis=-1), n),
        "coverage": _ratio(confident, n),
        "selective_accuracy": _ratio(confident_right, confident),
        "out_of_scope": _ratio(outside, n),
    }
    return Shares(
        overall={name: _mean(values) for name, values in overall.items()},
        recall=_mean(recall.swapaxes(1, 2)),
        f1=_mean(f1.swapaxes(1, 2)),
    )


def _parts(
    sums: npt.NDArray[np.float64], labels: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    hits, true, predicted, rest = np.split(sums, [labels, 2 * labels, 3 * labels], axis=-1)
    return hits, true, predicted, np.moveaxis(rest, -1, 0)


def _ratio(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of the last axis without what is undefined; NaN where everything is."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
