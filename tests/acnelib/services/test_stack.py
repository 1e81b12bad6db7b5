"""The embedded stack with its real servers."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil
import pytest
import requests
from botocore.exceptions import ClientError

from acnelib.errors import ServiceFailed
from acnelib.services import Stack, processes
from acnelib.services.s3 import S3
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from acnelib.config.settings import Settings

NAMES = ("mlflow", "luigid", "s3")


def test_up_makes_all_three_services_healthy(stack: Stack) -> None:
    """What `acne status` shows after `acne up`."""
    status = stack.status()

    assert tuple(status) == NAMES
    assert all(service.healthy and service.pid and service.url for service in status.values())
    # Sessions of their own: closing the terminal, or Ctrl-C in it, does not end them.
    assert all(os.getsid(service.pid or 0) == service.pid for service in status.values())


def test_a_second_up_starts_nothing_and_says_where_everything_is(stack: Stack) -> None:
    """`up` may be called by every command that needs the stack."""
    before, reported = stack.status(), []

    stack.up(report=reported.append)

    assert stack.status() == before
    assert reported == [
        f"MLflow server: {before['mlflow'].url}",
        f"luigid: {before['luigid'].url}",
        f"S3: {before['s3'].url}",
    ]


def test_stack_json_names_the_services_for_every_client(stack: Stack, shared_settings: Settings) -> None:
    """Clients learn addresses from the settings, and nobody else can read them."""
    record = shared_settings.stack_record()

    assert (record["schema"], record["id"]) == (1, stack.identity())
    assert record["directory"] == str(shared_settings.stack)
    for name, service in stack.status().items():
        assert shared_settings.embedded_url(name) == service.url
        assert record["services"][name]["pid"] == service.pid
        assert record["services"][name]["started"] == pytest.approx(psutil.Process(service.pid).create_time(), abs=2)
    assert stat.S_IMODE(shared_settings.stack_file.stat().st_mode) == 0o600


def test_stack_json_names_the_stack_that_was_brought_up_last(stack: Stack, shared_settings: Settings) -> None:
    """Another folder's stack, or a damaged file, gives way to this one."""
    for other in ('{"schema": 1, "directory": "/elsewhere", "services": {}}', "{damaged"):
        shared_settings.stack_file.write_text(other)

        stack.up()

        assert shared_settings.stack_record()["id"] == stack.identity()


def test_status_before_any_up_is_unhealthy_and_touches_nothing(settings: Settings) -> None:
    """Asking never starts, nor makes, anything."""
    status = Stack(settings).status()

    assert tuple(status) == NAMES
    assert all((service.url, service.healthy, service.pid) == (None, False, None) for service in status.values())
    assert not settings.stack.exists()


def test_down_before_any_up_says_so_and_touches_nothing(settings: Settings) -> None:
    """Ending nothing is no failure."""
    reported: list[str] = []

    Stack(settings).down(report=reported.append)

    assert reported == [f"Nothing of the stack in {settings.stack} was running"]
    assert not settings.stack.exists()


def test_a_stack_that_was_never_started_has_no_identity(settings: Settings) -> None:
    """The message says what to do."""
    with pytest.raises(ServiceFailed, match="run `acne up`"):
        Stack(settings).identity()


def test_damaged_credentials_are_a_failure_that_names_the_file(settings: Settings) -> None:
    """New keys are made only when somebody deletes the old ones."""
    settings.stack.mkdir(parents=True)
    (settings.stack / "credentials.json").write_text('{"identity": "x"}')

    with pytest.raises(ServiceFailed, match=r"credentials\.json cannot be read"):
        Stack(settings).up()


def test_down_ends_every_process_and_up_brings_back_data_and_addresses(
    stack: Stack,
    s3_client: Callable[..., S3Client],
    pids: Callable[[], list[int]],
    mlflow: Callable[..., dict[str, object]],
) -> None:
    """The database and the bucket outlive the processes."""
    before = stack.status()
    experiment = mlflow(stack, "experiments/create", {"name": "kept by down"})
    s3_client(stack).put_object(Bucket="acne", Key="kept", Body=b"photo-free")
    reported: list[str] = []

    stack.down(report=reported.append)
    stack.down()

    assert reported == ["Stopped: MLflow server, luigid, S3"]
    assert pids() == []
    for name, service in stack.status().items():
        assert (service.url, service.healthy, service.pid) == (before[name].url, False, None)

    stack.up()

    assert {name: service.url for name, service in stack.status().items()} == {
        name: service.url for name, service in before.items()
    }
    assert mlflow(stack, f"experiments/get?experiment_id={experiment['experiment_id']}")
    assert s3_client(stack).get_object(Bucket="acne", Key="kept")["Body"].read() == b"photo-free"


def test_a_killed_mlflow_server_is_healed_with_its_data_and_its_orphan_ended(
    stack: Stack, mlflow: Callable[..., dict[str, object]]
) -> None:
    """kill -9 leaves MLflow's worker behind, which would keep the port."""
    before = stack.status()
    server = psutil.Process(before["mlflow"].pid)
    orphans = server.children(recursive=True)
    experiment = mlflow(stack, "experiments/create", {"name": "kept by heal"})

    server.kill()
    psutil.wait_procs([server], timeout=5)
    assert not stack.status()["mlflow"].healthy
    stack.up()

    after = stack.status()
    assert after["mlflow"].healthy
    assert after["mlflow"].url == before["mlflow"].url
    assert (after["s3"], after["luigid"]) == (before["s3"], before["luigid"])
    assert orphans
    assert not any(processes.lives(orphan) for orphan in orphans)
    assert mlflow(stack, f"experiments/get?experiment_id={experiment['experiment_id']}")


