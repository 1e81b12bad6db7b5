"""One real stack for this folder's tests, and what it takes to talk to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest
import requests
from botocore.config import Config

from acnelib.config.settings import Settings
from acnelib.services import Stack, StackCredentials, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

ANY_PORTS = {"mlflow": 0, "luigid": 0, "s3": 0}


def settings_in(home: Path) -> Settings:
    # A name that breaks whoever puts a folder into an address unquoted.
    return Settings(home=home, cache=home / "cache", stack=home / "mlruns é #1 %20?", workdir=home / "data")


def pids_of(settings: Settings) -> list[int]:
    """Return the processes of a stack, children included."""
    marks = [f"{name} {settings.stack.resolve()}" for name in ANY_PORTS]
    return sorted(process.pid for mark in marks for process in processes.marked(mark))


def login_of(keys: StackCredentials) -> tuple[str, str]:
    """Return what MLflow and luigid ask for."""
    return keys.username, keys.password


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture(scope="session")
def shared_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = settings_in(tmp_path_factory.mktemp("stack"))
    yield settings
    Stack(settings).down()
    assert pids_of(settings) == []


@pytest.fixture
def stack(shared_settings: Settings) -> Stack:
    """A stack that is up, whatever the test before did to it."""
    stack = Stack(shared_settings, preferred_ports=ANY_PORTS)
    stack.up()
    return stack


@pytest.fixture
def pids(shared_settings: Settings) -> Callable[[], list[int]]:
    return lambda: pids_of(shared_settings)


@pytest.fixture
def s3_client() -> Iterator[Callable[..., S3Client]]:
    clients = []

    def client(stack: Stack, *, secret_key: str | None = None) -> S3Client:
        keys = stack.credentials()
        made = boto3.client(
            "s3",
            endpoint_url=stack.status()["s3"].url,
            region_name="us-east-1",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=secret_key or keys.secret_key,
            config=Config(retries={"max_attempts": 1}),
        )
        clients.append(made)
        return made

    yield client
    for made in clients:
        made.close()


@pytest.fixture
def mlflow() -> Callable[..., dict[str, object]]:
    """Ask a stack's MLflow server."""

    def ask(stack: Stack, call: str, body: dict[str, str] | None = None) -> dict[str, object]:
        url, login = f"{stack.status()['mlflow'].url}/api/2.0/mlflow/{call}", login_of(stack.credentials())
        if body is None:
            response = requests.get(url, auth=login, timeout=10)
        else:
            response = requests.post(url, json=body, auth=login, timeout=30)
        response.raise_for_status()
        return dict(response.json())

    return ask


@pytest.fixture
def luigi() -> Callable[..., dict[str, object]]:
    """Ask a luigid as a worker does."""

    def ask(keys: StackCredentials, url: str, call: str, **data: object) -> dict[str, object]:
        body = {"data": json.dumps(data)}
        response = requests.post(f"{url}/api/{call}", data=body, auth=login_of(keys), timeout=10)
        response.raise_for_status()
        return dict(response.json()["response"] or {})

    return ask
