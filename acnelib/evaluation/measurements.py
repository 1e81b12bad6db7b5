"""Measurements of a candidate: what each holds apart from the photos that are learnt from, and its metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.evaluation.intervals import MetricEstimates, estimate_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acnelib.evaluation.scored_photos import ScoredPhotos

TEST_KEPT_OUT = "test"
SERIES_HELD_OUT = "series held out"
GROUPS_HELD_OUT = "groups held out"
SOURCES_HELD_OUT = "sources held out"

HOLDS_APART = {
    TEST_KEPT_OUT: "photos kept out for a test, classified by the model itself",
    SOURCES_HELD_OUT: "each source by a model of the others only: believe it for photos of another origin",
    SERIES_HELD_OUT: "photos that probably show one patient: believe it for other patients of the same sources",
    GROUPS_HELD_OUT: "copies and shots of one scene only, so it may flatter; the gate compares models by it",
}
"""What each measurement holds apart, in words."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One way to hold photos apart, with the metrics of the answers about them.

    Attributes:
        name: Its name.
        about: What it holds apart, in words; empty for a part of the measurement above it.
        classes: Number of scored classes, where they may be fewer than the model knows; None elsewhere.
        repeats: Number of sets of folds, of which the metrics are the mean.
        estimates: Metrics with intervals.
    """

    name: str
    about: str
    classes: int | None
    repeats: int
    estimates: MetricEstimates


def measurements_of(
    *,
    test: ScoredPhotos | None,
    unseen_source: ScoredPhotos | None,
    unseen_sources: Mapping[str, ScoredPhotos],
    series: ScoredPhotos,
    out_of_fold: ScoredPhotos | None,
) -> tuple[Measurement, ...]:
    """Return the measurements that have photos; macro-F1 of unseen sources is the mean over the classes they show.

    Args:
        test: Answers about photos kept out for a test.
        unseen_source: Answers about photos of all sources that were held out.
        unseen_sources: The same by source.
        series: Answers about photos whose series was held out.
        out_of_fold: Answers about photos whose group was held out.
    """
    return tuple(_measured(test, unseen_source, unseen_sources, series, out_of_fold))


def _measured(
    test: ScoredPhotos | None,
    unseen_source: ScoredPhotos | None,
    unseen_sources: Mapping[str, ScoredPhotos],
    series: ScoredPhotos,
    out_of_fold: ScoredPhotos | None,
) -> Iterator[Measurement]:
    if test is not None and test.photos:
        yield _measurement(TEST_KEPT_OUT, test)
    if unseen_source is not None and unseen_source.photos:
        yield _measurement(SOURCES_HELD_OUT, unseen_source, scored_classes_only=True)
        for name, answers in unseen_sources.items():
            yield _measurement(f"{name} held out", answers, scored_classes_only=True)
    if series.photos:
        yield _measurement(SERIES_HELD_OUT, series)
    if out_of_fold is not None and out_of_fold.photos:
        yield _measurement(GROUPS_HELD_OUT, out_of_fold)


def _measurement(name: str, answers: ScoredPhotos, *, scored_classes_only: bool = False) -> Measurement:
    return Measurement(
        name=name,
        about=HOLDS_APART.get(name, ""),
        classes=len(set(answers.true_labels)) if scored_classes_only else None,
        repeats=answers.repeats,
        estimates=estimate_metrics(answers, scored_classes_only=scored_classes_only),
    )
