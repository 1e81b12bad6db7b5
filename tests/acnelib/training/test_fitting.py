"""Everything that is learnt from embeddings and labels."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.training.fitting import NEVER_CONFIDENT, fit_calibrated_head

FOLDS = 5


def photos(number, *, apart=1.5, seed=0):
    chance = np.random.default_rng(seed)
    truth = ["cysts", "papules", "rosacea"] * (number // 3)
    embeddings = chance.normal(size=(len(truth), 30))
    for row, label in enumerate(truth):
        embeddings[row, ["cysts", "papules", "rosacea"].index(label)] += apart
    return embeddings.astype(np.float32), truth


def folds(number):
    return [np.arange(number)[start::FOLDS] for start in range(FOLDS)]


@pytest.fixture(scope="module")
def learnt():
    embeddings, truth = photos(300)
    return fit_calibrated_head(embeddings, truth, folds=folds(300))


def test_the_scores_that_calibration_rests_on_are_of_photos_that_the_heads_never_saw(learnt):
    embeddings, truth = photos(300)
    own = np.array([learnt.head.labels.index(label) for label in truth])
    held_out = (learnt.scores.argmax(axis=1) == own).mean()
    fitted = (learnt.head.logits(embeddings).argmax(axis=1) == own).mean()
    assert 0.5 < held_out < fitted


def test_confidence_on_other_photos_is_what_it_says(learnt):
    embeddings, truth = photos(3000, seed=1)
    logits = learnt.head.logits(embeddings)
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    right = scores.argmax(axis=1) == np.array([learnt.head.labels.index(label) for label in truth])
    assert scores.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.06)


def test_confident_answers_on_other_photos_are_mostly_right(learnt):
    embeddings, truth = photos(3000, seed=1)
    logits = learnt.head.logits(embeddings)
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    sure = scores.max(axis=1) >= learnt.confidence_threshold
    right = scores.argmax(axis=1) == np.array([learnt.head.labels.index(label) for label in truth])
    assert sure.any()
    assert right[sure].mean() > 0.87


def test_nearly_all_of_the_photos_are_in_scope_and_others_are_not(learnt):
    assert learnt.in_scope.mean() > 0.95
    elsewhere = photos(30)[0] + 8
    assert (learnt.scope.distances(elsewhere) > learnt.scope.limit).all()


def test_two_photos_of_two_classes_give_a_head_that_is_never_confident():
    embeddings, truth = photos(3)
    few = fit_calibrated_head(embeddings[:2], truth[:2], folds=[np.array([0]), np.array([1])])
    assert few.confidence_threshold == NEVER_CONFIDENT
    assert (few.temperature, few.scope.limit) == (1.0, np.inf)
    assert np.isnan(few.scores).all()
