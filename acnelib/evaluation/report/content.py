"""The content of an evaluation report, with every number that is computed from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from acnelib.evaluation.calibration import Calibration, calibration_of
from acnelib.evaluation.intervals import MetricEstimates, estimate_metrics
from acnelib.evaluation.measurements import Measurement, measurements_of
from acnelib.evaluation.ranking import Ranking, ranking_of
from acnelib.evaluation.refusals import Refusals, refusals_of
from acnelib.evaluation.selective import Selective, selective_of
from acnelib.evaluation.slices import SliceFamily, slice_families

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.bundle import LearntBackground
    from acnelib.evaluation.label_errors import SuspectedLabelError
    from acnelib.evaluation.scored_photos import ScoredPhotos


@dataclass(frozen=True, kw_only=True)
class ReportMetrics:
    """The metrics of a report.

    Attributes:
        measurements: Metrics by what was held apart, the most demanding first.
        estimates: Metrics of the answers that the report describes.
        sources: By name of the source, metrics of these answers about its photos, and of those by what the other
            sources teach, if it was held out; empty with one source.
        refusals: Refused photos of the classes.
        calibration: Calibration of the scores.
        uncalibrated: Metrics and calibration of the scores before calibration; None without such scores.
        selective: Accuracy by coverage.
        ranking: ROC and precision–recall curves.
        families: Metrics of slices.
    """

    measurements: tuple[Measurement, ...]
    estimates: MetricEstimates
    sources: Mapping[str, tuple[MetricEstimates, MetricEstimates | None]]
    refusals: Refusals
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
        series: Answers about photos whose series was held out; at least one, unless there are test photos.
        out_of_fold: Answers about photos whose group was held out.
        unseen_sources: Answers about the photos of each source by what the other sources teach.
        test: Answers about photos kept out for a test; None without any.
        uncalibrated: The described answers before calibration.
        sources: Names of the sources of each photo, by its SHA-256.
        angles: Typology angle of the skin on each photo in degrees, by its SHA-256; None without an estimate.
        background: The background photos that were learnt from; None without any.
        label_errors: Suspected label errors, the most obvious first.
        slices: By family, the slice of each photo by its SHA-256.
        licence_warnings: Restrictions of the licences, in sentences without a full stop.
        split_warnings: Weaknesses of the split, likewise.
        majority_label: The most common label of the training photos.
        majority_macro_f1: Macro-F1 of a model that always answers this label.
        seconds: Duration of the training.
        parameters: Parameters of the candidate, by name.
        reviews: What reviewers changed in the photos, in words.
        drawn: Whether the candidate was trained on drawn pictures only, and therefore calls no answer confident.
    """

    name: str
    source: str
    made_at: str
    series: ScoredPhotos
    out_of_fold: ScoredPhotos | None = None
    unseen_sources: Mapping[str, ScoredPhotos] = field(default_factory=dict)
    test: ScoredPhotos | None = None
    uncalibrated: ScoredPhotos | None = None
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)
    angles: Mapping[str, float | None] = field(default_factory=dict)
    background: LearntBackground | None = None
    label_errors: tuple[SuspectedLabelError, ...] = ()
    slices: Mapping[str, Mapping[str, str]]
    licence_warnings: tuple[str, ...] = ()
    split_warnings: tuple[str, ...] = ()
    majority_label: str
    majority_macro_f1: float
    seconds: float
    parameters: Mapping[str, str]
    reviews: tuple[str, ...] = ()
    drawn: bool = False

    @property
    def answers(self) -> ScoredPhotos:
        """The answers that the report describes: about test photos if there are any, else with series held out."""
        return self.test or self.series

    @property
    def photos_described(self) -> str:
        """The photos of these answers, in words."""
        return "test photos" if self.test else "photos held out by series"

    @property
    def unseen_source(self) -> ScoredPhotos | None:
        """Answers about the photos of all sources that were held out; None with one source."""
        sets = list(self.unseen_sources.values())
        return replace(sets[0], photos=tuple(photo for some in sets for photo in some.photos)) if sets else None

    @cached_property
    def metrics(self) -> ReportMetrics:
        """The metrics; computed on first access.

        Raises:
            DataUnusable: There is no photo.
        """
        answers, before = self.answers, self.uncalibrated
        return ReportMetrics(
            estimates=estimate_metrics(answers),
            measurements=measurements_of(
                test=self.test,
                unseen_source=self.unseen_source,
                unseen_sources=self.unseen_sources,
                series=self.series,
                out_of_fold=self.out_of_fold,
            ),
            sources=self._by_source(),
            refusals=refusals_of(answers, sources=self.sources, unseen_sources=self.unseen_sources, angles=self.angles),
            calibration=calibration_of(answers),
            uncalibrated=None if before is None else (estimate_metrics(before), calibration_of(before)),
            selective=selective_of(answers),
            ranking=ranking_of(answers),
            families=slice_families(answers, self.slices),
        )

    def _by_source(self) -> dict[str, tuple[MetricEstimates, MetricEstimates | None]]:
        names = sorted({name for names in self.sources.values() for name in names})
        found: dict[str, tuple[MetricEstimates, MetricEstimates | None]] = {}
        for name in names if len(names) > 1 else ():
            own = self.answers.subset({sha256 for sha256, some in self.sources.items() if name in some})
            apart = self.unseen_sources.get(name)
            if own.photos:
                unseen = estimate_metrics(apart, scored_classes_only=True) if apart and apart.photos else None
                found[name] = estimate_metrics(own, scored_classes_only=True), unseen
        return found


def headline(content: EvaluationContent) -> str:
    """Return the result of an evaluation in a few sentences, with the numbers that matter most."""
    found = content.metrics.estimates
    macro_f1 = found.overall["macro_f1"]
    interval = "" if macro_f1.interval is None else f" ({macro_f1.interval[0]:.2f}–{macro_f1.interval[1]:.2f})"
    photos = content.photos_described if found.n != 1 else content.photos_described.replace("photos", "photo")
    result = f"Right on {_share(found, 'accuracy')} of {found.n:,} {photos}; macro-F1 {macro_f1.value:.2f}{interval}."
    if content.drawn:
        return f"{result} Trained on drawn pictures only, so it calls no answer confident."
    result = f"{result} {_confident(found)}"
    if content.unseen_source is None:
        return result
    unseen = estimate_metrics(content.unseen_source, scored_classes_only=True)
    return (
        f"{result} On photos of sources that it never saw, it is right on {_share(unseen, 'accuracy')}. "
        f"{_confident(unseen)}"
    )


def _confident(found: MetricEstimates) -> str:
    if found.overall["selective_accuracy"].value is None:
        return "Confident on none of them."
    right = _share(found, "selective_accuracy")
    return f"Confident on {_share(found, 'coverage')} of them, and right on {right} of those."


def _share(found: MetricEstimates, name: str) -> str:
    return f"{found.overall[name].value or 0.0:.0%}"


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
