"""Records of versions and runs that are gone: a pipeline goes on as if they had never been, on the real servers."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from acnelib import stages
from acnelib.registry.decisions import Decision
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover
from acnelib.retention.prune import prune
from acnelib.stages.production import promote_version
from acnelib.stages.results import PipelineDecision
from acnelib.storage.assignments import Assignment, Subset
from acnelib.storage.results import References


@pytest.fixture
def settings(workplace):
    return workplace.settings_of(f"records-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def evaluated(workplace, source, promoted, settings):
    """The first walk's candidate, with a run for this model."""
    return workplace.evaluated(source, model=settings.model_name)


@pytest.fixture
def alone(workplace, tmp_path):
    """A workplace whose working folder no other test needs, so that it can be pruned."""
    settings = replace(
        workplace.settings_of(f"alone-{uuid.uuid4().hex[:8]}"), workdir=tmp_path / "work", cache=tmp_path / "cache"
    )
    own = type("Own", (type(workplace),), {"settings_of": lambda _self, _model: settings})
    return own(root=tmp_path)


def promoted_and_pruned(evaluated, settings, register_another):
    """Let a candidate be version 1, another version replace it, and its bundle go."""
    first = stages.promote(stages.register([evaluated], settings=settings), settings=settings)
    promote_version(register_another(settings), reason="because", settings=settings)
    shelf = VersionRemover(tracking_of(settings))
    shelf.remove_version(shelf.versions()[0], at="2026-01-01")
    return first


def test_a_candidate_whose_version_was_pruned_becomes_a_new_version_that_is_judged(
    evaluated, settings, register_another, workplace
):
    first = promoted_and_pruned(evaluated, settings, register_another)
    registered = stages.register([evaluated], settings=settings)
    assert (registered.version, registered.bundle_sha256) == ("3", first.bundle_sha256)
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.REJECTED
    assert workplace.version(settings.model_name, "3")["current_stage"] == "Archived"
    again = stages.register([evaluated], settings=settings)
    assert stages.promote(again, settings=settings).decision == PipelineDecision.UNCHANGED


def test_a_candidate_whose_model_was_deleted_is_judged_though_the_number_of_its_version_is_given_again(
    evaluated, settings, workplace
):
    tracking = tracking_of(settings)
    stages.promote(stages.register([evaluated], settings=settings), settings=settings)
    tracking.client.delete_registered_model(settings.model_name)
    registered = stages.register([evaluated], settings=settings)
    assert registered.version == "1"
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.PROMOTED
    assert workplace.production(settings.model_name) == "1"


def test_a_candidate_whose_run_was_deleted_gets_a_new_one_with_all_its_numbers(evaluated, settings, workplace, source):
    run_id = evaluated.run_id
    tracking_of(settings).client.delete_run(run_id)
    again = workplace.evaluated(source, model=settings.model_name)
    assert again.run_id != run_id
    metrics = {one["key"] for one in workplace.run(again.run_id)["data"]["metrics"]}
    assert "out_of_fold_macro_f1" in metrics
    registered = stages.register([again], settings=settings)
    assert registered.run_ids == [again.run_id]


def compared_with(other, settings):
    """Return a better candidate with a run of its own."""
    with tracking_of(settings).candidate_run("c" * 64, name="better", tags={}, stage="train") as run:
        run.log_assignments({"0" * 64: Assignment(subset=Subset.TRAIN, group="0" * 64, folds=(0,) * 5)})
    return other.model_copy(
        update={
            "candidate_digest": "c" * 64,
            "run_id": run.run_id,
            "references": References(folders=other.references.folders, runs=(run.run_id,)),
            "series_macro_f1": 1.0,
            "series_nll": 0.0,
        }
    )


@pytest.mark.slow
def test_prune_keeps_the_run_of_a_candidate_that_a_kept_version_was_compared_with(alone):
    settings, model = alone.settings_of(""), alone.settings_of("").model_name
    evaluated = alone.evaluated(alone.draw("Own", range(40)), model=model)
    tracking = tracking_of(settings)
    first = stages.register([evaluated], settings=settings)
    tracking.versions.carry_out(first.version, Decision.REJECTED)
    second = stages.register([evaluated, compared_with(evaluated, settings)], settings=settings)
    promote_version(second.version, reason="because", settings=settings)
    assert set(prune(1, settings=settings).kept) == {second.version}
    assert evaluated.run_id in VersionRemover(tracking).living_runs()
    again = stages.register([stages.evaluate(evaluated, settings=settings)], settings=settings)
    assert again.version == "3"
    assert stages.promote(again, settings=settings).decision in {PipelineDecision.PROMOTED, PipelineDecision.REJECTED}
