"""Cross-validation of recipes on drawn pictures, with the starter weights and without any server."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.validation import held_out_predictions
from acnelib.validation.cross_validation import HeldOutUnit, cross_validate
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
    return stages.features(stages.split(curated, settings=settings), weights="starter", settings=settings)


@pytest.fixture(scope="module")
def found(settings, feature_result):
    return cross_validate([feature_result], repeats=REPEATS, at_random=True, settings=settings)


def test_what_may_be_learnt_from_is_measured_and_test_photos_are_not(found, feature_result):
    split = Split.read(feature_result.split)
    assert found.photos == len(split.of(Subset.TRAIN)) + len(split.of(Subset.VALIDATION))
    assert found.photos < PHOTOS


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


@pytest.mark.parametrize("apart", list(HeldOutUnit))
def test_every_figure_is_there_and_possible(found, apart):
    yardstick = found.recipes[0].on(apart)
    means = {name: figure.mean for name, figure in yardstick.figures.items()}
    assert means["macro_f1"] > means["macro_f1_by_chance"] + 0.2
    assert all(0 <= means[name] <= 1 for name in means.keys() - {"nll", "brier", "selective_accuracy"})
    assert means["nll"] > 0
    assert 0 < means["brier"] < 2
    low, high = yardstick.macro_f1_interval
    assert low <= means["macro_f1"] <= high


def test_shuffled_labels_score_at_chance(settings, feature_result):
    found = cross_validate([feature_result], repeats=4, shuffled=True, settings=settings)
    assert found.shuffled
    for yardstick in found.recipes[0].yardsticks:
        figures = yardstick.figures
        assert figures["macro_f1"].mean == pytest.approx(figures["macro_f1_by_chance"].mean, abs=0.12)
        assert figures["balanced_accuracy"].mean == pytest.approx(1 / len(found.classes), abs=0.12)


def test_the_same_call_again_does_nothing_and_says_the_same(settings, feature_result, found):
    steps = []
    again = cross_validate(
        [feature_result], repeats=REPEATS, at_random=True, settings=settings, progress=lambda *step: steps.append(step)
    )
    assert (again, steps) == (found, [])


def test_progress_counts_every_repeat_of_every_yardstick(settings, feature_result):
    steps = []
    found = cross_validate(
        [feature_result], repeats=1, settings=settings, progress=lambda done, total, _what: steps.append((done, total))
    )
    assert steps == [(1, 2), (2, 2)]
    assert found.recipes[0].on(HeldOutUnit.SERIES).figures["macro_f1"].sd is None


def test_two_recipes_are_measured_on_the_same_folds(settings, feature_result):
    found = cross_validate([feature_result, feature_result], repeats=1, settings=settings)
    one, other = found.recipes
    assert one == other


def test_folds_never_part_a_unit(monkeypatch):
    seen = []
    fit = held_out_predictions.fit_calibrated_head
    monkeypatch.setattr(
        held_out_predictions,
        "fit_calibrated_head",
        lambda embeddings, *rest, **named: seen.append(embeddings) or fit(embeddings, *rest, **named),
    )
    units = np.repeat(np.arange(20), 3)
    embeddings = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    embeddings[:, 0] = units
    names = [f"unit-{unit}" for unit in units]
    predict_held_out(embeddings, ["a" if unit % 2 else "b" for unit in units], units=names, groups=names, seed=0)
    assert len(seen) == 5
    for rest in seen:
        assert set(np.unique(rest[:, 0], return_counts=True)[1]) == {3}


def test_a_class_that_only_the_held_out_photos_show_scores_nothing():
    embeddings = np.random.default_rng(0).normal(size=(42, 4)).astype(np.float32)
    truth = ["a", "b"] * 20 + ["rare", "rare"]
    units = [f"unit-{place}" for place in range(40)] + ["rare", "rare"]
    held = predict_held_out(embeddings, truth, units=units, groups=units, seed=0)
    assert held.scores[-2:, 2] == pytest.approx(0)
    assert held.scores.sum(axis=1) == pytest.approx(1)


def test_classes_of_one_unit_each_cannot_be_held_apart():
    embeddings = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    units = ["one"] * 3 + ["other"] * 3
    with pytest.raises(
        DataUnusable, match=r"the 6 photos of a, b cannot be held apart .* add photos of other patients"
    ):
        predict_held_out(embeddings, ["a"] * 3 + ["b"] * 3, units=units, groups=units, seed=0)
