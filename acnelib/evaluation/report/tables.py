"""Tables and figures of an evaluation for a run's artifacts: numbers and hashes, no photos and no paths."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from acnelib.evaluation.report import plots
from acnelib.labels import as_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

    from acnelib.evaluation.calibration import Calibration
    from acnelib.evaluation.intervals import Estimate, MetricEstimates
    from acnelib.evaluation.report.content import EvaluationContent, ReportMetrics

_Cell = str | float | None

_PERCENTS = tuple(percent / 100 for percent in range(1, 101))


def evaluation_tables(content: EvaluationContent) -> dict[str, str]:
    """Return CSV tables by file name; undefined values are empty, shares lie in 0–1."""
    found = content.metrics
    return {
        "measurements.csv": _measurements(found),
        "per_class.csv": _per_class(found),
        "per_source.csv": _per_source(found),
        "confusion.csv": _confusion(content),
        "calibration.csv": _calibration(found),
        "reliability.csv": _reliability(found),
        "coverage_risk.csv": _coverage_risk(found),
        "slices.csv": _slices(found),
    }


def evaluation_figures(content: EvaluationContent) -> dict[str, Figure]:
    """Return figures by name, without those that need more photos or classes."""
    found = content.metrics
    once = content.answers.once()
    number = f"{found.estimates.n} {content.photos_described}"
    title = f"{content.name}, {number}".replace("$", r"\$")
    before = None if found.uncalibrated is None else found.uncalibrated[1]
    figures = {
        "confusion_matrix": plots.confusion_figure(
            once.true_labels, once.predicted_labels, labels=once.labels, title=title
        ),
        "per_class_f1": plots.f1_figure(found.estimates),
        "reliability": plots.reliability_figure(found.calibration, before=before),
        "coverage_risk": plots.coverage_figure(found.selective),
    }
    if found.ranking.curves:
        figures["roc"] = plots.roc_figure(found.ranking)
        figures["precision_recall"] = plots.precision_recall_figure(found.ranking)
    return figures


_MEASURED = ("macro_f1", "accuracy", "ece", "coverage", "selective_accuracy", "refused")


def _measurements(found: ReportMetrics) -> str:
    rows = [
        [one.name, one.estimates.n, one.estimates.groups, one.repeats, *_several(one.estimates)]
        for one in found.measurements
    ]
    return _csv(["held_out", "photos", "groups", "sets_of_folds", *_measured(*_MEASURED)], rows)


def _several(estimates: MetricEstimates) -> list[float | None]:
    return [cell for name in _MEASURED for cell in _cells(estimates.overall[name])]


def _per_source(found: ReportMetrics) -> str:
    rows: list[list[_Cell]] = []
    for source, (known, unseen) in found.sources.items():
        for label, one in known.per_class.items():
            if one.photos:
                apart = [None] * 3 if unseen is None else _cells(unseen.per_class[label].recall)
                rows.append([source, label, one.photos, one.groups, *_cells(one.recall), *apart])
    return _csv(["source", "label", "photos", "groups", *_measured("recall", "recall_source_held_out")], rows)


def _per_class(found: ReportMetrics) -> str:
    head = ["label", "photos", "groups", "answered", *_measured("precision", "recall", "f1")]
    curves = {curve.label: curve for curve in found.ranking.curves}
    rows = []
    for label, one in found.estimates.per_class.items():
        curve = curves.get(label)
        areas = [None, None] if curve is None else [curve.auroc, curve.average_precision]
        measured = [*_cells(one.precision), *_cells(one.recall), *_cells(one.f1)]
        rows.append([label, one.photos, one.groups, one.answered, *measured, *areas])
    return _csv([*head, "auroc", "average_precision"], rows)


def _confusion(content: EvaluationContent) -> str:
    once = content.answers.once()
    labels = once.labels
    counts = plots.confusion_counts(once.true_labels, once.predicted_labels, labels=labels).tolist()
    return _csv(["true \\ answer", *labels], [[label, *row] for label, row in zip(labels, counts, strict=True)])


def _calibration(found: ReportMetrics) -> str:
    head = ["scores", "metric", *_measured("observed"), "expected", "expected_low", "expected_high", "below", "verdict"]
    rows: list[list[_Cell]] = []
    before = () if found.uncalibrated is None else (("uncalibrated", *found.uncalibrated),)
    for name, estimates, calibration in (("calibrated", found.estimates, found.calibration), *before):
        for metric in ("ece", "nll", "brier"):
            compared = getattr(calibration, metric)
            expected = [compared.expected, *compared.band, compared.below, str(compared.verdict)]
            rows.append([name, metric, *_cells(estimates.overall[metric]), *expected])
    return _csv(head, rows)


def _reliability(found: ReportMetrics) -> str:
    head = ["scores", "from", "to", "photos", "groups", "confidence", *_measured("accuracy")]
    rows = _bins("calibrated", found.calibration)
    if found.uncalibrated is not None:
        rows += _bins("uncalibrated", found.uncalibrated[1])
    return _csv([*head, "expected_low", "expected_high"], rows)


def _bins(name: str, calibration: Calibration) -> list[list[_Cell]]:
    return [
        [name, one.low, one.high, one.n, one.groups, one.confidence, one.accuracy, *one.interval, *one.expected]
        for one in calibration.bins
    ]


def _coverage_risk(found: ReportMetrics) -> str:
    points = dict.fromkeys(found.selective.at(_PERCENTS))
    rows = [[one.coverage, one.photos, one.groups, one.confidence, one.accuracy, *one.interval] for one in points]
    return _csv(["coverage", "photos", "groups", "confidence_from", *_measured("accuracy")], rows)


def _slices(found: ReportMetrics) -> str:
    rows: list[list[_Cell]] = [
        [family.name, one.name, one.n, one.groups, *_cells(one.accuracy), *_cells(one.macro_f1), one.accuracy.note]
        for family in found.families
        for one in family.slices
    ]
    return _csv(["family", "slice", "photos", "groups", *_measured("accuracy", "macro_f1"), "note"], rows)


def _measured(*names: str) -> list[str]:
    return [f"{name}{part}" for name in names for part in ("", "_low", "_high")]


def _cells(estimate: Estimate) -> list[float | None]:
    return [estimate.value, *(estimate.interval or (None, None))]


def _csv(head: Sequence[str], rows: Iterable[Sequence[_Cell]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([_written(cell) for cell in row] for row in (head, *rows))
    return stream.getvalue()


def _written(cell: _Cell) -> _Cell:
    if isinstance(cell, float):
        return round(cell, 4)
    return as_cell(cell) if isinstance(cell, str) else cell
