"""Two folders of drawn pictures as two sources, with 40 edited copies across them: what is held apart stays apart.

One folder has all classes. The other has its own photos of all but one, and copies of the first one's photos.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from itertools import cycle
from typing import NamedTuple

import numpy as np
import pytest
from PIL import ImageEnhance, ImageOps

from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.stages.candidate import learnt_from, training_photos
from acnelib.storage.workspace import Workspace
from acnelib.training.calibrated_head import columns_of
from acnelib.training.unseen import predict_unseen_sources
from acnelib.validation.cross_validation import cross_validate
from acnelib.validation.cross_validation_record import HeldOutUnit
from acnelib.validation.recipe_predictions import shuffled_labels

COPIES = 40
LACKING = "rosacea"  # in the second folder, but for copies
KINDS = {
    "resized": lambda image: image.resize((image.width // 2, image.height // 2)),
    "mirrored": ImageOps.mirror,
    "cropped": lambda image: image.crop((12, 12, image.width - 8, image.height - 8)),
    "bordered": lambda image: ImageOps.expand(image, image.width // 12, "black"),
    "brightened": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "recompressed": lambda image: image.copy(),
}


class TwoSources(NamedTuple):
    folders: tuple[str, str]
    copies: tuple[tuple[str, str], ...]  # SHA-256 of original and copy


def written(folder, label, name, content):
    path = folder / label / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def jpeg(image, *, quality):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.fixture(scope="module")
def two_sources(tmp_path_factory):
    """Draw both folders: 60 pictures in the first, 16 and the copies in the second."""
    first, second = (tmp_path_factory.mktemp(name) for name in ("atlas", "clinic"))
    kinds, copies = cycle(KINDS.items()), []
    for place, picture in enumerate(draw_pictures(80, seed=4)):
        if place >= 60:
            if picture.label != LACKING:
                written(second, picture.label, f"{picture.name}.jpg", picture.jpeg())
            continue
        original = written(first, picture.label, f"{picture.name}.jpg", picture.jpeg())
        if len(copies) < COPIES:
            name, edit = next(kinds)
            content = jpeg(edit(picture.image.convert("RGB")), quality=35 if name == "recompressed" else 88)
            copies.append((original, written(second, picture.label, f"copy-{place}.jpg", content)))
    return TwoSources((str(first), str(second)), tuple(copies))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("sources")
    return Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})


@pytest.fixture(scope="module")
def feature_result(two_sources, settings):
    curated = stages.curate(stages.scrape(list(two_sources.folders), settings=settings), settings=settings)
    return stages.features(stages.split(curated, settings=settings), weights="starter", settings=settings)


@pytest.fixture(scope="module")
def photos(feature_result, settings):
    return training_photos(feature_result, Split.read(feature_result.split), Workspace(settings.workdir))


@pytest.fixture(scope="module")
def found(feature_result, settings):
    return cross_validate([feature_result], repeats=1, settings=settings)


def test_copies_across_sources_are_of_one_group_and_in_the_same_folds(two_sources, feature_result):
    split = Split.read(feature_result.split)
    for original, copy in two_sources.copies:
        one, other = split.photos[original], split.photos[copy]
        assert (one.group, one.folds) == (other.group, other.folds)
        assert set(one.sources).isdisjoint(other.sources)


def accuracy_on_copies(photos, copies):
    """Return the share of copies that are predicted right while their source is held apart."""
    labels = sorted(set(photos.labels))
    right = []
    for one in predict_unseen_sources(photos, labels=labels).values():
        answers = one.scores.argmax(axis=1) == columns_of([photos.labels[row] for row in one.rows.tolist()], labels)
        right.extend(answers[np.isin(one.rows, copies)])
    return np.mean(right)


def test_a_source_held_apart_is_not_remembered_by_its_copies_in_another(two_sources, feature_result, photos):
    """With labels that mean nothing, only a remembered copy can be predicted right."""
    names = learnt_from(Split.read(feature_result.split))
    copies = [names.index(sha256) for pair in two_sources.copies for sha256 in pair]
    shuffled = replace(photos, labels=shuffled_labels(photos.labels, photos.groups, seed=1))
    single = [str(row) for row in range(len(photos))]
    assert accuracy_on_copies(shuffled, copies) < 0.45
    assert accuracy_on_copies(replace(shuffled, groups=single, series=single), copies) > 0.5


def test_shuffled_labels_score_at_chance_by_every_yardstick(feature_result, settings):
    found = cross_validate([feature_result], repeats=4, shuffled=True, settings=settings)
    (recipe,) = found.recipes
    assert [one.apart for one in recipe.yardsticks] == [HeldOutUnit.SERIES, HeldOutUnit.GROUPS, HeldOutUnit.SOURCES]
    for yardstick in recipe.yardsticks:
        figures = yardstick.figures
        assert figures["macro_f1"].mean == pytest.approx(figures["macro_f1_by_chance"].mean, abs=0.12)
        assert figures["balanced_accuracy"].mean == pytest.approx(1 / len(found.classes), abs=0.12)


def test_each_source_is_predicted_by_what_the_other_teaches(found):
    (recipe,) = found.recipes
    together = recipe.on(HeldOutUnit.SOURCES)
    assert recipe.unseen_sources.keys() == found.sources.keys()
    assert together.units == 2
    assert together.photos == sum(one.photos for one in recipe.unseen_sources.values())
    assert together.figures["macro_f1"].mean > together.figures["macro_f1_by_chance"].mean + 0.2
    assert found.not_held_apart == []


def test_photos_whose_class_the_other_source_does_not_teach_are_reported_apart(found):
    atlas = next(one for name, one in found.recipes[0].unseen_sources.items() if name.startswith("atlas"))
    assert atlas.untaught == {LACKING: 12}
    assert LACKING not in atlas.per_class
    assert atlas.photos + 12 == next(number for name, number in found.sources.items() if name.startswith("atlas"))


def test_intervals_of_sources_are_over_series_of_the_scored_photos(found):
    for one in found.recipes[0].unseen_sources.values():
        low, high = one.intervals["accuracy"]
        assert low <= one.figures["accuracy"].mean <= high
        assert low < high
