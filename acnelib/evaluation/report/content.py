"""The content of an evaluation report, with every number that is computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.calibration import Calibration, calibration_of
from acnelib.evaluation.intervals import MetricEstimates, estimate_metrics
from acnelib.evaluation.ranking import Ranking, ranking_of
from acnelib.evaluation.selective import Selective, selective_of
from acnelib.evaluation.slices import SliceFamily, slice_families

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.evaluation.label_errors import SuspectedLabelError
    from acnelib.evaluation.scored_photos import ScoredPhotos


@dataclass(frozen=True, kw_only=True)
class ReportMetrics:
    """The metrics of a report.

    Attributes:
        estimates: Metrics on the test photos.
        other_photos: Metrics on other photos, by a description of them.
        calibration: Calibration of the scores.
        uncalibrated: Metrics and calibration of the scores before calibration; None without such scores.
        selective: Accuracy by coverage.
        ranking: ROC and precision–recall curves.
        families: Metrics of slices.
    """

    estimates: MetricEstimates
    other_photos: Mapping[str, MetricEstimates]
    calibration: Calibration
    uncalibrated: tuple[MetricEstimates, Calibration] | None
    selective: Selective
    ranking: Ranking
    families: tuple[SliceFamily, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluationContent:
    """The content of the evaluation report of one candidate.

    Attributes:
        name: The candidate, by its backbone.
        source: Name of the source.
        made_at: Time of the evaluation, ISO 8601 in UTC.
        test: Scores of the test photos, at least one.
        out_of_fold: Cross-validated scores of the training photos.
        uncalibrated_test: Scores of the test photos before calibration.
        label_errors: Suspected label errors, the most obvious first.
        slices: By family, the slice of each photo by its SHA-256.
        licence_warnings: Restrictions of the licences, in sentences without a full stop.
        split_warnings: Weaknesses of the split, likewise.
        majority_label: The most common label of the training photos.
        majority_macro_f1: Macro-F1 of a model that always answers this label.
        seconds: Duration of the training.
        parameters: Parameters of the candidate, by name.
        drawn: Whether the candidate was trained on drawn pictures only, and therefore calls no answer confident.
    """

    name: str
    source: str
    made_at: str
    test: ScoredPhotos
    out_of_fold: ScoredPhotos | None = None
    uncalibrated_test: ScoredPhotos | None = None
    label_errors: tuple[SuspectedLabelError, ...] = ()
    slices: Mapping[str, Mapping[str, str]]
    licence_warnings: tuple[str, ...] = ()
    split_warnings: tuple[str, ...] = ()
    majority_label: str
    majority_macro_f1: float
    seconds: float
    parameters: Mapping[str, str]
    drawn: bool = False

    @cached_property
    def metrics(self) -> ReportMetrics:
        """The metrics; computed on first access.

        Raises:
            DataUnusable: There is no test photo.
        """
        other_photos = {"train and validation, cross-validated": self.out_of_fold}
        before = self.uncalibrated_test
        return ReportMetrics(
            estimates=estimate_metrics(self.test),
            other_photos={
                name: estimate_metrics(scored) for name, scored in other_photos.items() if scored and scored.photos
            },
            calibration=calibration_of(self.test),
            uncalibrated=None if before is None else (estimate_metrics(before), calibration_of(before)),
            selective=selective_of(self.test),
            ranking=ranking_of(self.test),
            families=slice_families(self.test, self.slices),
        )


def headline(content: EvaluationContent) -> str:
    """Return the result of an evaluation in two sentences, with the numbers that matter most."""
    correct = np.array(content.test.predicted_labels) == np.array(content.test.true_labels)
    confident = content.test.confident
    macro_f1 = content.metrics.estimates.overall["macro_f1"]
    interval = "" if macro_f1.interval is None else f" ({macro_f1.interval[0]:.2f}–{macro_f1.interval[1]:.2f})"
    photos = f"{len(correct):,} test photo{'' if len(correct) == 1 else 's'}"
    result = f"Right on {correct.sum():,} of {photos}; macro-F1 {macro_f1.value:.2f}{interval}."
    if content.drawn:
        return f"{result} Trained on drawn pictures only, so it calls no answer confident."
    if not confident.any():
        return f"{result} Confident on none of them."
    return f"{result} Confident on {confident.sum():,} of them, and right on {correct[confident].sum():,} of those."


def summary_metrics(content: EvaluationContent) -> dict[str, float]:
    """Return metrics for a run, in addition to those of :class:`acnelib.evaluation_record.Metrics`; none is NaN."""
    found = content.metrics
    numbers = {
        "aurc": found.selective.aurc,
        "auroc_macro": found.ranking.auroc_macro,
        "average_precision_macro": found.ranking.average_precision_macro,
        "ece_expected": found.calibration.ece.expected,
        "ece_limit": found.calibration.ece.band[1],
        "groups": float(found.estimates.groups),
    }
    return {name: round(number, 6) for name, number in numbers.items() if number is not None}
