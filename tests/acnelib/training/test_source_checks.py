"""What training measures about refusals by source, and how the bundle keeps it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evaluation_reports import BACKGROUND
from tiny_bundles import DESCRIPTION, sealed

from acnelib.bundle import open_bundle
from acnelib.evaluation.intervals import share_interval
from acnelib.folds import REPEATS, fold_numbers
from acnelib.training.calibrated_head import TrainingSet
from acnelib.training.family_score import BackgroundEmbeddings
from acnelib.training.fitting import fit_candidate

PHOTOS = 60


@pytest.fixture(scope="module")
def photos():
    """Photos of two classes from two sources, and background that looks like the first source only."""
    chance = np.random.default_rng(0)
    labels = ["acne" if number % 2 else "rosacea" for number in range(PHOTOS)]
    sources = [("clinic",) if number < PHOTOS / 2 else ("atlas",) for number in range(PHOTOS)]
    embeddings = chance.normal(size=(PHOTOS, 6))
    embeddings[:, 0] += [3 * (label == "acne") for label in labels]
    embeddings[:, 1] += [12 * (source == ("atlas",)) for source in sources]
    other = chance.normal(size=(60, 6))
    other[:, 2] += 2
    groups = [str(number) for number in range(PHOTOS)]
    return TrainingSet(
        embeddings=embeddings.astype(np.float32),
        labels=labels,
        groups=groups,
        group_folds=fold_numbers(groups, repeats=REPEATS),
        series=groups,
        sources=sources,
        background=BackgroundEmbeddings(other.astype(np.float32), tuple(f"other-{place % 6}" for place in range(60))),
    )


def test_a_candidate_knows_in_the_look_of_which_source_other_conditions_were_never_seen(photos):
    checks = fit_candidate(photos).source_checks
    assert checks.without_background == ("atlas",)
    assert set(checks.held_out_refused) == {"atlas", "clinic"}


def test_without_background_photos_there_is_nothing_to_check(photos):
    assert fit_candidate(replace(photos, background=None)).source_checks is None


def test_a_bundle_keeps_what_was_measured_about_the_background(tmp_path):
    bundle = open_bundle(sealed(tmp_path / "bundle", description=replace(DESCRIPTION, background=BACKGROUND)))
    assert bundle.description.background == BACKGROUND


def test_the_interval_of_a_share_is_over_groups():
    hits = np.tile([True, False, False, False], 10)
    alone = share_interval(hits, [str(place) for place in range(40)])
    grouped = share_interval(np.repeat(hits, 5), [str(place // 5) for place in range(200)])
    assert grouped == pytest.approx(alone)
    assert alone[0] < 0.25 < alone[1]
    assert share_interval(hits, ["one"] * 40) is None
