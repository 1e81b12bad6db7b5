"""Two models on the same photos."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acnelib.evaluation.paired_comparison import compare_paired
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos

LABELS = ("cysts", "papules")


def answers(right, *, sure=0.8, groups=None, repeat=0):
    """Return the answers of a model that is right where it is said to be; every second photo shows papules."""
    photos = []
    for place, is_right in enumerate(right):
        truth = LABELS[place % 2]
        column = place % 2 if is_right else 1 - place % 2
        scores = [1 - sure, 1 - sure]
        scores[column] = sure
        group = groups[place] if groups else f"group-{place}"
        photos.append(
            ScoredPhoto(sha256=f"photo-{place}", true_label=truth, group=group, scores=tuple(scores), repeat=repeat)
        )
    return ScoredPhotos(labels=LABELS, confidence_threshold=0.9, photos=tuple(photos))


def rights(number, share, *, seed=0):
    return np.random.default_rng(seed).random(number) < share


def test_a_model_is_as_good_as_itself():
    comparison = compare_paired(answers(rights(60, 0.7)), answers(rights(60, 0.7)))
    assert (comparison.better, comparison.difference, comparison.spread) == (0.5, 0.0, 0.0)


def test_a_much_better_model_is_surely_better():
    comparison = compare_paired(answers(rights(100, 0.9)), answers(rights(100, 0.6, seed=1)))
    assert comparison.better > 0.99
    assert comparison.difference == pytest.approx(comparison.candidate - comparison.production)


def test_which_one_is_called_the_candidate_only_turns_the_numbers_round():
    one, other = answers(rights(60, 0.75)), answers(rights(60, 0.65, seed=1))
    assert compare_paired(one, other).better == pytest.approx(1 - compare_paired(other, one).better)


@pytest.mark.slow
def test_equally_good_models_are_called_better_about_as_often_as_not():
    found = [
        compare_paired(answers(rights(80, 0.7, seed=s)), answers(rights(80, 0.7, seed=s + 500))).better
        for s in range(40)
    ]
    assert np.mean(found) == pytest.approx(0.5, abs=0.12)
    assert np.mean(np.array(found) >= 0.9) < 0.25


def test_copies_within_a_group_do_not_make_it_surer():
    few, few_worse = rights(20, 0.9), rights(20, 0.7, seed=3)
    once = [f"group-{place // 2}" for place in range(20)]
    five_times = [f"group-{place // 10}" for place in range(100)]
    apart = compare_paired(answers(few, groups=once), answers(few_worse, groups=once))
    copied, copied_worse = (np.repeat(some.reshape(-1, 2), 5, axis=0).ravel() for some in (few, few_worse))
    again = compare_paired(answers(copied, groups=five_times), answers(copied_worse, groups=five_times))
    assert (again.photos, again.groups) == (100, 10)
    assert again.better == pytest.approx(apart.better, abs=0.02)
    assert again.spread == pytest.approx(apart.spread, rel=0.05)


def test_what_could_have_been_seen_shrinks_with_the_photos_and_grows_with_what_is_asked():
    small = compare_paired(answers(rights(40, 0.8)), answers(rights(40, 0.7, seed=1)))
    large = compare_paired(answers(rights(400, 0.8)), answers(rights(400, 0.7, seed=1)))
    assert large.minimum_detectable_difference(0.9) < 0.5 * small.minimum_detectable_difference(0.9)
    assert small.minimum_detectable_difference(0.99) > small.minimum_detectable_difference(0.9)


def test_an_overconfident_model_with_the_same_answers_is_worse_calibrated():
    right = rights(200, 0.7)
    comparison = compare_paired(answers(right, sure=0.7), answers(right, sure=0.99))
    assert comparison.better == 0.5
    assert comparison.better_calibrated > 0.99


def test_recalls_are_told_for_each_class_with_its_photos():
    right = np.array([True, True, False, True])
    comparison = compare_paired(answers(right), answers(~right))
    assert comparison.recalls == {"cysts": (0.5, 0.5, 2), "papules": (1.0, 0.0, 2)}


def repeated(sets):
    """Return answers of several repeats as those of one model."""
    parts = [answers(right, repeat=repeat) for repeat, right in enumerate(sets)]
    return replace(parts[0], photos=tuple(photo for part in parts for photo in part.photos))


def test_the_same_answers_five_times_do_not_make_it_surer():
    better, worse = rights(40, 0.8), rights(40, 0.7, seed=1)
    once, often = (compare_paired(repeated([better] * n), repeated([worse] * n)) for n in (1, 5))
    assert (often.photos, often.groups) == (40, 40)
    assert often.better == once.better
    assert often.spread == pytest.approx(once.spread)
    assert often.better_calibrated == once.better_calibrated
    assert often.recalls == once.recalls


def test_further_repeats_average_the_luck_of_the_folds():
    def contest(repeats):
        sets = [
            [rights(60, share, seed=10 * one + at) for one in range(repeats)] for at, share in ((0, 0.75), (1, 0.7))
        ]
        return compare_paired(*map(repeated, sets))

    assert contest(5).spread < 0.6 * contest(1).spread


def test_a_photo_without_an_answer_in_one_repeat_counts_once_among_the_photos_of_its_class():
    whole = repeated([rights(10, 0.8), rights(10, 0.8, seed=1)])
    partly = replace(whole, photos=whole.photos[:-2])
    assert compare_paired(partly, partly).recalls["cysts"][2] == 5
