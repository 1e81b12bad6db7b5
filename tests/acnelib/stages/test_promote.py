"""The gate, where it is killed, or somebody else decides meanwhile: on the real servers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from acnelib import stages
from acnelib.errors import TrackingFailed, UsageError
from acnelib.progress import no_progress
from acnelib.registry.tracking.connection import tracking_of
from acnelib.stages.production import history, promote_version
from acnelib.stages.results import PipelineDecision

# By import, for acnelib.stages.promote is the function.
PROMOTE = import_module("acnelib.stages.promote")
EXPORT = import_module("acnelib.export.model_export")


@pytest.fixture
def settings(workplace, tmp_path):
    """Those of a model of its own; what is promoted is exported."""
    return replace(workplace.settings_of(f"gate-{uuid.uuid4().hex[:8]}"), export_to=str(tmp_path / "phones"))


@pytest.fixture
def exported(settings):
    """Say whether an export is there, whole."""
    return lambda: Path(settings.export_to, "SHA256SUMS").is_file()


@pytest.fixture
def registered(workplace, source, promoted, settings):
    """The first walk's candidate, as version 1 that nobody has judged."""
    evaluated = workplace.evaluated(source, model=settings.model_name)
    return stages.register([evaluated], settings=settings)


def killed(*arguments, **named):
    raise KeyboardInterrupt


class TestAnExportThatWasKilled:
    def test_is_made_by_the_next_run_which_still_says_that_it_promoted(
        self, settings, registered, exported, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr(EXPORT, "export", killed)
            with pytest.raises(KeyboardInterrupt):
                stages.promote(registered, settings=settings)
        assert stages.promote(registered, settings=settings).decision == PipelineDecision.PROMOTED
        assert exported()
        assert stages.promote(registered, settings=settings).decision == PipelineDecision.UNCHANGED

    def test_is_made_by_promoting_the_version_again(self, settings, registered, exported, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(EXPORT, "export", killed)
            with pytest.raises(KeyboardInterrupt):
                promote_version("1", reason="because", settings=settings)
        with pytest.raises(UsageError, match="in production already"):
            promote_version("1", reason="because", settings=settings)
        assert exported()
        assert len(history(settings=settings)) == 1

    def test_is_not_made_of_a_version_that_was_replaced_since(
        self, settings, registered, exported, register_another, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr(EXPORT, "export", killed)
            with pytest.raises(KeyboardInterrupt):
                stages.promote(registered, settings=settings)
        promote_version(register_another(settings), reason="because", settings=replace(settings, export_to=None))
        stages.promote(registered, settings=settings)
        assert not exported()


def test_a_decision_that_was_not_carried_out_is_made_anew_when_production_changed_since(
    workplace, settings, registered, register_another, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("acnelib.registry.tracking.versions.Versions.carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            stages.promote(registered, settings=settings)
    promote_version(register_another(settings), reason="because", settings=settings)
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.REJECTED
    assert workplace.production(settings.model_name) == "2"
    again, before = (one for one in history(settings=settings) if one.version == "1")
    assert (before.decision, before.previous) == ("promoted", None)
    assert (again.decision, again.previous) == ("rejected", "2")
    assert "other candidate" not in str(again.reasons)  # it does not count itself


def test_a_promotion_that_was_carried_out_by_half_is_carried_out(workplace, settings, registered, monkeypatch):
    """The alias is set, the stage is not."""
    with monkeypatch.context() as patch:
        patch.setattr("mlflow.MlflowClient.transition_model_version_stage", killed)
        with pytest.raises(KeyboardInterrupt):
            stages.promote(registered, settings=settings)
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.PROMOTED
    assert workplace.version(settings.model_name, "1")["current_stage"] == "Production"
    assert len(history(settings=settings)) == 1


@pytest.fixture
def rejected(settings, registered, register_another):
    """The candidate, which was rejected beside version 2."""
    promote_version(register_another(settings), reason="because", settings=settings)
    result = stages.promote(registered, settings=settings)
    assert (result.decision, result.previous) == (PipelineDecision.REJECTED, "2")
    return result


def test_a_rejected_version_is_judged_again_once_another_one_is_in_production(
    settings, registered, rejected, register_another
):
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.UNCHANGED
    promote_version(register_another(settings), reason="because", settings=settings)
    again = stages.promote(registered, settings=settings)
    assert (again.decision, again.previous) == (PipelineDecision.REJECTED, "3")
    assert stages.promote(registered, settings=settings).decision == PipelineDecision.UNCHANGED


def test_a_rejected_version_that_a_person_promoted_and_took_back_stays_with_that_decision(
    workplace, settings, registered, rejected
):
    promote_version("1", reason="we need it", settings=settings)
    promote_version("2", reason="we were wrong", settings=settings)
    result = stages.promote(registered, settings=settings)
    assert result.decision == PipelineDecision.UNCHANGED
    assert "we need it" in result.reasons[1]
    assert workplace.production(settings.model_name) == "2"


def test_a_later_judgement_that_was_killed_before_it_was_carried_out_is_carried_out(
    settings, registered, rejected, register_another, monkeypatch
):
    promote_version(register_another(settings), reason="because", settings=settings)
    with tracking_of(settings).reader() as reader:
        judgement = PROMOTE.judge(registered, None, reader=reader, settings=settings, progress=no_progress)
    better = replace(judgement, promote=True)
    with monkeypatch.context() as patch:
        patch.setattr(PROMOTE, "judge", lambda *_, **__: better)
        patch.setattr("acnelib.registry.tracking.versions.Versions.carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            stages.promote(registered, settings=settings)
    with tracking_of(settings).reader() as reader:
        assert reader.production().version == "3"
        assert stages.promote(registered, settings=settings).decision == PipelineDecision.PROMOTED
        assert reader.production().version == "1"


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen whenever the gate has judged, before it acts."""

    def let(happen):
        def judged(*arguments, **named):
            judgement = judge(*arguments, **named)
            happen()
            return judgement

        judge = PROMOTE.judge
        monkeypatch.setattr(PROMOTE, "judge", judged)

    return let


def test_what_was_promoted_while_the_gate_judged_is_judged_against(
    workplace, settings, registered, register_another, meanwhile
):
    others = [register_another(settings)]
    meanwhile(lambda: others and promote_version(others.pop(), reason="because", settings=settings))
    promoted = stages.promote(registered, settings=settings)
    assert (promoted.decision, promoted.previous) == (PipelineDecision.REJECTED, "2")
    assert workplace.production(settings.model_name) == "2"


def test_a_version_that_somebody_promoted_while_it_was_judged_is_left_to_that_decision(settings, registered, meanwhile):
    meanwhile(lambda: promote_version("1", reason="because", settings=settings))
    assert stages.promote(registered, settings=settings).reasons == ["because"]
    assert len(history(settings=settings)) == 1


def test_a_gate_whose_production_never_stays_gives_up_and_decides_nothing(
    settings, registered, register_another, meanwhile
):
    others = [register_another(settings) for _ in range(3)]
    meanwhile(lambda: promote_version(others.pop(), reason="because", settings=settings))
    with pytest.raises(TrackingFailed, match="changed 3 times while version 1 was judged"):
        stages.promote(registered, settings=settings)
    assert "1" not in {one.version for one in history(settings=settings)}
