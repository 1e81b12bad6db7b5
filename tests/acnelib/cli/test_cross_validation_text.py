"""The sentences of ``acne cross-validate`` about which figure to believe for what."""

from __future__ import annotations

import pytest

from acnelib.cli.cross_validation_text import cross_validation_lines
from acnelib.validation.cross_validation_record import (
    ClassEvaluation,
    CrossValidation,
    EstimatedShare,
    HeldOutEvaluation,
    HeldOutUnit,
    MeanAndDeviation,
    PairedEvaluation,
    RecipeEvaluation,
    UnseenConditionShares,
)

SHARE = EstimatedShare(value=0.5, interval=(0.4, 0.6))
METRICS = (
    "macro_f1", "macro_f1_by_chance", "balanced_accuracy", "accuracy", "ece", "ece_limit", "nll", "brier", "coverage",
    "selective_accuracy", "out_of_scope",
)  # fmt: skip


def yardstick(apart, units, *, untaught=None, selective_accuracy=0.5, label="cysts"):
    figures = dict.fromkeys(METRICS, MeanAndDeviation(mean=0.5, sd=0.01))
    return HeldOutEvaluation(
        apart=apart,
        photos=90,
        untaught=untaught or {},
        units=units,
        largest=3,
        figures={**figures, "selective_accuracy": MeanAndDeviation(mean=selective_accuracy, sd=None)},
        intervals=dict.fromkeys(METRICS, (0.4, 0.6)) | {"selective_accuracy": None},
        per_class={label: ClassEvaluation(photos=90, series=30, recall=SHARE, f1=SHARE)},
    )


def lines_of(*, sources=("atlas",), unseen=None, conditions=None, photos=90, series=30, paired=(), label="cysts"):
    yardsticks = [yardstick(HeldOutUnit.SERIES, series, label=label), yardstick(HeldOutUnit.GROUPS, 60)]
    recipe = RecipeEvaluation(
        backbone="mobilenet_v1_0.25_128",
        weights="starter",
        yardsticks=[*yardsticks, *([yardstick(HeldOutUnit.SOURCES, len(unseen))] if unseen else [])],
        unseen_sources=unseen or {},
        unseen_conditions=conditions,
    )
    found = CrossValidation(
        source="+".join(sources),
        sources=dict.fromkeys(sources, photos),
        classes={"cysts": photos},
        folds=5,
        repeats=2,
        shuffled=False,
        believe=HeldOutUnit.SERIES,
        lone=[],
        recipes=[recipe],
        paired=list(paired),
    )
    return list(cross_validation_lines(found))


def says(lines, *words):
    return any(all(word in line for word in words) for line in lines)


def test_with_one_source_elsewhere_is_not_known():
    assert says(lines_of(), "one source", "could be held apart", "not known")


def test_sources_that_teach_each_other_nothing_are_not_said_to_be_one():
    lines = lines_of(sources=("atlas", "clinic"))
    assert says(lines, "No source could be held apart", "not known")
    assert not says(lines, "one source")


def test_sources_are_the_figure_for_photos_from_elsewhere():
    unseen = {
        "atlas": yardstick(HeldOutUnit.SOURCES, 1, untaught={"rosacea": 12}),
        "clinic": yardstick(HeldOutUnit.SOURCES, 1, selective_accuracy=None),
    }
    lines = lines_of(sources=("atlas", "clinic", "ward"), unseen=unseen)
    assert says(lines, "photos from elsewhere", "believe sources")
    assert says(lines, "while atlas is held apart", "12 of rosacea")
    assert says(lines, "Not held apart: ward")
    assert says(lines, "right of them", "–")


def test_columns_of_many_sources_stay_within_a_line():
    unseen = {f"a-rather-long-name-{number}": yardstick(HeldOutUnit.SOURCES, 1) for number in range(5)}
    tables = [line for line in lines_of(sources=tuple(unseen), unseen=unseen) if line[-1:].isdigit()]
    assert all(any(name in line for line in tables) for name in unseen)
    assert max(map(len, tables)) <= 80


def test_a_long_source_or_class_name_makes_no_line_of_a_table_longer():
    label, source = "acne-excoriee-des-jeunes-filles", "photos-of-a-clinic-" * 5
    unseen = {source: yardstick(HeldOutUnit.SOURCES, 1)}
    lines = lines_of(sources=("atlas", source), unseen=unseen, label=label)
    assert label in lines
    assert max(len(line) for line in lines if line[-1:].isdigit()) <= 80


def test_unseen_conditions_are_a_sentence_with_intervals():
    conditions = UnseenConditionShares(photos=40, conditions=8, refused=SHARE, confident=SHARE)
    assert says(lines_of(conditions=conditions), "40 photos of 8 other conditions", "0.500 (0.400–0.600) are refused")
    assert says(lines_of(), "other skin conditions", "not known", "--background")


def test_differences_have_signs():
    one = PairedEvaluation(
        backbone="other",
        against="mobilenet_v1_0.25_128",
        apart=HeldOutUnit.SERIES,
        macro_f1=EstimatedShare(value=0.02, interval=(-0.01, 0.05)),
        accuracy=EstimatedShare(value=-0.02, interval=None),
    )
    assert says(lines_of(paired=[one]), "series", "+0.020", "-0.010 to +0.050", "-0.020")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ("believe series", "30 instead of 60")),
        ({"series": 60}, ("believe series", "groups say the same")),
        ({"photos": 5001, "series": 60}, ("may be too high", "5000 photos")),
    ],
)
def test_series_are_the_figure_for_other_patients_where_there_are_any(options, words):
    assert says(lines_of(**options), "For other patients", *words)
