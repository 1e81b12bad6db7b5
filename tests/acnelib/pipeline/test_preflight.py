"""The preflight of a run: what would end it later is known before anything is computed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug import Response

from acnelib.config.settings import Settings
from acnelib.errors import AcneError, TrackingFailed
from acnelib.pipeline.preflight import check_later_runs, check_machine, check_tracking
from acnelib.runs.stage import Stage
from acnelib.text.problems import Problems

DEFAULT = {
    "experiment": {"experiment_id": "0", "artifact_location": "mlflow-artifacts:/0", "lifecycle_stage": "active"}
}


@pytest.fixture
def settings(tmp_path):
    folders = {name: tmp_path / name for name in ("home", "cache", "stack", "workdir")}
    (tmp_path / "home").mkdir()
    return Settings(**folders)


@pytest.fixture
def tracked(settings, registry):
    """Settings of a server that has no experiment of the model yet, and that keeps the artifacts `kept`."""
    missing = Response('{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none"}', status=404)
    registry.instead["experiments/get-by-name"] = missing
    registry.instead["experiments/get"] = Response(json.dumps(DEFAULT))
    kept: dict[str, bytes | int] = {}
    answered = registry.answer

    def answer(request):
        if "/artifacts/acnelib-doctor/" not in request.path:
            return answered(request)
        if isinstance(status := kept.get(request.method), int):
            return Response("read-only file system", status=status)
        if request.method == "PUT":
            kept[request.path] = request.get_data()
        return Response(kept.pop(request.path) if request.method == "DELETE" else kept[request.path])

    registry.server.clear()
    registry.server.expect_request(re.compile(".*")).respond_with_handler(answer)
    registry.kept = kept
    return replace(settings, tracking_uri=registry.url)


def problems_of(settings) -> str:
    problems = Problems()
    check_machine(problems, settings)
    with pytest.raises(AcneError) as failed:
        problems.raise_all()
    return str(failed.value)


def test_a_machine_that_is_fine_has_no_problem_and_nothing_is_left(settings):
    problems = Problems()
    check_machine(problems, settings)
    problems.raise_all()
    assert not settings.workdir.exists()


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no folder that even root cannot write")
def test_folders_webhook_and_destination_are_one_list(settings):
    (settings.home / "webhook.secret").write_text("secret")
    (settings.home / "webhook.secret").chmod(0o644)
    bad = replace(settings, workdir=Path("/proc/acne"), webhook="https://hooks.example", export_to="/proc/other/models")
    said = problems_of(bad)
    assert said.startswith("3 problems: ")
    assert [part for part in ("/proc/acne ", "can be read by other users", "/proc") if part not in said] == []


def test_a_folder_with_other_files_is_no_destination(settings, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "thesis.txt").touch()
    assert "holds other things (thesis.txt)" in problems_of(replace(settings, export_to=str(tmp_path / "models")))


def test_a_bucket_that_is_not_there_is_no_destination(settings, monkeypatch, dead_server):
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", dead_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    assert f"{dead_server} does not answer" in problems_of(replace(settings, export_to="s3://team/models"))


def test_a_server_that_takes_everything_keeps_nothing_of_the_check(tracked, registry):
    check_tracking(tracked)
    assert registry.kept == {}


def test_a_store_that_cannot_be_written_is_noticed_in_its_own_words(tracked, registry):
    registry.kept["PUT"] = 500
    with pytest.raises(TrackingFailed, match=r"PUT: HTTP 500\), saying .read-only file system.: `acne up`"):
        check_tracking(tracked)
    check_tracking(tracked, until=Stage.SPLIT)  # which writes no artifact


def test_a_store_that_deletes_nothing_is_good_enough_for_a_run(tracked, registry):
    registry.kept["DELETE"] = 403
    check_tracking(tracked)


def test_runs_that_end_before_the_server_is_asked_do_without_it(settings, dead_server):
    check_tracking(replace(settings, tracking_uri=dead_server), until=Stage.CURATE)
    with pytest.raises(TrackingFailed, match="does not answer"):
        check_tracking(replace(settings, tracking_uri=dead_server), until=Stage.SPLIT)


def test_a_server_that_is_down_now_may_be_up_when_a_later_run_is_due(settings, dead_server):
    reported = []
    check_later_runs(replace(settings, tracking_uri=dead_server), report=reported.append)
    assert [line for line in reported if "does not answer" in line] == reported
    assert len(reported) == 1


def test_what_no_later_run_could_survive_ends_a_schedule_at_once(tracked, registry):
    registry.instead["experiments/get-by-name"] = Response("Invalid Host header", status=403)
    with pytest.raises(TrackingFailed, match="--allowed-hosts"):
        check_later_runs(tracked, report=pytest.fail)
