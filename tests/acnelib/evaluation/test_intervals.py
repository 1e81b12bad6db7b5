"""Metrics with intervals: groups are drawn, and where nothing can be said, that is said."""

from __future__ import annotations

import numpy as np
import pytest
from evaluation_reports import five_sets

from acnelib.errors import DataUnusable
from acnelib.evaluation.intervals import estimate_metrics, share_interval
from acnelib.share_estimates import wilson

SURE = {"cysts": (0.9, 0.05, 0.05), "papules": (0.05, 0.9, 0.05), "rosacea": (0.05, 0.05, 0.9)}


def width(estimate):
    low, high = estimate.interval
    return high - low


def test_the_values_are_those_of_the_metrics(drawn):
    answers = drawn(80, seed=1)
    metrics, estimates = answers.metrics(), estimate_metrics(answers)
    assert estimates.overall.pop("refused").value == 0
    for name, estimate in estimates.overall.items():
        assert estimate.value == pytest.approx(getattr(metrics, name)), name
    for label, of_class in metrics.per_class.items():
        assert estimates.per_class[label].f1.value == pytest.approx(of_class.f1)
        assert estimates.per_class[label].recall.value == pytest.approx(of_class.recall)
        assert estimates.per_class[label].precision.value == pytest.approx(of_class.precision)


def test_the_interval_of_macro_f1_is_that_of_the_metrics(drawn):
    answers = drawn(80, seed=2, copies=2)
    assert estimate_metrics(answers).overall["macro_f1"].interval == pytest.approx(answers.metrics().macro_f1_interval)


def test_copies_of_photos_in_their_groups_make_no_interval_narrower(drawn):
    once, often = estimate_metrics(drawn(60, seed=3)), estimate_metrics(drawn(60, seed=3, copies=5))
    assert often.n == 5 * once.n
    for name, estimate in once.overall.items():
        assert often.overall[name].interval == pytest.approx(estimate.interval), name
    assert width(often.per_class["cysts"].f1) == pytest.approx(width(once.per_class["cysts"].f1))


def test_more_groups_make_intervals_narrower(drawn):
    few, many = estimate_metrics(drawn(40, seed=4)), estimate_metrics(drawn(640, seed=4))
    assert width(many.overall["accuracy"]) < 0.4 * width(few.overall["accuracy"])


def test_the_same_seed_gives_the_same_intervals(drawn):
    answers = drawn(40, seed=5)
    assert estimate_metrics(answers, seed=7) == estimate_metrics(answers, seed=7)
    assert estimate_metrics(answers, seed=7) != estimate_metrics(answers, seed=8)


def test_a_class_of_one_group_has_values_and_no_interval(scored):
    truth = ["cysts"] * 4 + ["papules"] * 2
    answers = scored([SURE[label] for label in [*truth[:-1], "cysts"]], truth, groups=[0, 1, 2, 3, "one", "one"])
    papules = estimate_metrics(answers).per_class["papules"]
    assert (papules.groups, papules.recall.value, papules.recall.interval) == (1, 0.5, None)
    assert papules.recall.note == papules.f1.note == "one group: no interval"


def test_a_class_that_no_photo_shows_has_no_recall(scored):
    answers = scored([SURE["cysts"], SURE["papules"]], ["cysts", "papules"])
    rosacea = estimate_metrics(answers).per_class["rosacea"]
    assert (rosacea.recall.value, rosacea.precision.value, rosacea.f1.value) == (None, None, None)


def test_a_recall_without_an_error_is_not_called_certain(scored):
    truth = ["cysts", "papules"] * 5
    recall = estimate_metrics(scored([SURE[label] for label in truth], truth)).per_class["cysts"].recall
    assert recall.value == 1
    assert recall.interval == pytest.approx(wilson(1, 5))
    assert "Wilson" in recall.note


def test_an_f1_without_an_error_has_no_interval(scored):
    truth = ["cysts", "papules"] * 5
    f1 = estimate_metrics(scored([SURE[label] for label in truth], truth)).per_class["cysts"].f1
    assert (f1.value, f1.interval, f1.note) == (1, None, "all alike: no interval")


def test_photos_of_one_group_give_no_interval_at_all(scored):
    answers = scored([SURE["cysts"], SURE["papules"]], ["cysts", "cysts"], groups=["one", "one"])
    assert all(estimate.interval is None for estimate in estimate_metrics(answers).overall.values())


def test_fewer_than_ten_groups_are_few(drawn):
    assert estimate_metrics(drawn(9, seed=1, copies=9)).has_too_few_groups
    assert not estimate_metrics(drawn(10, seed=1)).has_too_few_groups


def test_answers_from_five_sets_of_folds_count_each_photo_once(drawn):
    answers = drawn(60, seed=6)
    once, often = estimate_metrics(answers), estimate_metrics(five_sets(answers))
    assert (often.n, often.groups) == (60, 60)
    assert often.overall["accuracy"].interval == pytest.approx(once.overall["accuracy"].interval)
    assert {label: one.photos for label, one in often.per_class.items()} == {
        label: one.photos for label, one in once.per_class.items()
    }


def test_refused_photos_and_confident_answers_have_intervals(drawn):
    overall = estimate_metrics(five_sets(drawn(60, seed=6), refused=range(6))).overall
    assert overall["refused"].value == pytest.approx(0.1)
    low, high = overall["refused"].interval
    assert 0 < low < 0.1 < high < 0.3
    assert overall["coverage"].interval is not None
    assert overall["selective_accuracy"].interval is not None


def test_without_a_confident_answer_there_is_no_accuracy_of_them(scored):
    answers = scored([SURE["cysts"]] * 12, ["cysts"] * 12, confidence_threshold=0.99)
    assert estimate_metrics(answers).overall["selective_accuracy"].value is None


def test_macro_f1_of_scored_classes_leaves_out_those_that_were_only_predicted(scored):
    truth = ["cysts", "papules"] * 6
    answers = scored([SURE["cysts"], SURE["rosacea"]] * 6, truth)
    assert estimate_metrics(answers).overall["macro_f1"].value == pytest.approx(1 / 3)
    assert estimate_metrics(answers, scored_classes_only=True).overall["macro_f1"].value == pytest.approx(1 / 2)


def test_without_photos_there_is_nothing_to_report(scored):
    with pytest.raises(DataUnusable, match="at least one photo"):
        estimate_metrics(scored([], []))


def test_wilsons_interval_is_that_of_his_formula():
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(1.0, 1) == pytest.approx((0.2065, 1.0), abs=1e-4)


def test_a_share_that_all_units_agree_on_is_no_certainty():
    low, high = share_interval(np.zeros(20, dtype=bool), [str(row) for row in range(20)])
    assert low == 0
    assert 0.05 < high < 0.3
