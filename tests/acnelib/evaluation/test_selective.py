"""Accuracy among the surest photos."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evaluation_reports import confident_from, five_sets

from acnelib.evaluation.selective import confident_curve, selective_of
from acnelib.share_estimates import wilson

SCORES = [(0.9, 0.1, 0), (0.8, 0.2, 0), (0.7, 0.3, 0), (0.6, 0.4, 0)]


def test_the_curve_goes_from_the_surest_photo_to_all(scored):
    found = selective_of(scored(SCORES[::-1], ["papules", "cysts", "papules", "cysts"]))
    assert [point.confidence for point in found.curve] == [0.9, 0.8, 0.7, 0.6]
    assert [point.accuracy for point in found.curve] == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])


def test_the_area_is_the_mean_risk_over_all_coverages(scored):
    found = selective_of(scored(SCORES, ["cysts", "cysts", "papules", "papules"]))
    assert found.aurc == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_a_confidence_that_says_nothing_has_the_error_as_its_area(scored):
    found = selective_of(scored([(0.7, 0.2, 0.1)] * 4, ["cysts", "papules", "cysts", "cysts"]))
    assert found.aurc == found.error == pytest.approx(0.25)
    assert len(found.curve) == 1


def test_equally_sure_photos_stand_or_fall_together(scored):
    scores = [(0.9, 0.1, 0), (0.7, 0.3, 0), (0.7, 0.3, 0), (0.6, 0.4, 0)]
    (half,) = selective_of(scored(scores, ["cysts"] * 4)).at([0.5])
    assert (half.photos, half.coverage) == (3, 0.75)


def test_the_table_covers_at_least_what_is_asked_for(drawn):
    points = selective_of(drawn(33, seed=1)).at()
    assert [point.photos for point in points] == [33, 30, 27, 24, 20, 17]


def test_the_models_own_threshold_has_its_point(scored):
    found = selective_of(scored(SCORES, ["cysts", "papules", "cysts", "cysts"], confidence_threshold=0.75))
    assert (found.confident.photos, found.confident.coverage, found.confident.accuracy) == (2, 0.5, 0.5)


def test_a_model_that_is_never_confident_has_none(scored):
    assert selective_of(scored(SCORES, ["cysts"] * 4, confidence_threshold=0.95)).confident is None


def test_intervals_count_groups_and_not_photos(scored):
    (all_of_them,) = selective_of(scored(SCORES, ["cysts"] * 4, groups=["a", "a", "a", "b"])).at([1.0])
    assert all_of_them.groups == 2
    assert all_of_them.interval == pytest.approx(wilson(1, 2))


def test_out_of_scope_photos_are_not_covered_however_sure_the_answer(scored):
    answers = scored(SCORES, ["cysts", "papules", "cysts", "cysts"])
    photos = (replace(answers.photos[0], in_scope=False), *answers.photos[1:])
    curve = confident_curve(replace(answers, photos=photos))
    assert [point.confidence for point in curve] == [0.8, 0.7, 0.6]
    assert [point.coverage for point in curve] == [1 / 4, 2 / 4, 3 / 4]
    assert [point.accuracy for point in curve] == pytest.approx([0, 1 / 2, 2 / 3])


def test_the_curve_agrees_with_the_metrics_at_the_models_own_threshold(drawn):
    answers = confident_from(drawn(500, seed=2), 0.7734)
    point = [point for point in confident_curve(answers) if point.confidence >= 0.7734][-1]
    metrics = answers.metrics()
    assert point.coverage == pytest.approx(metrics.coverage)
    assert point.accuracy == pytest.approx(metrics.selective_accuracy)


def test_the_curve_is_exact_at_every_whole_percent_and_short(drawn):
    answers = drawn(3000, seed=3)
    curve = confident_curve(answers)
    assert len(curve) <= 102
    for percent in range(101):
        covered = max((point.photos for point in curve if point.confidence >= percent / 100), default=0)
        assert covered == (answers.scores.max(axis=1) >= percent / 100).sum()


def test_without_a_photo_in_scope_there_is_no_curve(scored):
    answers = scored(SCORES, ["cysts"] * 4)
    assert confident_curve(replace(answers, photos=tuple(replace(one, in_scope=False) for one in answers.photos))) == ()


def test_answers_from_five_sets_of_folds_count_each_photo_once(scored):
    answers = scored(SCORES, ["cysts", "papules", "cysts", "cysts"])
    once, often = confident_curve(answers), confident_curve(five_sets(answers))
    assert [(point.photos, point.coverage, point.groups) for point in often] == [
        (point.photos, point.coverage, point.groups) for point in once
    ]
