"""Prune beside whoever promotes at the same moment: what is in production can be loaded, on the real servers."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from acnelib.errors import ModelUnavailable
from acnelib.models import find_model
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tags import PRUNED_TAG
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover
from acnelib.registry.tracking.versions import Versions
from acnelib.retention.prune import RemovedKind, prune
from acnelib.stages.production import history, promote_version, roll_back

REJECTED = DecisionRecord(
    version="1",
    decision=Decision.REJECTED,
    by=DecidedBy.GATE,
    user="somebody",
    decided_at="2026-01-01T00:00:00.000+00:00",
    previous=None,
    reasons=("it is no better",),
)


@pytest.fixture
def settings(workplace, tmp_path):
    """Those of a model and a working folder of their own."""
    folders = {name: tmp_path / name for name in ("workdir", "cache")}
    return replace(workplace.settings_of(f"used-{uuid.uuid4().hex[:8]}"), **folders)


@pytest.fixture
def tracking(settings, register_another):
    """A registry of a rejected version, which prune would take, and one that nobody has judged."""
    for _ in range(2):
        register_another(settings)
    tracking = tracking_of(settings)
    tracking.versions.decide(REJECTED)
    return tracking


def mark(tracking):
    tracking.client.set_model_version_tag(tracking.model_name, "1", PRUNED_TAG, '{"whole": false}')


@pytest.mark.parametrize("moment", ["size_of_version", "_mark"], ids=["before it is marked", "after it is marked"])
def test_a_version_that_becomes_production_meanwhile_stays_whole_with_its_run(
    workplace, settings, tracking, monkeypatch, moment
):
    def promoted_meanwhile(*arguments, **named):
        reported = usual(*arguments, **named)
        tracking.versions.carry_out("1", Decision.PROMOTED)
        return reported

    usual = getattr(VersionRemover, moment)
    monkeypatch.setattr(VersionRemover, moment, promoted_meanwhile)
    pruned = prune(1, settings=settings)
    assert pruned.kept["1"] == "taken into use just now"
    assert not {RemovedKind.VERSION, RemovedKind.RUN} & {one.kind for one in pruned.gone}
    found = find_model("production", settings=replace(settings, cache=settings.cache / "empty"))
    assert found.identity.version == "1"
    version = workplace.version(settings.model_name, "1")
    assert PRUNED_TAG not in version["tags"]
    assert workplace.run(version["run_id"])["info"]["lifecycle_stage"] == "active"


def test_a_version_that_nobody_takes_into_use_goes(workplace, settings, tracking):
    prune(1, settings=settings)
    assert PRUNED_TAG in workplace.version(settings.model_name, "1")["tags"]


def test_a_version_that_is_half_gone_is_not_promoted_though_it_is_cached(settings, tracking):
    find_model("1", settings=settings)
    mark(tracking)
    with pytest.raises(ModelUnavailable, match="was deleted by `acne prune`: name another version"):
        promote_version("1", reason="because", settings=settings)
    assert {one.decision for one in history(settings=settings)} == {Decision.REJECTED}


@pytest.mark.parametrize("before", ["2", None])
def test_a_promotion_whose_version_goes_at_that_moment_is_taken_back(
    workplace, settings, tracking, monkeypatch, before
):
    if before:
        promote_version(before, reason="because", settings=settings)

    def pruned_meanwhile(versions, *arguments):
        mark(tracking)
        usual(versions, *arguments)

    usual = Versions.carry_out
    with monkeypatch.context() as patch:
        patch.setattr(Versions, "carry_out", pruned_meanwhile)
        with pytest.raises(ModelUnavailable, match="was deleted by `acne prune`"):
            promote_version("1", reason="because", settings=settings)
    names = workplace.ask("registered-models/get", name=settings.model_name)["registered_model"].get("aliases", [])
    assert [one["version"] for one in names if one["alias"] == "production"] == ([before] if before else [])
    assert workplace.version(settings.model_name, "1")["current_stage"] == "Archived"
    latest = next(one for one in history(settings=settings) if one.version == "1")
    assert (latest.decision, latest.reasons) == ("rejected", ("its bundle was deleted by `acne prune` at that moment",))


def test_nobody_goes_back_to_a_version_that_is_gone(settings, tracking, workplace):
    for number in ("1", "2"):
        promote_version(number, reason="because", settings=settings)
    mark(tracking)
    with pytest.raises(ModelUnavailable, match="was deleted by `acne prune`"):
        roll_back(settings=settings)
    assert workplace.production(settings.model_name) == "2"
