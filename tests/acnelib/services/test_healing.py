"""What kill -9 does to the real services, what `status` says of it, and what `up` brings back."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from acnelib.services import Stack, processes
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

    from acnelib.config.settings import Settings

NAMES = ("mlflow", "luigid", "s3")


# What the three have in common is shown by the quickest of them; the others are started by hand.
QUICK_FIRST = ["luigid", *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES if name != "luigid")]


@pytest.fixture
def kill(stack: Stack, shared_settings: Settings) -> Callable[..., None]:
    """Kill services with all that they started, as the kernel does when memory is short."""

    def kill(*names: str) -> None:
        for name in names:
            family = processes.marked(f"{name} {shared_settings.stack}")
            for process in family:
                process.kill()
            psutil.wait_procs(family, timeout=10)

    return kill


@contextmanager
def stranger_on(url: str | None) -> Iterator[None]:
    """Let somebody else listen on a port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", int(str(url).rpartition(":")[2])))
        listener.listen()
        yield


@pytest.mark.parametrize("name", QUICK_FIRST)
def test_a_killed_service_is_told_and_healed_at_its_address(stack: Stack, kill: Callable[..., None], name: str) -> None:
    before = stack.status()
    kill(name)
    reported = stack.status()
    stack.up()
    after = stack.status()
    assert reported[name].why == f"process {before[name].pid} is gone: it was killed, or it failed"
    assert (reported[name].pid, reported[name].since, reported[name].url) == (None, None, before[name].url)
    assert [reported[other].healthy for other in NAMES] == [other != name for other in NAMES]
    assert after[name].healthy
    assert (after[name].why, after[name].url) == (None, before[name].url)
    assert {other: after[other] for other in NAMES if other != name} == {
        other: before[other] for other in NAMES if other != name
    }


@pytest.mark.parametrize("name", QUICK_FIRST)
def test_a_service_whose_port_was_taken_meanwhile_moves_and_clients_are_told(
    stack: Stack, shared_settings: Settings, kill: Callable[..., None], name: str
) -> None:
    """MLflow follows a store that moved: it was started with the old address."""
    before = stack.status()
    kill(name)
    with stranger_on(before[name].url):
        why = str(stack.status()[name].why)
        stack.up()
        after = stack.status()
    assert "another program has taken port" in why
    assert all(service.healthy for service in after.values())
    assert after[name].url != before[name].url
    assert shared_settings.embedded_url(name) == after[name].url


@pytest.mark.parametrize("name", QUICK_FIRST)
def test_a_process_id_that_is_somebody_elses_by_now_is_neither_believed_nor_ended(
    stack: Stack, shared_settings: Settings, kill: Callable[..., None], name: str
) -> None:
    kill(name)
    path = shared_settings.stack / "run" / f"{name}.json"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        write_json(path, json.loads(path.read_text()) | {"pid": stranger.pid})
        reported = stack.status()[name]
        stack.up()
        assert stranger.poll() is None
        stranger.communicate(b"\n")
    assert (reported.healthy, reported.pid) == (False, None)
    assert stack.status()[name].healthy


def test_runs_versions_and_objects_outlive_a_kill_of_everything(
    stack: Stack,
    kill: Callable[..., None],
    mlflow: Callable[..., dict[str, object]],
    s3_client: Callable[..., S3Client],
) -> None:
    experiment = mlflow(stack, "experiments/create", {"name": "outlives a kill"})
    mlflow(stack, "runs/create", {"experiment_id": str(experiment["experiment_id"]), "run_name": "kept"})
    mlflow(stack, "registered-models/create", {"name": "kept"})
    mlflow(stack, "model-versions/create", {"name": "kept", "source": "s3://acne/kept"})
    s3_client(stack).put_object(Bucket="acne", Key="outlives", Body=b"bundle" * 10_000)
    kill(*NAMES)
    stack.up()
    found = mlflow(stack, "runs/search", {"experiment_ids": [str(experiment["experiment_id"])]})
    assert [run["info"]["run_name"] for run in found["runs"]] == ["kept"]
    assert mlflow(stack, "model-versions/get?name=kept&version=1")["model_version"]
    assert s3_client(stack).get_object(Bucket="acne", Key="outlives")["Body"].read() == b"bundle" * 10_000


@pytest.mark.slow
def test_luigid_says_that_its_graph_does_not_outlive_its_process_and_it_does_not(
    stack: Stack, luigi: Callable[..., dict[str, object]]
) -> None:
    url = stack.status()["luigid"].url
    luigi(stack.credentials(), url, "add_task", worker="w", task_id="Ended in order", status="DONE")
    stack.down()
    stack.up()
    assert not luigi(stack.credentials(), url, "task_list", status="DONE", upstream_status="")
    assert "`acne down`" in str(stack.status()["luigid"].caveat)


def test_a_service_that_was_stopped_says_so(stack: Stack) -> None:
    stack.down()
    assert {service.why for service in stack.status().values()} == {"stopped"}


def test_a_busy_or_hanging_service_says_which_process_it_is(stack: Stack) -> None:
    server = psutil.Process(stack.status()["luigid"].pid)
    server.suspend()
    try:
        assert (
            stack.status()["luigid"].why
            == f"process {server.pid} did not answer correctly within 2 s: it may be busy, or hang"
        )
    finally:
        server.resume()


def test_a_hanging_service_is_replaced(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acnelib.services.stack.BUSY_SECONDS", 0.5)
    monkeypatch.setattr("acnelib.services.keeper.STOP_SECONDS", 0.5)
    hanging = psutil.Process(stack.status()["luigid"].pid)
    hanging.suspend()
    stack.up()
    assert stack.status()["luigid"].healthy
    assert not processes.lives(hanging)


def test_sizes_are_those_of_database_bucket_graph_and_logs(
    stack: Stack, settings: Settings, s3_client: Callable[..., S3Client]
) -> None:
    before = stack.sizes()
    s3_client(stack).put_object(Bucket="acne", Key="large", Body=bytes(300_000))
    after = stack.sizes()
    assert after["s3"] - before["s3"] >= 300_000
    assert after["mlflow"] > 0
    assert after["logs"] > 0
    assert set(after) == {*NAMES, "logs"}
    assert Stack(replace(settings)).sizes() == dict.fromkeys((*NAMES, "logs"), 0)
