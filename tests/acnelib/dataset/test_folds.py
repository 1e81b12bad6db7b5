"""Cross-validation folds from the groups of the split."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from acnelib.folds import FOLDS, group_folds

LABELS = ["cysts"] * 40 + ["papules"] * 20
GROUPS = [f"group-{number // 2}" for number in range(60)]


def test_every_photo_is_held_out_once():
    held_out = np.concatenate(group_folds(LABELS, GROUPS))
    assert sorted(held_out) == list(range(60))


def test_a_group_is_never_parted():
    folds = group_folds(LABELS, GROUPS)
    assert len(folds) == FOLDS
    assert sum(len({GROUPS[row] for row in fold}) for fold in folds) == len(set(GROUPS))


def test_classes_are_spread_over_the_folds():
    for fold in group_folds(LABELS, GROUPS):
        assert Counter(LABELS[row] for row in fold) == {"cysts": 8, "papules": 4}


def test_the_same_seed_gives_the_same_folds_and_another_one_others():
    one, again, other = (group_folds(LABELS, GROUPS, seed=seed) for seed in (1, 1, 2))
    assert [list(fold) for fold in one] == [list(fold) for fold in again]
    assert [list(fold) for fold in one] != [list(fold) for fold in other]


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_there_are_never_more_folds_than_groups(groups):
    folds = group_folds(LABELS[:6], [f"group-{number % groups}" for number in range(6)])
    assert len(folds) == groups
    assert sorted(np.concatenate(folds)) == list(range(6))


def test_classes_of_two_photos_each_are_divided_as_far_as_they_go():
    folds = group_folds(["a", "a", "b", "b", "c", "c"], list("uvwxyz"))
    assert sorted(np.concatenate(folds)) == list(range(6))
    assert len(folds) == 2