def test_an_object_survives_a_killed_s3_store(stack: Stack, s3_client: Callable[..., S3Client]) -> None:
    """And MLflow, whose store comes back at the same address, is left alone."""
    before = stack.status()
    s3_client(stack).put_object(Bucket="acne", Key="a/b", Body=b"bundle")

    psutil.Process(before["s3"].pid).kill()
    reported: list[str] = []
    stack.up(report=reported.append)

    assert "Starting S3 …" in reported
    assert s3_client(stack).get_object(Bucket="acne", Key="a/b")["Body"].read() == b"bundle"
    assert stack.status()["mlflow"] == before["mlflow"]


def test_two_ups_at_once_start_a_service_once(stack: Stack, shared_settings: Settings) -> None:
    """One waits for the other, and then finds everything well."""
    psutil.Process(stack.status()["luigid"].pid).kill()
    reported: list[str] = []
    twins = [Stack(shared_settings, preferred_ports=dict.fromkeys(NAMES, 0)) for _ in range(2)]

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda twin: twin.up(report=reported.append), twins))

    assert reported.count("Starting luigid …") == 1
    assert len(processes.marked(f"luigid {shared_settings.stack}")) == 1


def test_a_bucket_that_was_deleted_is_made_again(stack: Stack, s3_client: Callable[..., S3Client]) -> None:
    """Without it MLflow's uploads fail with a bare 500."""
    client = s3_client(stack)
    for entry in client.list_objects_v2(Bucket="acne").get("Contents", []):
        client.delete_object(Bucket="acne", Key=entry["Key"])
    client.delete_bucket(Bucket="acne")

    stack.up()

    assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["acne"]


def test_the_keys_are_in_no_log_and_on_no_command_line(
    stack: Stack,
    shared_settings: Settings,
    pids: Callable[[], list[int]],
    s3_client: Callable[..., S3Client],
) -> None:
    """Only the credentials file, which its owner alone can read, has them; presigned addresses are not logged."""
    credentials = stack.credentials()
    path = shared_settings.stack / "credentials.json"
    requests.get(
        s3_client(stack).generate_presigned_url("get_object", Params={"Bucket": "acne", "Key": "x"}), timeout=5
    )

    commands = [" ".join(psutil.Process(pid).cmdline()) for pid in pids()]
    logs = [log.read_text() for log in (shared_settings.stack / "log").iterdir()]

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["secret_key"] == credentials.secret_key
    assert len(commands) >= 4
    assert len(logs) >= 3
    for key in (credentials.secret_key, credentials.access_key, credentials.password):
        assert not any(key in text for text in (*commands, *logs))
    assert credentials.secret_key not in repr(credentials)
    assert credentials.password not in repr(credentials)
    assert stat.S_IMODE((shared_settings.stack / "luigi_client.cfg").stat().st_mode) == 0o600


def test_s3_refuses_a_wrong_secret_and_no_signature(stack: Stack, s3_client: Callable[..., S3Client]) -> None:
    """Whoever else is on this machine cannot replace a model."""
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        s3_client(stack, secret_key="wrong").list_buckets()
    assert requests.get(f"{stack.status()['s3'].url}/acne", timeout=5).status_code == 403


def test_an_artifact_sent_to_mlflow_lies_in_the_bucket(stack: Stack, s3_client: Callable[..., S3Client]) -> None:
    """Clients of MLflow need no keys of the store."""
    url = f"{stack.status()['mlflow'].url}/api/2.0/mlflow-artifacts/artifacts/proof.txt"
    login = {"Authorization": stack.credentials().login.header}

    response = requests.put(url, data=b"proof", headers=login, timeout=30)

    assert response.status_code == 200
    assert s3_client(stack).get_object(Bucket="acne", Key="mlflow/proof.txt")["Body"].read() == b"proof"


def test_nothing_listens_beyond_this_machine(stack: Stack, pids: Callable[[], list[int]]) -> None:
    """A login that others on the network can try is one more door."""
    listening = {
        connection.laddr.ip
        for pid in pids()
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening == {"127.0.0.1"}


def test_an_mlflow_server_of_another_bucket_address_is_not_well(stack: Stack, shared_settings: Settings) -> None:
    """It would send artifacts where the store no longer is, so the next `up` replaces it."""
    path = shared_settings.stack / "run" / "s3.json"
    record = json.loads(path.read_text())
    write_json(path, record | {"port": 1})

    try:
        assert not stack.status()["mlflow"].healthy
    finally:
        write_json(path, record)
    assert stack.status()["mlflow"].healthy


def test_a_clock_that_differs_is_named_by_the_store(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.up()
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: datetime.now(UTC) - timedelta(hours=2))
    with pytest.raises(ServiceFailed, match=r"RequestTimeTooSkewed, .*clock") as failed:
        S3(stack.credentials()).try_object(str(stack.status()["s3"].url), key="x", content=b"y")
    assert "timedatectl" in failed.value.remedy
