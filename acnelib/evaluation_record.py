"""The evaluation of a candidate in ``evaluation.json``, which is sealed in the bundle.

The JSON has an object of metrics for each set of answers: ``out_of_fold``, ``series`` and, if there are any,
``unseen_source`` and ``test``; by source under ``unseen_sources``; ``unseen_condition``; and the baseline ``majority``.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from acnelib.errors import BundleInvalid
from acnelib.storage.files import write_json
from acnelib.storage.strict_json import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LARGEST = 20_000_000  # bytes
_ROUNDING = 1e-6
_COLUMNS = ("confidence", "photos", "groups", "accuracy", "low", "high")
_SHARES = ("accuracy", "balanced_accuracy", "macro_f1", "ece", "coverage")


@dataclass(frozen=True, kw_only=True)
class ClassMetrics:
    """Precision, recall and F1 (0–1) of one class, with the number of its photos."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Metrics of scores against true labels; all except counts, NLL and Brier score lie in 0–1.

    Attributes:
        n: Scored photos.
        unreadable: Photos that could not be read; no other metric counts them.
        accuracy: Share of photos whose predicted label is right.
        balanced_accuracy: Mean recall over the classes that occur.
        macro_f1: Mean F1 over the classes that occur among true or predicted labels.
        macro_f1_interval: Its 95 % percentile bootstrap interval over groups of related photos.
        ece: Expected calibration error of the top label, ten equal-width bins (Guo et al. 2017).
        nll: Mean negative log-likelihood of the true label, in nats.
        brier: Mean squared error of the scores, summed over classes (Brier 1950).
        coverage: Share of photos with a confident answer.
        selective_accuracy: Accuracy of the confident answers; None without any.
        per_class: Metrics of each class that occurs.
    """

    n: int
    unreadable: int
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    ece: float
    nll: float
    brier: float
    coverage: float
    selective_accuracy: float | None
    per_class: dict[str, ClassMetrics]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class ThresholdShare:
    """The photos whose confidence reaches one threshold.

    Attributes:
        confidence: The lowest confidence among them, 0–1.
        photos: Number of photos, at least 1.
        groups: Number of their groups.
        accuracy: Share of right answers, 0–1.
        interval: Its 95 % Wilson interval, over groups.
    """

    confidence: float
    photos: int
    groups: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class SubsetEvaluation:
    """The metrics on one set of photos.

    Attributes:
        metrics: The metrics.
        out_of_scope: Photos with the verdict out-of-scope.
        thresholds: Shares by confidence, in descending order; None if not computed.
    """

    metrics: Metrics
    out_of_scope: int
    thresholds: tuple[ThresholdShare, ...] | None = None

    @property
    def refused(self) -> float:
        """Share of the photos with the verdict out-of-scope, 0–1."""
        return self.out_of_scope / self.metrics.n if self.metrics.n else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return plain values, with the shares as columns."""
        values = {**self.metrics.as_dict(), "out_of_scope": self.out_of_scope}
        if self.thresholds is None:
            return values
        rows = [(one.confidence, one.photos, one.groups, one.accuracy, *one.interval) for one in self.thresholds]
        return values | {"selective": {name: [row[place] for row in rows] for place, name in enumerate(_COLUMNS)}}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SubsetEvaluation:
        """Return the metrics from the values of :meth:`as_json`.

        Raises:
            KeyError, TypeError, ValueError: A value is missing, of another type or out of range.
        """
        classes = {
            str(label): ClassMetrics(
                **{name: _number(one, name, most=1.0) for name in ("precision", "recall", "f1")},
                support=_count(one, "support"),
            )
            for label, one in values["per_class"].items()
        }
        low, high = _interval(*values["macro_f1_interval"])
        metrics = Metrics(
            n=_count(values, "n"),
            unreadable=_count(values, "unreadable"),
            **{name: _number(values, name, most=1.0) for name in _SHARES},
            macro_f1_interval=(low, high),
            nll=_number(values, "nll"),
            brier=_number(values, "brier"),
            selective_accuracy=(
                None if values["selective_accuracy"] is None else _number(values, "selective_accuracy", most=1.0)
            ),
            per_class=classes,
        )
        return cls(metrics=metrics, out_of_scope=_count(values, "out_of_scope"), thresholds=_thresholds(values))


@dataclass(frozen=True, kw_only=True)
class UnseenConditionEvaluation:
    """Verdicts on background photos by scopes that never saw their conditions.

    Attributes:
        photos: Number of photos.
        conditions: Number of conditions.
        refused: Share that is out of scope, 0–1.
        confident: Share with a confident answer, 0–1.
    """

    photos: int
    conditions: int
    refused: float
    confident: float


