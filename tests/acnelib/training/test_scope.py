"""What the photos are like that were learnt from."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.training.cross_val import cross_val_distances
from acnelib.training.scope import FALSE_REJECTION, Scope


def embeddings(number, *, shift=0.0, seed=0):
    return (shift + np.random.default_rng(seed).normal(size=(number, 40))).astype(np.float32) * np.arange(1, 41)


@pytest.fixture
def limited():
    some = embeddings(200)
    folds = np.array_split(np.arange(200), 5)
    return Scope.of(some).limited(cross_val_distances(some, folds))


def test_usual_photos_have_a_distance_of_about_one():
    assert Scope.of(embeddings(500)).distances(embeddings(500, seed=1)).mean() == pytest.approx(1, abs=0.1)


def test_about_as_many_photos_of_the_same_kind_are_rejected_as_is_stated(limited):
    rejected = (limited.distances(embeddings(4000, seed=1)) > limited.limit).mean()
    assert rejected < 3 * FALSE_REJECTION


def test_photos_of_another_kind_are_rejected(limited):
    assert (limited.distances(embeddings(200, shift=3.0, seed=2)) > limited.limit).mean() > 0.95


def test_a_feature_that_never_changes_decides_nothing():
    some = embeddings(50)
    some[:, 3] = 7.0
    other = some[:1].copy()
    other[0, 3] = 7.1  # the others' spread is 1 to 40
    scope = Scope.of(some)
    assert scope.distances(other) == pytest.approx(scope.distances(some[:1]), rel=1e-3)


def test_photos_that_are_all_alike_have_a_scope():
    assert np.isfinite(Scope.of(np.ones((4, 3), np.float32)).distances(np.zeros((1, 3), np.float32))).all()


def test_without_any_distance_nothing_is_rejected():
    assert Scope.of(embeddings(10)).limited(np.full(10, np.nan)).limit == np.inf


def test_the_distance_of_a_photo_is_measured_from_others_only():
    some = embeddings(20)
    some[0] += 1000
    folds = [np.array([0]), np.arange(1, 20)]
    apart = cross_val_distances(some, folds)[0]
    assert apart > 10 * Scope.of(some).distances(some[:1])[0]
