"""Everything that a candidate is fitted to, and what is measured on photos that it never saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acnelib.folds import REPEATS, fold_numbers
from acnelib.threshold_fit import NOTHING_CONFIDENT
from acnelib.training.calibrated_head import TrainingSet
from acnelib.training.family_score import BackgroundEmbeddings
from acnelib.training.fitting import fit_candidate
from acnelib.training.promise import promise_of
from acnelib.training.unseen import UnseenPhotos, unseen_threshold

LABELS = ("cysts", "papules", "rosacea")


def photos(number, *, apart=1.5, seed=0, sources=("clinic",), background=None, shift=0.0):
    """Return photos of three classes, each a group and a series of its own, from several sources by turns."""
    chance = np.random.default_rng(seed)
    truth = [LABELS[row % 3] for row in range(number)]
    embeddings = chance.normal(size=(number, 30))
    of = [(sources[(row // 3) % len(sources)],) for row in range(number)]
    for row, label in enumerate(truth):
        embeddings[row, LABELS.index(label)] += apart
        embeddings[row, 10] += shift * sources.index(of[row][0])
    names = [f"photo-{seed}-{row}" for row in range(number)]
    return TrainingSet(
        embeddings=embeddings.astype(np.float32),
        labels=truth,
        groups=names,
        group_folds=fold_numbers(names),
        series=names,
        sources=of,
        background=background,
    )


def true_of(some):
    return np.array([LABELS.index(label) for label in some.labels])


@pytest.fixture(scope="module")
def fitted():
    return fit_candidate(photos(300))


def scores_of(head, some):
    logits = head.logits(some.embeddings)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_the_scores_that_calibration_rests_on_are_of_photos_that_the_heads_never_saw(fitted):
    held_out = (fitted.series.scores.argmax(axis=2) == fitted.true).mean()
    own = (fitted.direct_scores.argmax(axis=1) == fitted.true).mean()
    assert 0.5 < held_out < own


def test_every_photo_has_an_answer_in_every_set_of_folds(fitted):
    assert fitted.groups.scores.shape == (REPEATS, 300, 3)
    assert not np.isnan(fitted.groups.scores).any()
    assert fitted.groups.scores.sum(axis=2) == pytest.approx(1)


def test_confidence_on_other_photos_is_what_it_says(fitted):
    others = photos(3000, seed=1)
    scores = scores_of(fitted.head, others)
    right = scores.argmax(axis=1) == true_of(others)
    assert scores.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.06)


def test_confident_answers_on_other_photos_are_mostly_right(fitted):
    others = photos(3000, seed=1)
    scores = scores_of(fitted.head, others)
    sure = scores.max(axis=1) >= fitted.confidence_threshold
    assert sure.any()
    assert (scores.argmax(axis=1) == true_of(others))[sure].mean() > 0.87


def test_nearly_all_of_the_photos_are_in_scope_and_others_are_not(fitted):
    assert fitted.groups.in_scope.mean() > 0.95
    assert not fitted.scope.contains(photos(30).embeddings + 8).any()


def test_two_photos_of_two_classes_give_a_head_that_is_never_confident():
    few = fit_candidate(photos(3).rows(np.array([0, 1])))
    assert few.confidence_threshold == NOTHING_CONFIDENT
    assert np.isnan(few.series.scores).all()
    assert not promise_of(few, sources=("clinic",)).reached


def test_labels_that_mean_nothing_score_at_chance_by_every_yardstick():
    some = photos(240, apart=0.0, sources=("clinic", "atlas"))
    found = fit_candidate(some)
    for scores in (found.groups.scores, found.series.scores):
        assert (scores.argmax(axis=2) == found.true).mean() == pytest.approx(1 / 3, abs=0.09)
    for one in found.unseen_sources.values():
        assert (one.scores.argmax(axis=1) == one.true).mean() == pytest.approx(1 / 3, abs=0.13)
    assert found.groups.confident.mean() < 0.1


def test_with_one_source_no_source_was_held_apart(fitted):
    promise = promise_of(fitted, sources=("clinic",))
    assert fitted.unseen_sources == {}
    assert promise.unseen is None
    assert promise.sources == ("clinic",)


def test_the_promise_states_what_was_measured_on_series_held_out(fitted):
    promise = promise_of(fitted, sources=("clinic",))
    sure = fitted.series.confident
    right = fitted.series.scores.argmax(axis=2) == fitted.true
    assert promise.accuracy == pytest.approx(right[sure].mean())
    assert promise.coverage == pytest.approx(sure.mean())


@pytest.fixture(scope="module")
def of_two_sources():
    return fit_candidate(photos(300, sources=("atlas", "clinic"), apart=2.5))


def test_each_source_is_predicted_by_what_the_others_teach(of_two_sources):
    assert {name: len(one.rows) for name, one in of_two_sources.unseen_sources.items()} == {"atlas": 150, "clinic": 150}


def test_a_source_like_the_others_keeps_the_promise_about_unseen_sources(of_two_sources):
    unseen = promise_of(of_two_sources, sources=("atlas", "clinic")).unseen
    assert unseen.reached
    assert unseen.accuracy >= unseen.level


def test_a_head_of_the_other_sources_never_saw_the_source():
    some = photos(300, sources=("atlas", "clinic"))
    swapped = np.array([source == ("clinic",) for source in some.sources])
    mixed = replace(
        some,
        labels=[
            LABELS[(LABELS.index(label) + 1) % 3] if moved else label
            for label, moved in zip(some.labels, swapped.tolist(), strict=True)
        ],
    )  # the clinic calls everything otherwise
    for one in fit_candidate(mixed).unseen_sources.values():
        assert (one.scores.argmax(axis=1) == one.true).mean() < 1 / 3


def test_what_cannot_be_kept_on_unseen_sources_is_not_promised():
    some = photos(300, sources=("atlas", "clinic"), apart=0.4)
    unseen = promise_of(fit_candidate(some), sources=("atlas", "clinic")).unseen
    assert not unseen.reached


def test_photos_whose_class_the_other_sources_do_not_teach_are_counted_apart():
    some = photos(300, sources=("atlas", "clinic"))
    rows = [row for row in range(300) if some.sources[row] == ("atlas",) or some.labels[row] != "rosacea"]
    found = fit_candidate(some.rows(np.array(rows))).unseen_sources
    assert found["atlas"].untaught == 50
    assert found["clinic"].untaught == 0
    assert found["atlas"].scores[:, 2] == pytest.approx(0)


def test_a_series_that_reaches_into_a_source_is_held_apart_with_it():
    some = photos(300, sources=("atlas", "clinic"))
    groups = list(some.groups)
    groups[0], groups[3] = "shared", "shared"  # one of either source
    tied = replace(some, groups=groups, group_folds=fold_numbers(groups), series=groups)
    tied.embeddings[[0, 3], 20] = 1e4  # a head that learns from one recognises the other
    found = fit_candidate(tied).unseen_sources
    assert not found["atlas"].in_scope[found["atlas"].rows.tolist().index(0)]


@pytest.fixture(scope="module")
def with_background():
    chance = np.random.default_rng(5)
    conditions = [f"condition-{row % 40}" for row in range(200)]
    others = chance.normal(size=(200, 30))
    others[:, 15:20] += 2.5  # what conditions of no class have in common
    background = BackgroundEmbeddings(others.astype(np.float32), tuple(conditions))
    return fit_candidate(photos(300, background=background))


def test_conditions_that_were_held_apart_are_mostly_refused(with_background):
    assert with_background.unseen_conditions.refused.mean() > 0.8
    assert with_background.groups.in_scope.mean() > 0.9


def test_an_answer_about_a_refused_photo_is_never_confident(with_background):
    found = with_background.unseen_conditions
    assert not (found.refused & found.confident).any()


def test_a_source_that_is_like_the_others_does_not_hide_one_that_is_not():
    def unseen(right):
        true = np.zeros(40, dtype=int)
        scores = np.tile([0.9, 0.1], (40, 1))
        scores[: round(40 * (1 - right))] = [0.1, 0.9]
        ones = np.ones(40, dtype=bool)
        rows = np.arange(40)
        return UnseenPhotos(rows=rows, true=true, scores=scores, in_scope=ones, confident=ones, untaught=0)

    assert unseen_threshold([unseen(1.0), unseen(0.9)]) == pytest.approx(0.9)
    assert unseen_threshold([unseen(1.0), unseen(0.6)]) is None
    assert unseen_threshold([]) is None
