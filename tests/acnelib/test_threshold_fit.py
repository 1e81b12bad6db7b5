"""The fit of a threshold: sure by the number of independent photos, and never by copies."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.threshold_fit import NOTHING_CONFIDENT, accuracy_bound, group_hits, lowest_threshold

RIGHT = np.ones(20, dtype=bool)
CONFIDENCE = np.linspace(0.99, 0.8, 20)


def test_the_bound_is_that_of_clopper_and_pearson():
    from scipy.stats import beta

    hits, cases = np.array([0.0, 1, 9, 10, 37]), np.array([10.0, 10, 10, 10, 40])
    expected = np.where(hits > 0, beta.ppf(0.2, np.maximum(hits, 1), cases - hits + 1), 0.0)
    assert accuracy_bound(hits, cases) == pytest.approx(expected)


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
