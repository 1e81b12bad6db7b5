"""The scope: distance from the training photos, and the family score against photos of other conditions."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.training.family_score import FAMILY_FALSE_REJECTION, BackgroundEmbeddings, FamilyScore
from acnelib.training.scope import FALSE_REJECTION, FALSE_REJECTION_BESIDE_SCORE, Scope, fit_scope, out_of_fold_scope


def embeddings(number, *, shift=0.0, seed=0):
    return (shift + np.random.default_rng(seed).normal(size=(number, 40))).astype(np.float32) * np.arange(1, 41)


def distances_of(some, folds):
    return out_of_fold_scope(some, ["cysts"] * len(some), [folds], None)[0]


@pytest.fixture
def limited():
    some = embeddings(200)
    folds = np.array_split(np.arange(200), 5)
    return Scope.of(some).limited(distances_of(some, folds))


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
    apart = distances_of(some, folds)[0, 0]
    assert apart > 10 * Scope.of(some).distances(some[:1])[0]


def test_photos_that_are_all_alike_are_in_their_own_scope():
    alike = np.ones((4, 3), np.float32)
    scope = Scope.of(alike)
    limited = scope.limited(scope.distances(alike))
    assert limited.contains(alike).all()
    assert not limited.contains(2 * alike).any()


# The family score. Other conditions differ from the classes in one shared direction, and each in one of its own.

FEATURES, CONDITIONS = 60, 30
_ANY = np.random.default_rng(7)
SHARED = _ANY.normal(size=FEATURES)
OWN = _ANY.normal(size=(2 * CONDITIONS, FEATURES))


def of_classes(number, *, seed):
    rng = np.random.default_rng(seed)
    labels = [f"class {place % 3}" for place in range(number)]
    means = np.random.default_rng(3).normal(size=(3, FEATURES))
    return (means[np.arange(number) % 3] + rng.normal(size=(number, FEATURES))).astype(np.float32), labels


def of_conditions(conditions, *, seed, each=5):
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.asarray(list(conditions)), each)
    found = 0.8 * SHARED + 0.4 * OWN[rows] + rng.normal(size=(len(rows), FEATURES))
    return BackgroundEmbeddings(found.astype(np.float32), [f"condition {row}" for row in rows])


def folds_of(number, repeats=2):
    return [np.array_split(np.random.default_rng(seed).permutation(number), 5) for seed in range(repeats)]


def learnt(family, labels, background):
    distances, scores = out_of_fold_scope(family, labels, folds_of(len(family)), background)
    return fit_scope(family, labels, background=background).limited(distances=distances, family_scores=scores)


@pytest.fixture(scope="module")
def scope():
    return learnt(*of_classes(300, seed=0), of_conditions(range(CONDITIONS), seed=1))


def test_conditions_that_nobody_learnt_from_are_refused_where_they_share_what_tells_them_apart(scope):
    unseen = of_conditions(range(CONDITIONS, 2 * CONDITIONS), seed=2).embeddings
    alone = learnt(*of_classes(300, seed=0), None)
    assert (~scope.contains(unseen)).mean() > 0.9
    assert (~alone.contains(unseen)).mean() < 0.5


def test_a_photo_needs_to_be_like_one_class_and_not_like_the_mean_of_all():
    score = FamilyScore(kernel=np.array([[1.0, -1.0]]), bias=np.array([-2.0, -2.0]), limit=0.0, typical=2.0)
    scores = score.scores(np.array([[4.0], [-4.0], [0.0]], np.float32))
    assert scores.tolist() == [2.0, 2.0, -2.0]
    assert score.excess(scores).tolist() == [0.0, 0.0, 2.0]


def test_about_as_many_photos_of_the_classes_are_refused_as_is_stated(scope):
    refused = (~scope.contains(of_classes(3000, seed=5)[0])).mean()
    stated = FAMILY_FALSE_REJECTION + FALSE_REJECTION_BESIDE_SCORE
    assert 0.3 * stated < refused < 2.5 * stated


def test_each_limit_rejects_its_share_of_the_out_of_fold_values():
    values = np.arange(1000.0)
    background = of_conditions(range(3), seed=1)
    limited = fit_scope(*of_classes(30, seed=0), background=background).limited(distances=values, family_scores=values)
    assert (values > limited.limit).mean() == pytest.approx(FALSE_REJECTION_BESIDE_SCORE, abs=0.0011)
    assert (values < limited.family.limit).mean() == pytest.approx(FAMILY_FALSE_REJECTION, abs=0.0011)


def test_without_background_photos_the_scope_is_the_distance_alone():
    family, labels = of_classes(60, seed=0)
    empty = BackgroundEmbeddings(np.zeros((0, FEATURES), np.float32), [])
    for background in (None, empty):
        distances, scores = out_of_fold_scope(family, labels, folds_of(60), background)
        limited = fit_scope(family, labels, background=background).limited(distances=distances, family_scores=scores)
        plain = Scope.of(family).limited(distances)
        assert (scores, limited.family, limited.family_scores(family)) == (None, None, None)
        assert limited.limit == plain.limit == np.quantile(distances, 1 - FALSE_REJECTION, method="higher")
        assert np.array_equal(limited.excess(family), plain.distances(family) / plain.limit)


def test_no_scope_of_a_fold_knows_the_fold():
    family, labels = of_classes(60, seed=0)
    background = of_conditions(range(8), seed=1)
    folds = [[np.arange(20), np.arange(20, 60)]]
    distances, scores = out_of_fold_scope(family, labels, folds, background)
    rest = fit_scope(family[20:], labels[20:], background=background)
    assert distances[0, :20] == pytest.approx(rest.distances(family[:20]))
    assert scores[0, :20] == pytest.approx(rest.family_scores(family[:20]))


def test_a_fold_that_holds_everything_out_has_no_values():
    family, labels = of_classes(10, seed=0)
    background = of_conditions(range(3), seed=1)
    distances, scores = out_of_fold_scope(family, labels, [[np.arange(10)]], background)
    assert np.isnan(distances).all()
    assert np.isnan(scores).all()
    limited = fit_scope(family, labels, background=background).limited(distances=distances, family_scores=scores)
    assert limited.contains(family + 1000).all()


def test_many_copies_of_one_condition_change_nothing():
    family, labels = of_classes(60, seed=0)
    once = of_conditions(range(8), seed=1, each=1)
    rows = np.concatenate([np.zeros(100, np.int64), np.arange(1, 8)])
    many = BackgroundEmbeddings(once.embeddings[rows], [once.conditions[row] for row in rows])
    one, other = (fit_scope(family, labels, background=background).family for background in (once, many))
    assert one.kernel == pytest.approx(other.kernel)
    assert one.bias == pytest.approx(other.bias)


def test_many_copies_of_one_class_do_not_change_the_family_score():
    family, labels = of_classes(3, seed=0)
    rows = [0] * 50 + [1, 2]
    background = of_conditions(range(8), seed=1)
    one = fit_scope(family, labels, background=background).family
    many = fit_scope(family[rows], [labels[row] for row in rows], background=background).family
    assert one.kernel == pytest.approx(many.kernel)


def test_what_tells_how_far_a_photo_is_from_the_limits_agrees_with_the_verdict(scope):
    photos = np.concatenate([of_classes(200, seed=5)[0], of_conditions(range(20), seed=6).embeddings])
    inside = (scope.distances(photos) <= scope.limit) & (scope.family_scores(photos) >= scope.family.limit)
    assert 0.1 < inside.mean() < 0.9
    assert np.array_equal(scope.excess(photos) <= 1, inside)
    assert np.array_equal(scope.contains(photos), inside)


@pytest.mark.parametrize("photos", [2, 9])
def test_fewer_photos_than_features_give_a_finite_score(photos):
    family, labels = of_classes(photos, seed=0)
    scope = fit_scope(family, labels, background=of_conditions(range(2), seed=1, each=1))
    assert np.isfinite(scope.family_scores(family)).all()


def test_one_condition_alone_gives_a_score():
    family, labels = of_classes(100, seed=0)
    background = of_conditions([4], seed=1, each=20)
    scope = fit_scope(family, labels, background=background)
    assert scope.family_scores(family).min() > scope.family_scores(background.embeddings).max()


@pytest.mark.parametrize("constant", [0.0, 0.1, 7.0])
def test_features_that_never_change_decide_nothing_in_the_score(constant):
    (family, labels), background = of_classes(60, seed=0), of_conditions(range(8), seed=1)
    plain = fit_scope(family, labels, background=background)
    fixed = [np.pad(rows, ((0, 0), (0, 2)), constant_values=constant) for rows in (family, background.embeddings)]
    padded = fit_scope(fixed[0], labels, background=BackgroundEmbeddings(fixed[1], background.conditions))
    assert np.isfinite(padded.family.kernel).all()
    assert padded.family.kernel[-2:] == pytest.approx(0)
    assert np.corrcoef(padded.family_scores(fixed[0]), plain.family_scores(family))[0, 1] > 0.999


def test_photos_and_background_that_are_all_alike_give_no_score_that_refuses_the_photos():
    alike = np.ones((6, 4), np.float32)
    scope = learnt(alike, ["a", "b"] * 3, BackgroundEmbeddings(alike, ["c"] * 6))
    assert scope.contains(alike).all()


def test_a_photo_without_an_embedding_is_out_of_scope_and_takes_no_part_in_the_fit(scope):
    family, labels = of_classes(60, seed=0)
    background = of_conditions(range(8), seed=1)
    missing = np.full((1, FEATURES), np.nan, np.float32)
    assert not scope.contains(missing).any()
    plain = fit_scope(family, labels, background=background)
    more = fit_scope(
        np.concatenate([family, missing]),
        [*labels, labels[0]],
        background=BackgroundEmbeddings(
            np.concatenate([background.embeddings, missing]), [*background.conditions, "unmeasured"]
        ),
    )
    assert np.array_equal(more.mean, plain.mean)
    assert np.array_equal(more.family.kernel, plain.family.kernel)
