"""Refusals of unseen conditions, and the search for scores that recognise a source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acnelib.training.family_score import FAMILY_FALSE_REJECTION, BackgroundEmbeddings
from acnelib.training.scope import fit_scope, out_of_fold_scope
from acnelib.training.scope_checks import SourceChecks, check_sources, unseen_conditions

FEATURES, CONDITIONS = 40, 20
LOOK = np.eye(FEATURES)[0]  # what gives an atlas away
SICK = np.eye(FEATURES)[1]  # what conditions share


def photos(number, *, look, sick=0.0, seed=0):
    rows = np.random.default_rng(seed).normal(size=(number, FEATURES)) + look * LOOK + sick * SICK
    return rows.astype(np.float32)


def conditions(*, look, sick=2.0, names=None):
    names = names or [f"condition {place}" for place in range(CONDITIONS)]
    rows = photos(5 * len(names), look=look, sick=sick, seed=9)
    return BackgroundEmbeddings(rows, [name for name in names for _ in range(5)])


def family_of(*looks):
    """Return 60 photos of two classes for each look of a source, their labels and sources, and folds."""
    rows = np.concatenate([photos(60, look=look, seed=place) for place, look in enumerate(looks)])
    labels = ["acne", "rosacea"] * (30 * len(looks))
    sources = [f"atlas {place}" for place in range(len(looks)) for _ in range(60)]
    return rows, labels, sources, np.array_split(np.random.default_rng(0).permutation(len(rows)), 5)


def scope_of(family, labels, folds, background):
    distances, scores = out_of_fold_scope(family, labels, [folds], background)
    return fit_scope(family, labels, background=background).limited(distances=distances, family_scores=scores)


def unseen(background):
    family, labels, _, folds = family_of(0.0)
    scope = scope_of(family, labels, folds, background)
    return unseen_conditions(family, labels, background, scope=scope)


def test_conditions_that_share_a_direction_are_refused_although_none_was_seen():
    assert unseen(conditions(look=0.0, sick=5.0)).mean() > 0.95


def test_conditions_that_are_like_the_classes_are_refused_about_as_often_as_these():
    assert unseen(conditions(look=0.0, sick=0.0)).mean() < 0.25


def test_a_condition_is_held_apart_from_its_copies_under_another_one():
    background = conditions(look=0.0, sick=0.0, names=["eczema", "dermatitis", "vitiligo"])
    background.embeddings[:5] -= 4 * np.eye(FEATURES, dtype=np.float32)[2]
    background.embeddings[5:10] = background.embeddings[:5]
    groups = [f"group {row % 5}" if row < 10 else f"single {row}" for row in range(15)]
    assert unseen(background)[:5].all()
    assert not unseen(replace(background, groups=groups))[:5].all()


def test_a_condition_that_differs_in_nothing_shared_is_refused_only_once_it_was_seen():
    background = conditions(look=0.0, sick=0.0, names=["eczema", "psoriasis", "vitiligo"])
    background.embeddings[:5] -= 4 * np.eye(FEATURES, dtype=np.float32)[2]
    family, labels, _, folds = family_of(0.0)
    scope = scope_of(family, labels, folds, background)
    eczema = slice(0, 5)
    assert (scope.family_scores(background.embeddings[eczema]) < scope.family.limit).mean() > 0.5
    assert unseen_conditions(family, labels, background, scope=scope)[eczema].mean() < 0.5


def test_one_condition_alone_is_refused_by_distance_only():
    background = conditions(look=0.0, sick=5.0, names=["eczema"])
    family, labels, _, folds = family_of(0.0)
    scope = scope_of(family, labels, folds, background)
    too_far = scope.distances(background.embeddings) > scope.limit
    assert np.array_equal(unseen_conditions(family, labels, background, scope=scope), too_far)


def test_two_conditions_are_held_apart_from_each_other():
    assert unseen(conditions(look=0.0, sick=5.0, names=["eczema", "psoriasis"])).mean() > 0.9


def test_the_fold_of_a_condition_does_not_depend_on_the_order_of_the_photos():
    background = conditions(look=0.0)
    order = np.random.default_rng(1).permutation(len(background))
    assert np.array_equal(unseen(background)[order], unseen(background.only(order)))


def test_a_background_that_shares_the_look_of_all_sources_raises_no_warning():
    family, labels, sources, folds = family_of(0.0, 0.0)
    found = check_sources(family, labels, sources, conditions(look=0.0), folds=folds)
    assert found.warnings == ()
    assert max(found.held_out_refused.values()) < 5 * FAMILY_FALSE_REJECTION


def test_a_background_with_a_look_that_no_source_has_is_recognised_by_it():
    family, labels, sources, folds = family_of(0.0, 0.0)
    found = check_sources(family, labels, sources, conditions(look=8.0, sick=0.0), folds=folds)
    assert found.without_background == ("atlas 0", "atlas 1")
    assert any("recognise their source" in warning for warning in found.warnings)


def test_a_source_that_only_the_background_resembles_is_refused_once_it_is_held_out():
    family, labels, sources, folds = family_of(8.0, 0.0)
    found = check_sources(family, labels, sources, conditions(look=8.0), folds=folds)
    assert found.held_out_refused["atlas 0"] > 0.5 > found.held_out_refused["atlas 1"]
    assert found.without_background == ("atlas 1",)
    never_seen, refused = found.warnings
    assert "never seen in photos like those of atlas 1" in never_seen
    assert "Without the photos of atlas 0" in refused


def test_with_one_source_refusals_of_another_cannot_be_checked():
    family, labels, sources, folds = family_of(0.0)
    found = check_sources(family, labels, sources, conditions(look=0.0), folds=folds)
    assert found.held_out_refused == {}
    assert "cannot be checked" in found.warnings[0]


def test_a_source_of_a_few_photos_is_not_checked():
    family, labels, sources, folds = family_of(0.0)
    few = [*sources[:-5], *["a few"] * 5]
    assert check_sources(family, labels, few, conditions(look=0.0), folds=folds).held_out_refused == {}


@pytest.mark.parametrize(("share", "warned"), [(0.5, False), (0.51, True)])
def test_half_of_a_held_out_source_may_be_refused_without_a_warning(share, warned):
    checks = SourceChecks(held_out_refused={"atlas": share, "other": 0.0}, background_refused={"atlas": 0.6})
    assert bool(checks.warnings) == warned
