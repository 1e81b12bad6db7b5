"""However a run ends, that is kept beside its targets, and the webhook is told of it once."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug import Response

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import DataUnusable, SettingsInvalid, UsageError
from acnelib.pipeline.ending import RunEnding
from acnelib.pipeline.run import PipelineRun
from acnelib.runs.history import past_runs
from acnelib.runs.stage import Stage
from acnelib.scraping.sources import Sources
from acnelib.stages.results import PromoteResult
from luigi_tasks.pipeline import run_pipeline

NEW_YEAR = datetime(2026, 1, 1)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def reported(httpserver_ipv4):
    """What a webhook was sent."""
    bodies = []

    def take(request):
        bodies.append(json.loads(request.data))
        return Response(status=204)

    httpserver_ipv4.expect_request("/told", method="POST").respond_with_handler(take)
    return bodies


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    monkeypatch.setattr("acnelib.runs.notifications.WAITS", (0.0, 0.0))


@pytest.fixture
def settings(empty_server_settings, httpserver_ipv4, reported):
    return replace(empty_server_settings, webhook=httpserver_ipv4.url_for("/told"))


@pytest.fixture
def one_class(tmp_path):
    """A folder of people's photos that nothing can be learnt from."""
    picture = next(iter(draw_pictures(1, seed=5)))
    folder = tmp_path / "Anna's photos"
    (folder / "cysts").mkdir(parents=True)
    (folder / "cysts" / "1.jpg").write_bytes(picture.jpeg())
    return folder


def go(folder, settings, **options):
    said = []
    run = PipelineRun(sources=Sources.parse(str(folder)), at=NEW_YEAR, weights="starter", **options)
    try:
        run_pipeline(run, settings=settings, local_scheduler=True, report=said.append)
    except DataUnusable:
        said.append("failed")
    return said


def test_a_failure_is_told_with_its_reason_and_without_any_path(one_class, settings, reported):
    assert go(one_class, settings) == ["failed"]
    (body,) = reported
    assert (body["event"], body["run"], body["decision"]) == ("failed", "2026-01-01T000000", None)
    assert body["source"].startswith("anna-s-photos-")
    assert "at least two classes" in body["reasons"][0]
    assert str(one_class.parent) not in json.dumps(body)


def test_the_same_failure_of_the_same_run_is_told_once(one_class, settings, reported):
    go(one_class, settings)
    go(one_class, settings)
    assert len(reported) == 1


def test_a_failure_is_kept_for_the_history(one_class, settings):
    go(one_class, settings)
    (past,) = past_runs(settings.workdir)
    assert (past.outcome, past.task, past.reached) == ("failed", "Split", "curate")
    assert past.seconds > 0


def test_a_run_that_was_to_stop_early_is_kept_and_not_told(one_class, settings, reported):
    go(one_class, settings, until=Stage.CURATE)
    (past,) = past_runs(settings.workdir)
    assert (past.outcome, past.reached, reported) == ("stopped", "curate", [])


def test_a_wrong_command_is_neither_kept_nor_told(one_class, settings, reported):
    with pytest.raises(UsageError):
        go(one_class, settings, backbones=("resnet_50",))
    assert (past_runs(settings.workdir), reported) == ((), [])


def test_a_webhook_that_fails_is_a_line_and_the_run_ends_as_it_would(one_class, settings, httpserver_ipv4):
    said = go(one_class, replace(settings, webhook=httpserver_ipv4.url_for("/elsewhere")))
    assert said[-1] == "failed"
    assert "webhook was not notified" in said[0]
    assert past_runs(settings.workdir)[0].outcome == "failed"


def test_a_webhook_that_is_not_safe_ends_a_run_before_it_begins(one_class, settings):
    with pytest.raises(SettingsInvalid, match="without encryption"):
        go(one_class, replace(settings, webhook="http://hooks.example/x"))
    assert not (settings.workdir / "images").exists()


@pytest.fixture
def promoted(walked):
    (target, *_) = sorted((walked.workdir / "sample").glob("*/promote.json"))
    return PromoteResult.read(target)


@pytest.mark.parametrize("decision", ["promoted", "rejected"])
def test_a_decision_is_told_once_with_reasons_numbers_and_addresses(promoted, settings, reported, decision):
    ending = RunEnding(sources=Sources.parse("sample"), at="2026-01-01T000000", settings=settings, report=pytest.fail)
    for _ in range(2):
        ending.decided(promoted.model_copy(update={"decision": decision}), seconds=3.0)
    (body,) = reported
    assert (body["event"], body["decision"], body["version"]) == (decision, decision, "1")
    assert body["reasons"] == promoted.reasons
    assert body["metrics"]["out_of_fold_macro_f1"] == promoted.out_of_fold_macro_f1
    assert "test_macro_f1" not in body["metrics"]  # no photo was kept out for a test
    assert "gate_candidate" in body["metrics"]
    assert "/#/experiments/" in body["run_url"]
    assert "compare-runs" in body["compare_url"]


def test_nobody_is_told_that_nothing_has_changed(promoted, settings, reported):
    ending = RunEnding(sources=Sources.parse("sample"), at="2026-01-01T000000", settings=settings, report=pytest.fail)
    ending.decided(promoted.model_copy(update={"decision": "unchanged"}), seconds=3.0)
    assert reported == []
    assert past_runs(settings.workdir)[0].outcome == "unchanged"


def test_the_command_luigi_tells_of_its_failures_as_well(one_class, walked, tmp_path, httpserver_ipv4, reported):
    command = [sys.executable, "-m", "luigi", "--module", "luigi_tasks", "Split", "--source", str(one_class)]
    environment = walked.environment | {
        "PYTHONPATH": str(REPOSITORY),
        "ACNE_WORKDIR": str(tmp_path / "work"),
        "ACNE_WEBHOOK": httpserver_ipv4.url_for("/told"),
    }
    options = ["--at", "2026-01-01T000000", "--local-scheduler", "--no-lock"]
    subprocess.run([*command, *options], env=environment, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert [body["event"] for body in reported] == ["failed"]
    assert past_runs(tmp_path / "work")[0].task == "Split"
