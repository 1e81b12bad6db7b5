"""Cross-validation of recipes on drawn pictures, with the starter weights and without any server."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.folds import fold_numbers
from acnelib.training.calibrated_head import TrainingSet
from acnelib.validation.cross_validation import cross_validate
from acnelib.validation.cross_validation_record import HeldOutUnit
from acnelib.validation.held_out_predictions import predict_held_out

PHOTOS, REPEATS = 60, 2


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("cross-validation")
    return Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})


@pytest.fixture(scope="module")
def feature_result(settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    for picture in draw_pictures(PHOTOS, seed=4):
        path = folder / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture.jpeg())
    curated = stages.curate(stages.scrape(str(folder), settings=settings), settings=settings)
    split = stages.split(curated, test_share=0.15, settings=settings)
    return stages.features(split, weights="starter", settings=settings)


@pytest.fixture(scope="module")
def found(settings, feature_result):
    return cross_validate([feature_result], repeats=REPEATS, at_random=True, settings=settings)


def test_what_may_be_learnt_from_is_measured_and_test_photos_are_not(found, feature_result):
    split = Split.read(feature_result.split)
    assert found.photos == len(split.of(Subset.TRAIN))
    assert split.of(Subset.TEST)


def test_series_are_the_figure_to_believe_and_are_no_finer_than_groups(found):
    (recipe,) = found.recipes
    assert [yardstick.apart for yardstick in recipe.yardsticks] == [
        HeldOutUnit.SERIES,
        HeldOutUnit.GROUPS,
        HeldOutUnit.PHOTOS,
    ]
    assert found.believe == HeldOutUnit.SERIES
    series, groups, photos = (yardstick.units for yardstick in recipe.yardsticks)
    assert series <= groups <= photos == found.photos


@pytest.mark.parametrize("apart", [HeldOutUnit.SERIES, HeldOutUnit.GROUPS, HeldOutUnit.PHOTOS])
def test_every_figure_is_there_and_possible(found, apart):
    yardstick = found.recipes[0].on(apart)
    means = {name: figure.mean for name, figure in yardstick.figures.items()}
    assert means["macro_f1"] > means["macro_f1_by_chance"] + 0.2
    assert all(0 <= means[name] <= 1 for name in means.keys() - {"nll", "brier", "selective_accuracy"})
    assert means["nll"] > 0
    assert 0 < means["brier"] < 2
    for name in ("macro_f1", "accuracy", "coverage", "selective_accuracy"):
        low, high = yardstick.intervals[name]
        assert 0 <= low <= means[name] <= high <= 1


def test_the_same_call_again_does_nothing_and_says_the_same(settings, feature_result, found):
    steps = []
    again = cross_validate(
        [feature_result], repeats=REPEATS, at_random=True, settings=settings, progress=lambda *step: steps.append(step)
    )
    assert (again, steps) == (found, [])


def test_progress_counts_every_repeat_of_every_yardstick(settings, feature_result):
    steps = []
    found = cross_validate([feature_result], repeats=1, settings=settings, progress=lambda *step: steps.append(step))
    assert [step[:2] for step in steps] == [(done, 4) for done in range(5)]
    assert [step[2] for step in steps[1:]] == [
        "repeats of the folds",  # by series
        "repeats of the folds",  # by groups
        "other sources and conditions",
        "metrics and intervals",
    ]
    assert found.recipes[0].on(HeldOutUnit.SERIES).figures["macro_f1"].sd is None


def test_two_recipes_are_measured_on_the_same_folds(settings, feature_result):
    found = cross_validate([feature_result, feature_result], repeats=1, settings=settings)
    one, other = found.recipes
    assert one == other
    assert [(pair.macro_f1.value, pair.accuracy.interval) for pair in found.paired] == [(0, (0, 0))] * 2


def test_every_class_has_its_recall_and_f1_with_intervals(found):
    per_class = found.recipes[0].on(HeldOutUnit.SERIES).per_class
    assert {label: one.photos for label, one in per_class.items()} == found.classes
    for one in per_class.values():
        for share in (one.recall, one.f1):
            assert share.interval is None or share.interval[0] <= share.value <= share.interval[1]


def photos_of(embeddings, labels, units):
    return TrainingSet(
        embeddings=embeddings.astype(np.float32),
        labels=labels,
        groups=units,
        group_folds=fold_numbers(units),
        series=units,
        sources=[("clinic",)] * len(labels),
    )


def test_a_class_that_only_the_held_out_photos_show_scores_nothing():
    truth = ["a", "b"] * 20 + ["rare", "rare"]
    units = [f"unit-{place}" for place in range(40)] + ["rare", "rare"]
    photos = photos_of(np.random.default_rng(0).normal(size=(42, 4)), truth, units)
    held = predict_held_out(photos, truth, numbers=photos.group_folds[0])
    assert held.rows.tolist() == list(range(42))
    assert held.scores[-2:, 2] == pytest.approx(0)
    assert held.scores.sum(axis=1) == pytest.approx(1)


def test_classes_of_one_unit_each_cannot_be_held_apart():
    units = ["one"] * 3 + ["other"] * 3
    photos = photos_of(np.random.default_rng(0).normal(size=(6, 4)), ["a"] * 3 + ["b"] * 3, units)
    with pytest.raises(
        DataUnusable, match=r"the 6 photos of a, b cannot be held apart .* add photos of other patients"
    ):
        predict_held_out(photos, photos.labels, numbers=np.array([0, 0, 0, 1, 1, 1]))


def test_with_one_source_none_is_held_apart(found):
    assert found.recipes[0].unseen_sources == {}
    assert found.recipes[0].find(HeldOutUnit.SOURCES) is None
    assert found.recipes[0].unseen_conditions is None
    assert found.not_held_apart == list(found.sources)
