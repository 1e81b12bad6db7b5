"""A production version of other classes: it cannot be compared, and gives way only if it knows drawn pictures alone."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from acnelib import bundle as bundles
from acnelib import stages
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.stages.results import Outcome
from acnelib.stages.tracked import tracking_of

FIRST = DecisionRecord(
    version="1",
    decision=Decision.PROMOTED,
    by=DecidedBy.PERSON,
    user="somebody",
    decided_at="2026-11-25T12:00:00+00:00",
    previous=None,
    reasons=("the first",),
)


@pytest.fixture
def challenged(workplace, promoted, tmp_path):
    """Make a bundle of other classes production, and let the candidate challenge it."""

    def challenge(model, *, trained_on):
        folder = shutil.copytree(promoted.registered.bundle, tmp_path / "bundle")
        description = bundles.read_candidate(folder).description
        labels = (*description.labels[:-1], "scars")
        provenance = replace(description.provenance, source=trained_on)
        bundles.write_description(folder, replace(description, labels=labels, provenance=provenance))
        sha256 = bundles.seal(folder).sha256
        settings = workplace.settings_of(model)
        tracking = tracking_of(settings)
        with tracking.candidate_run("other", name="other", tags={}, stage="register"):
            tracking.versions.register(folder, sha256=sha256)
            tracking.versions.decide(FIRST)
        evaluated = promoted.registered.evaluated
        trained = stages.train(evaluated.trained.featured, settings=settings)
        registered = stages.register([stages.evaluate(trained, settings=settings)], settings=settings)
        return stages.promote(registered, settings=settings)

    return challenge


@pytest.mark.slow
def test_a_model_of_photos_with_other_classes_is_not_compared(challenged, workplace):
    outcome = challenged("scarred", trained_on="photos-1234")
    assert outcome.decision == Outcome.REJECTED
    assert "production (version 1) knows other classes" in outcome.reasons[0]
    assert "(new: rosacea; gone: scars)" in outcome.reasons[0]
    assert workplace.production("scarred") == "1"


def test_a_model_of_drawn_pictures_gives_way(challenged, workplace):
    outcome = challenged("sampled", trained_on="sample")
    assert outcome.decision == Outcome.PROMOTED
    assert outcome.reasons[0] == "production (version 1) only knows drawn pictures and gives way to a model of photos"
    assert workplace.production("sampled") == "2"
    assert workplace.version("sampled", "1")["current_stage"] == "Archived"
