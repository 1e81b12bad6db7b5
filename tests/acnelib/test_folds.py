"""Cross-validation folds: a stable function of a group, a series or a condition."""

from __future__ import annotations

from collections import Counter

import numpy as np

from acnelib.folds import FOLDS, REPEATS, fold_numbers, folds_of, held_out_rows

UNITS = [f"unit-{number // 2}" for number in range(600)]


def test_a_unit_has_one_fold_for_each_repeat():
    assert len(folds_of("unit")) == REPEATS
    assert set(folds_of("unit")) <= set(range(FOLDS))


def test_a_unit_keeps_its_folds_whatever_else_there_is():
    assert fold_numbers(["another", "unit"])[:, 1].tolist() == fold_numbers(["unit", "more", "yet more"])[:, 0].tolist()


def test_the_photos_of_a_unit_share_their_folds():
    numbers = fold_numbers(UNITS)
    assert (numbers[:, ::2] == numbers[:, 1::2]).all()


def test_every_photo_is_held_out_once_in_each_repeat():
    for one in fold_numbers(UNITS):
        assert sorted(np.concatenate(held_out_rows(one))) == list(range(600))


def test_folds_are_of_about_equal_size():
    for one in fold_numbers(UNITS):
        assert max(abs(number - 120) for number in Counter(one.tolist()).values()) < 40


def test_repeats_differ():
    assert len({tuple(one) for one in fold_numbers(UNITS).tolist()}) == REPEATS


def test_an_empty_fold_is_left_out():
    assert [rows.tolist() for rows in held_out_rows(np.array([3, 3, 0]))] == [[2], [0, 1]]
