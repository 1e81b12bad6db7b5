"""Runs that a killed process left open, on a real MLflow server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import requests

from acnelib.doctor import CheckStatus, servers
from acnelib.errors import TrackingFailed
from acnelib.registry.abandoned import ABANDONED_TAG, OWNER_TAG, Owner, close_abandoned, find_abandoned

OPENS_A_RUN = """
import sys
from acnelib.registry.tracking import Tracking
tracking = Tracking(server=sys.argv[1], identity="test", model_name=sys.argv[2])
with tracking.candidate_run(sys.argv[3], name="one", tags={}, stage="train") as run:
    print(run.run_id, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run_of(tracking, walked):
    def reported(run_id):
        url = f"{tracking.server}/api/2.0/mlflow/runs/get"
        response = requests.get(url, params={"run_id": run_id}, auth=walked.login, timeout=20)
        response.raise_for_status()
        run = response.json()["run"]
        return run["info"]["status"], {tag["key"]: tag["value"] for tag in run["data"]["tags"]}

    return reported


@pytest.fixture
def training(tracking, walked):
    """Another process that has a run of this experiment open; it is killed at the end of the test."""
    started = []

    def start(candidate="c1"):
        command = [sys.executable, "-c", OPENS_A_RUN, tracking.server, tracking.model_name, candidate]
        process = subprocess.Popen(
            command, env=walked.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


def test_an_open_run_names_its_process_and_stays_open_while_that_lives(tracking, training, run_of):
    process, run_id = training()
    owner = Owner.read(run_of(run_id)[1][OWNER_TAG])
    assert owner.pid == process.pid
    assert not owner.has_ended()
    assert close_abandoned(tracking.server, experiments=[tracking.experiment_id]) == []
    assert run_of(run_id)[0] == "RUNNING"


def test_a_killed_process_run_is_closed_with_the_reason(tracking, training, run_of):
    process, run_id = training()
    kill(process)
    closed = close_abandoned(tracking.server, experiments=[tracking.experiment_id])
    status, tags = run_of(run_id)
    assert [run.run_id for run in closed] == [run_id]
    assert status == "KILLED"
    assert tags[ABANDONED_TAG].startswith(f"process {process.pid} ended without closing it")
    assert find_abandoned(tracking.server, experiments=[tracking.experiment_id]) == []


def test_the_next_run_of_the_experiment_closes_it(tracking, training, run_of):
    process, abandoned = training()
    kill(process)
    with tracking.candidate_run("c2", name="two", tags={}, stage="train"):
        assert run_of(abandoned)[0] == "KILLED"


def test_the_candidates_own_next_run_goes_on_with_it_and_forgets_that_it_was_abandoned(tracking, training, run_of):
    process, run_id = training()
    kill(process)
    close_abandoned(tracking.server, experiments=[tracking.experiment_id])
    with tracking.candidate_run("c1", name="one", tags={}, stage="train") as run:
        assert run.run_id == run_id
        assert run_of(run_id)[0] == "RUNNING"
    status, tags = run_of(run_id)
    assert status == "FINISHED"
    assert ABANDONED_TAG not in tags
    assert Owner.read(tags[OWNER_TAG]).pid == os.getpid()


def test_a_run_of_another_machine_or_of_nobody_known_stays_open(tracking, run_of):
    client, experiment = tracking.client, tracking.experiment_id
    elsewhere = replace(Owner.here(), host="another-machine", pid=1)
    runs = [
        client.create_run(experiment, tags={OWNER_TAG: elsewhere.written()}),
        client.create_run(experiment, tags={OWNER_TAG: "mine"}),
        client.create_run(experiment),
    ]
    assert close_abandoned(tracking.server, experiments=[experiment]) == []
    assert {run_of(run.info.run_id)[0] for run in runs} == {"RUNNING"}
    for run in runs:
        client.set_terminated(run.info.run_id)


@pytest.mark.parametrize(
    ("changes", "ended"),
    [
        ({}, False),
        ({"started": 1.0}, True),  # the id is somebody else's by now
        ({"boot": "before the machine was started again"}, True),
        ({"host": "another-machine", "started": 1.0}, False),
    ],
)
def test_only_a_process_that_certainly_is_gone_has_ended(changes, ended):
    assert replace(Owner.here(), **changes).has_ended() == ended


def test_a_process_that_ended_has_ended():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        owner = replace(Owner.here(), pid=process.pid)
        process.wait()
    assert owner.has_ended()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"host": "a", "boot": "", "pid": "x", "started": 1}'])
def test_a_tag_of_somebody_else_names_no_owner(text):
    assert Owner.read(text) is None


def test_the_doctor_tells_of_it_and_names_the_remedy(walked, training):
    close_abandoned(str(walked.settings.server()))  # what other tests have killed on this server
    assert servers.unfinished_runs(walked.settings).state == CheckStatus.OK
    process, _ = training()
    kill(process)
    finding = servers.unfinished_runs(walked.settings)
    assert finding.state == CheckStatus.WARNING
    assert finding.detail.startswith("1 run is still open")
    assert "acne up" in finding.remedy


def test_up_closes_it_and_says_so(walked, training, run_of):
    process, run_id = training()
    kill(process)
    ran = walked.acne("up")
    assert ran.returncode == 0
    assert re.search(r"Closed \d+ runs? that a killed process had left open \(status KILLED\)", ran.stderr)
    assert run_of(run_id)[0] == "KILLED"


def test_a_server_that_does_not_answer_is_a_failure(httpserver_ipv4):
    httpserver_ipv4.expect_request("/api/2.0/mlflow/runs/search").respond_with_data("no", status=500)
    with pytest.raises(TrackingFailed, match="is no MLflow server"):
        find_abandoned(f"http://127.0.0.1:{httpserver_ipv4.port}", experiments=["1"])
