"""Intervals of shares of held-out predictions, and paired differences between two recipes."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.metrics import bootstrapped_macro_f1
from acnelib.validation.held_out_predictions import HeldOutPredictions, joined
from acnelib.validation.resampled_shares import ResampledShares, share_over

LABELS = ("cysts", "papules", "rosacea")


def predictions(right, *, number=90, rows=None, true_classes_only=False, seed=0):
    """Return predictions of photos of three classes, right with this probability; every second is confident."""
    chance = np.random.default_rng(seed)
    rows = np.arange(number) if rows is None else np.asarray(rows)
    true = rows % 3
    predicted = np.where(chance.random(len(rows)) < right, true, (true + 1) % 3)
    return HeldOutPredictions(
        rows=rows,
        labels=LABELS,
        true_labels=[LABELS[column] for column in true],
        scores=np.eye(3)[predicted] * 0.7 + 0.1,
        confident=rows % 2 == 0,
        in_scope=rows % 10 != 0,
        true_classes_only=true_classes_only,
    )


UNITS = [f"unit-{row // 2}" for row in range(90)]


def test_the_observed_shares_are_the_figures_of_the_predictions():
    repeats = [predictions(0.7), predictions(0.6, seed=1)]
    samples = ResampledShares.of(repeats, UNITS)
    figures = [one.figures(UNITS) for one in repeats]
    for name, value in samples.observed.overall.items():
        assert value[0] == pytest.approx(np.mean([one[name] for one in figures]))


def test_the_interval_of_one_repeat_is_that_of_macro_f1_over_units():
    one = predictions(0.7)
    drawn = bootstrapped_macro_f1(one.true, one.predicted, groups=UNITS, seed=0, rounds=1000)
    assert ResampledShares.of([one], UNITS).interval("macro_f1") == pytest.approx(np.quantile(drawn, [0.025, 0.975]))


def test_fewer_units_give_a_wider_interval():
    one = predictions(0.7)
    few = ResampledShares.of([one], [f"unit-{row // 9}" for row in range(90)]).interval("accuracy")
    many = ResampledShares.of([one], UNITS).interval("accuracy")
    assert ResampledShares.of([one], ["only"] * 90).interval("accuracy") is None
    assert few[1] - few[0] > 0
    assert many[1] - many[0] > 0


def test_photos_that_are_all_right_are_no_certainty():
    samples = ResampledShares.of([predictions(1.0)], UNITS)
    low, high = samples.interval("accuracy")
    assert low < 0.95
    assert high == 1
    assert samples.recall(0, units=15).interval[0] < 0.9
    assert samples.f1(0, units=15).interval is None


def test_a_class_without_photos_counts_only_where_it_was_wrongly_predicted():
    some = [row for row in range(90) if row % 3]
    answered = predictions(0.7, rows=some)  # the wrong ones of the last class are answered with the first
    scored = predictions(0.7, rows=some, true_classes_only=True)
    macro_f1 = [ResampledShares.of([one], UNITS).observed.overall["macro_f1"][0] for one in (answered, scored)]
    assert macro_f1[0] < macro_f1[1]


def test_the_same_predictions_differ_by_nothing():
    one = ResampledShares.of([predictions(0.7)], UNITS)
    difference = one.minus(one, "macro_f1")
    assert (difference.value, difference.interval) == (0, (0, 0))


def test_a_better_recipe_is_better_in_pairs_although_its_own_interval_overlaps():
    worse = predictions(0.6)
    scores = worse.scores.copy()
    mended = np.flatnonzero(worse.true != worse.predicted)[:10]
    scores[mended] = np.eye(3)[worse.true[mended]] * 0.7 + 0.1
    better = HeldOutPredictions(
        rows=worse.rows,
        labels=LABELS,
        true_labels=worse.true_labels,
        scores=scores,
        confident=worse.confident,
        in_scope=worse.in_scope,
    )
    one, other = (ResampledShares.of([some], UNITS) for some in (better, worse))
    for name in ("macro_f1", "accuracy"):
        low, high = one.minus(other, name).interval
        assert 0 < low < one.minus(other, name).value < high
        assert one.interval(name)[0] < other.interval(name)[1]
    assert other.minus(one, "accuracy").value == pytest.approx(-10 / 90)


def test_joined_predictions_have_every_photo_once():
    both = joined([predictions(1.0, rows=[5, 1, 3][::-1]), predictions(0.0, rows=[3, 7])])
    assert both.rows.tolist() == [1, 3, 5, 7]
    assert (both.true == both.predicted).tolist() == [True, True, True, False]


def test_a_share_of_photos_of_few_conditions_has_a_wider_interval():
    values = np.array([True, True, True, True, False, False, False, False] * 10)
    wide = share_over(values, ["a" if value else "b" for value in values])
    narrow = share_over(values, [str(row) for row in range(80)])
    assert wide.value == narrow.value == 0.5
    assert wide.interval == (0, 1)
    assert narrow.interval[0] > 0.3
