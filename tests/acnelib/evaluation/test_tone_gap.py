"""Refusals by thirds of the estimated skin tone."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.evaluation.tone_gap import tone_gap

ANGLES = np.linspace(-20.0, 60.0, 300)


def refusals(dark, middle, light):
    """Refuse the first photos of each third of a hundred."""
    return np.concatenate([np.arange(100) < number for number in (dark, middle, light)])


def test_each_third_has_its_share_from_dark_to_light():
    found = tone_gap(refusals(20, 10, 5), ANGLES)
    assert [third.refused for third in found.thirds] == [0.20, 0.10, 0.05]
    assert [third.photos for third in found.thirds] == [100, 100, 100]
    assert found.thirds[0].angles[1] < found.thirds[1].angles[0]


def test_the_order_of_the_photos_does_not_matter():
    order = np.random.default_rng(0).permutation(300)
    assert tone_gap(refusals(20, 10, 5)[order], ANGLES[order]).gap == pytest.approx(0.15)


def test_a_real_gap_is_large_and_its_interval_leaves_zero_out():
    found = tone_gap(refusals(30, 10, 5), ANGLES)
    assert not found.is_small
    assert 0 < found.interval[0] < 0.25 < found.interval[1]


def test_a_gap_against_lighter_skin_is_negative_and_large_as_well():
    found = tone_gap(refusals(5, 10, 30), ANGLES)
    assert found.gap == pytest.approx(-0.25)
    assert not found.is_small


def test_a_middle_third_that_differs_from_both_others_is_no_small_gap():
    found = tone_gap(refusals(2, 20, 2), ANGLES)
    assert found.gap == 0
    assert found.largest_difference == pytest.approx(0.18)
    assert not found.is_small


def test_equal_refusals_have_a_small_gap_whose_interval_holds_zero():
    found = tone_gap(refusals(6, 6, 6), ANGLES)
    assert found.is_small
    assert found.interval[0] < 0 < found.interval[1]


def test_photos_of_one_group_widen_the_interval():
    refused = refusals(30, 10, 5)
    alone, grouped = (tone_gap(refused, ANGLES, groups=groups) for groups in (None, [str(i // 10) for i in range(300)]))
    assert np.ptp(grouped.interval) > 1.5 * np.ptp(alone.interval)


def test_photos_without_an_estimate_are_counted_and_in_no_third():
    found = tone_gap(np.append(refusals(6, 6, 6), True), np.append(ANGLES, np.nan))
    assert found.unestimated == 1
    assert [third.refused for third in found.thirds] == [0.06] * 3


def test_two_estimates_are_too_few():
    assert tone_gap(np.array([True, False, True]), np.array([1.0, 2.0, np.nan])) is None
