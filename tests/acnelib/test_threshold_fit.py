"""The fit of a threshold: sure by the number of independent photos, and never by copies."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.threshold_fit import NOTHING_CONFIDENT, group_hits, lowest_threshold, surely_right

RIGHT = np.ones(20, dtype=bool)
CONFIDENCE = np.linspace(0.99, 0.8, 20)


@pytest.mark.parametrize("target", [0.01, 0.5, 0.8, 0.9, 0.95, 0.999])
def test_an_accuracy_is_sure_where_the_bound_of_clopper_and_pearson_reaches_it(target):
    from scipy.stats import beta

    cases = np.repeat(np.array([1.0, 2, 10, 40, 333, 5000]), 201)
    hits = cases * np.tile(np.linspace(0, 1, 201), 6)
    bound = np.where(hits > 0, beta.ppf(0.2, np.maximum(hits, 1e-9), cases - hits + 1), 0.0)
    clear = np.abs(bound - target) > 1e-12
    assert clear.sum() > 1_000
    assert surely_right(hits, cases, target)[clear].tolist() == (bound >= target)[clear].tolist()


@pytest.mark.parametrize(("target", "sure"), [(0.0, True), (1.0, False)])
def test_an_accuracy_of_nothing_is_always_sure_and_a_perfect_one_never(target, sure):
    assert surely_right(np.array([0.0, 5.0]), np.array([5.0, 5.0]), target).tolist() == [sure, sure]


def test_photos_of_their_own_groups_are_as_good_as_no_groups():
    right = RIGHT.copy()
    right[5] = False
    names = [str(place) for place in range(20)]
    assert lowest_threshold(CONFIDENCE, right, target=0.7, groups=names) == lowest_threshold(
        CONFIDENCE, right, target=0.7
    )


def test_copies_are_no_evidence():
    assert lowest_threshold(CONFIDENCE, RIGHT, target=0.9) == pytest.approx(0.8)
    assert lowest_threshold(CONFIDENCE, RIGHT, target=0.9, groups=["a", "b"] * 10) == NOTHING_CONFIDENT


def test_a_group_counts_once_with_the_share_that_is_right():
    right = np.array([True, True, False, True])
    assert group_hits(right, ["a", "a", "a", "b"]) == (pytest.approx(2 / 3 + 1), 2)


def test_without_an_answer_no_threshold_holds():
    assert lowest_threshold(np.array([]), np.array([], dtype=bool), target=0.5, groups=[]) == NOTHING_CONFIDENT
    assert group_hits(np.array([], dtype=bool), []) == (0.0, 0)