@dataclass(frozen=True, kw_only=True)
class EvaluationRecord:
    """The content of ``evaluation.json``: metrics of answers by heads that never saw the photo.

    Attributes:
        out_of_fold: Metrics on all train photos, held out by group (copies and scenes).
        series: Metrics on the same photos, held out by series (probably one patient).
        unseen_source: Metrics on photos of sources held apart, whose class the other sources teach; None with one
            source.
        unseen_sources: The same for each source.
        unseen_condition: Verdicts on background photos; None without any.
        test: Metrics of the model itself on photos kept out for a test; None without any.
        majority_label: The most common label of the train photos.
        majority_macro_f1: Macro-F1 of a model that always answers this label on the judged photos, 0–1.
    """

    out_of_fold: SubsetEvaluation
    series: SubsetEvaluation
    unseen_source: SubsetEvaluation | None = None
    unseen_sources: Mapping[str, SubsetEvaluation] = field(default_factory=dict)
    unseen_condition: UnseenConditionEvaluation | None = None
    test: SubsetEvaluation | None = None
    majority_label: str
    majority_macro_f1: float

    @property
    def judged(self) -> SubsetEvaluation:
        """The metrics that the gate decides by: on test photos if there are any, else out-of-fold."""
        return self.test or self.out_of_fold

    @property
    def at_thresholds(self) -> SubsetEvaluation:
        """The metrics that show the effect of a threshold: on test photos if there are any, else by series."""
        return self.test or self.series

    def subsets(self) -> dict[str, SubsetEvaluation]:
        """Return the available metrics, by the names in runs and notes."""
        found = {
            "out_of_fold": self.out_of_fold,
            "series": self.series,
            "unseen_source": self.unseen_source,
            "test": self.test,
        }
        return {name: one for name, one in found.items() if one is not None}

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            **{name: one.as_json() for name, one in self.subsets().items()},
            "unseen_sources": {name: one.as_json() for name, one in self.unseen_sources.items()},
            "unseen_condition": None if self.unseen_condition is None else asdict(self.unseen_condition),
            "majority": {"label": self.majority_label, "macro_f1": self.majority_macro_f1},
        }

    def write(self, path: Path) -> None:
        """Write the file atomically."""
        write_json(path, self.as_json())

    @classmethod
    def read(cls, path: Path) -> EvaluationRecord:
        """Read the file.

        Raises:
            BundleInvalid: The file is missing or not JSON, or a value is missing, of another type or out of range.
        """
        try:
            values = read_json(path, largest=_LARGEST, constant=float)
            subsets = {
                name: SubsetEvaluation.from_json(values[name])
                for name in ("out_of_fold", "series", "unseen_source", "test")
                if values.get(name) is not None or name in {"out_of_fold", "series"}
            }
            sources = {str(name): SubsetEvaluation.from_json(one) for name, one in values["unseen_sources"].items()}
            return cls(
                **subsets,
                unseen_sources=sources,
                unseen_condition=_unseen_condition(values["unseen_condition"]),
                majority_label=str(values["majority"]["label"]),
                majority_macro_f1=_number(values["majority"], "macro_f1", most=1.0),
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BundleInvalid(
                f"{path} is no evaluation of this version of acnelib ({error!r:.200}): "
                "fetch the bundle again or train again"
            ) from error


def _unseen_condition(values: Mapping[str, Any] | None) -> UnseenConditionEvaluation | None:
    if values is None:
        return None
    return UnseenConditionEvaluation(
        photos=_count(values, "photos"),
        conditions=_count(values, "conditions"),
        refused=_number(values, "refused", most=1.0),
        confident=_number(values, "confident", most=1.0),
    )


def publishable_values(path: Path) -> dict[str, Any] | None:
    """Return the values of a bundle's evaluation for publication; None without an evaluation.

    Numbers that JSON cannot represent, such as NaN, become None.

    Raises:
        BundleInvalid: The file is not JSON, or too large or too deep.
    """
    try:
        values: dict[str, Any] = read_json(path, largest=_LARGEST, constant=lambda _: None)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BundleInvalid(f"{path} is no JSON ({error}): fetch the bundle again or train again") from error
    return values


def _thresholds(values: Mapping[str, Any]) -> tuple[ThresholdShare, ...] | None:
    if "selective" not in values:
        return None
    columns = [values["selective"][name] for name in _COLUMNS]
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]
    return tuple(
        ThresholdShare(
            confidence=_number(row, "confidence", most=1.0),
            photos=_count(row, "photos"),
            groups=_count(row, "groups"),
            accuracy=_number(row, "accuracy", most=1.0),
            interval=_interval(row["low"], row["high"]),
        )
        for row in rows
    )


def _count(values: Mapping[str, Any], name: str) -> int:
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is {value!r}, not a count")
    return value


def _number(values: Mapping[str, Any], name: str, *, most: float = math.inf) -> float:
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}, not a number")
    if not (math.isfinite(value) and -_ROUNDING <= value <= most + _ROUNDING):
        raise ValueError(f"{name} is {value!r}, not in 0–{most:g}")
    return float(value)


def _interval(low: Any, high: Any) -> tuple[float, float]:
    ends = {"low": low, "high": high}
    return _number(ends, "low", most=1.0), _number(ends, "high", most=1.0)
