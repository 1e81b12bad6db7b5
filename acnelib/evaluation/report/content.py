"""What an evaluation report is made of, and every number that is computed from it, each once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from acnelib.evaluation.calibration import Calibration, calibration_of
from acnelib.evaluation.intervals import Estimates, estimates_of
from acnelib.evaluation.ranking import Ranking, ranking_of
from acnelib.evaluation.selective import Selective, selective_of
from acnelib.evaluation.slices import SliceFamily, slice_families

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.evaluation.label_errors import Suspicion
    from acnelib.evaluation.scored_photos import ScoredPhotos


@dataclass(frozen=True, kw_only=True)
class Measurements:
    """The numbers of a report.

    Attributes:
        estimates: Metrics on the test photos.
        beside: The same on other photos, by what they are.
        calibration: Calibration of the scores.
        uncalibrated: Metrics and calibration of the scores before they were calibrated; None when there are none.
        selective: Accuracy by coverage.
        ranking: ROC and precision–recall curves.
        families: Metrics of slices.
    """

    estimates: Estimates
    beside: Mapping[str, Estimates]
    calibration: Calibration
    uncalibrated: tuple[Estimates, Calibration] | None
    selective: Selective
    ranking: Ranking
    families: tuple[SliceFamily, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluationContent:
    """All that the evaluation report of one candidate is made of.

    Attributes:
        name: The candidate, by its backbone.
        source: Name of the source.
        made_at: When, ISO 8601 in UTC.
        test: ScoredPhotos on the test photos, at least one.
        out_of_fold: On the photos that were learnt from, by heads that never saw them.
        uncalibrated_test: On the test photos, before calibration.
        suspicions: Photos that may stand under the wrong label, the plainest first.
        slices: By family, the slice of each photo by its SHA-256.
        licence_warnings: What the licences forbid, in sentences without a full stop.
        statements: What is weak about the split, likewise.
        majority_label: The commonest label of the photos that were learnt from.
        majority_macro_f1: Macro-F1 of always answering it.
        seconds: How long training took.
        parameters: What the candidate was made with, by name.
    """

    name: str
    source: str
    made_at: str
    test: ScoredPhotos
    out_of_fold: ScoredPhotos | None = None
    uncalibrated_test: ScoredPhotos | None = None
    suspicions: tuple[Suspicion, ...] = ()
    slices: Mapping[str, Mapping[str, str]]
    licence_warnings: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    majority_label: str
    majority_macro_f1: float
    seconds: float
    parameters: Mapping[str, str]

    @cached_property
    def measurements(self) -> Measurements:
        """The numbers; computed when they are first asked for, and the same each time.

        Raises:
            DataUnusable: There is no test photo.
        """
        beside = {"learnt from, cross-validated": self.out_of_fold}
        before = self.uncalibrated_test
        return Measurements(
            estimates=estimates_of(self.test),
            beside={name: estimates_of(some) for name, some in beside.items() if some is not None and some.photos},
            calibration=calibration_of(self.test),
            uncalibrated=None if before is None else (estimates_of(before), calibration_of(before)),
            selective=selective_of(self.test),
            ranking=ranking_of(self.test),
            families=slice_families(self.test, self.slices),
        )


def figures_of_numbers(content: EvaluationContent) -> dict[str, float]:
    """Return further numbers for a run, beside those of :class:`acnelib.evaluation_record.Metrics`; none is NaN."""
    found = content.measurements
    numbers = {
        "aurc": found.selective.aurc,
        "auroc_macro": found.ranking.auroc_macro,
        "average_precision_macro": found.ranking.average_precision_macro,
        "ece_expected": found.calibration.ece.expected,
        "ece_limit": found.calibration.ece.band[1],
        "groups": float(found.estimates.groups),
    }
    return {name: round(number, 6) for name, number in numbers.items() if number is not None}
