"""What is learnt from: conditions with enough groups, whole groups kept out, rare conditions drawn more often."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acnelib.errors import DataUnusable, UsageError
from acnelib.training.adaptation.learning_set import LearningSet, balanced_order, choose_photos, is_held_out
from acnelib.training.adaptation.options import AdaptationOptions

PHOTOS = [f"{number:064x}" for number in range(60)]
CONDITIONS = ["eczema" if number < 40 else "warts" if number < 58 else "rare" for number in range(60)]
GROUPS = [f"group {number // 2}" for number in range(60)]


@pytest.fixture
def chosen():
    return choose_photos(PHOTOS, conditions=CONDITIONS, groups=GROUPS, least_groups=3)


def test_a_condition_with_too_few_groups_is_left_out(chosen):
    assert chosen.conditions == ("eczema", "warts")
    assert set(chosen.photos) == set(PHOTOS[:58])


def test_groups_are_kept_out_whole_and_by_their_name_alone(chosen):
    group_of = dict(zip(PHOTOS, GROUPS, strict=True))
    kept = {group_of[chosen.photos[row]] for row in chosen.held_out_rows}
    learnt = {group_of[chosen.photos[row]] for row in chosen.training_rows}
    assert kept
    assert not kept & learnt
    assert kept == {group for group in kept | learnt if is_held_out(group)}


def test_about_a_tenth_of_the_groups_is_kept_out():
    assert np.mean([is_held_out(f"group {number}") for number in range(2000)]) == pytest.approx(0.1, abs=0.02)


def test_further_photos_move_no_photo(chosen):
    more = choose_photos(
        [*PHOTOS, "f" * 64], conditions=[*CONDITIONS, "warts"], groups=[*GROUPS, "new"], least_groups=3
    )
    assert set(chosen.content) <= set(more.content)


def test_the_order_of_the_photos_does_not_matter(chosen):
    turned = choose_photos(PHOTOS[::-1], conditions=CONDITIONS[::-1], groups=GROUPS[::-1], least_groups=3)
    assert turned.content == chosen.content


def test_guessing_costs_what_the_frequency_of_the_conditions_does_not_tell():
    targets, kept = np.array([0, 0, 0, 1, 0, 1]), np.array([False] * 4 + [True] * 2)
    chosen = LearningSet(photos=tuple("abcdef"), conditions=("eczema", "warts"), targets=targets, held_out=kept)
    assert chosen.guessing_loss == pytest.approx(-(np.log(3 / 4) + np.log(1 / 4)) / 2)
    assert replace(chosen, held_out=np.zeros(6, dtype=bool)).guessing_loss is None


def test_without_photos_the_error_says_what_to_name():
    with pytest.raises(DataUnusable, match="--background"):
        choose_photos([], conditions=[], groups=[], least_groups=3)


def test_a_single_condition_teaches_nothing():
    with pytest.raises(DataUnusable, match="two such conditions"):
        choose_photos(PHOTOS[:10], conditions=["warts"] * 10, groups=PHOTOS[:10], least_groups=3)


def test_conditions_are_drawn_by_the_root_of_their_frequency():
    targets = np.array([0] * 900 + [1] * 100)
    order = balanced_order(targets, number=1000, balance=0.5, rng=np.random.default_rng(0))
    assert np.bincount(targets[order])[1] == pytest.approx(250, abs=2)
    drawn = np.bincount(order, minlength=1000)
    assert drawn[:900].max() == 1
    assert set(drawn[900:]) == {2, 3}


def test_with_full_balance_every_photo_is_drawn_once():
    order = balanced_order(np.array([0] * 50 + [1] * 7), number=57, balance=1, rng=np.random.default_rng(0))
    assert sorted(order) == list(range(57))


@pytest.mark.parametrize("wrong", ["epochs", "batch", "patience", "least_groups"])
def test_options_below_one_are_refused(wrong):
    with pytest.raises(UsageError, match=wrong.replace("_", " ")):
        AdaptationOptions(**{wrong: 0})
