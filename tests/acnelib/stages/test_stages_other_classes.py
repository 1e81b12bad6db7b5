"""A production version of other classes: it cannot be compared, and gives way only if it knows drawn pictures alone."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from acnelib import bundle as bundles
from acnelib import stages
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tracking.connection import tracking_of
from acnelib.stages.results import PipelineDecision

FIRST = DecisionRecord(
    version="1",
    decision=Decision.PROMOTED,
    by=DecidedBy.PERSON,
    user="somebody",
    decided_at="2026-11-25T12:00:00+00:00",
    previous=None,
    reasons=("the first",),
)


def rewritten(bundle, folder, **changes):
    """Copy a bundle with another description, and seal it."""
    shutil.copytree(bundle, folder)
    (folder / bundles.SUMS).unlink()
    bundles.write_description(folder, replace(bundles.read_candidate(folder).description, **changes))
    return bundles.seal(folder)


@pytest.fixture
def challenged(workplace, promoted, source, tmp_path):
    """Make a bundle of other classes production, and let the candidate challenge it."""

    def challenge(model, *, production_drawn, candidate_drawn):
        labels = (*bundles.read_candidate(promoted.bundle).description.labels[:-1], "scars")
        bundle = rewritten(promoted.bundle, tmp_path / "bundle", labels=labels, drawn=production_drawn)
        settings = workplace.settings_of(model)
        tracking = tracking_of(settings)
        with tracking.candidate_run("other", name="other", tags={}, stage="register"):
            tracking.versions.register(bundle.path, sha256=bundle.sha256)
            tracking.versions.decide(FIRST)
        train_result = stages.train(workplace.features(source), settings=settings)
        registered = stages.register([stages.evaluate(train_result, settings=settings)], settings=settings)
        candidate = rewritten(registered.bundle, tmp_path / "candidate", drawn=candidate_drawn)
        return stages.promote(registered.model_copy(update={"bundle": candidate.path}), settings=settings)

    return challenge


@pytest.mark.slow
def test_a_model_of_photos_with_other_classes_is_not_compared(challenged, workplace):
    outcome = challenged("scarred", production_drawn=False, candidate_drawn=False)
    assert outcome.decision == PipelineDecision.REJECTED
    assert "production (version 1) knows other classes" in outcome.reasons[0]
    assert "(new: rosacea; gone: scars)" in outcome.reasons[0]
    assert workplace.production("scarred") == "1"


def test_a_model_of_drawn_pictures_gives_way(challenged, workplace):
    outcome = challenged("sampled", production_drawn=True, candidate_drawn=False)
    assert outcome.decision == PipelineDecision.PROMOTED
    assert outcome.reasons[0] == "production (version 1) only knows drawn pictures and gives way to a model of photos"
    assert workplace.production("sampled") == "2"
    assert workplace.version("sampled", "1")["current_stage"] == "Archived"


@pytest.mark.slow
def test_a_model_of_drawn_pictures_never_displaces_one_of_photos(challenged, workplace):
    outcome = challenged("photographed", production_drawn=False, candidate_drawn=True)
    assert outcome.decision == PipelineDecision.REJECTED
    assert "it only knows drawn pictures, and production (version 1) was trained on photos" in outcome.reasons[0]
    assert workplace.production("photographed") == "1"
