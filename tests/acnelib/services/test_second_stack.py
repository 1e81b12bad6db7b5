"""One stack for each user: others are started only where they are named."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from acnelib.services import Stack, StackCredentials
from acnelib.services.ports import choose
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.config.settings import Settings

NAMES = ("mlflow", "luigid", "s3")


@pytest.fixture
def users(settings: Settings) -> dict[str, int]:
    """Ports of the user's stack, which is down; its folder and the record in the home exist."""
    folder = settings.home / "first" / "mlruns"
    StackCredentials.load_or_make(folder)
    ports: dict[str, int] = {}
    for name in NAMES:
        ports[name] = choose((), avoid=ports.values())
    services = {name: {"url": f"http://127.0.0.1:{port}"} for name, port in ports.items()}
    write_json(settings.stack_file, {"schema": 1, "id": "x", "directory": str(folder), "services": services})
    return ports


@pytest.fixture
def second(settings: Settings, users: dict[str, int]) -> Iterator[Stack]:
    """A second stack, named, that would prefer the ports of the first one."""
    stack = Stack(settings, preferred_ports=users)
    yield stack
    stack.down()


def test_up_in_another_folder_starts_nothing_and_says_how_to_start_a_second_one(
    stack: Stack, shared_settings: Settings, tmp_path: Path
) -> None:
    """The user's stack serves every folder."""
    before, reported = stack.status(), []
    elsewhere = replace(shared_settings, stack=tmp_path / "my project" / "mlruns", named_by={})

    Stack(elsewhere).up(report=reported.append)

    assert not elsewhere.stack.exists()
    assert Stack(elsewhere).status() == before
    assert str(shared_settings.stack) in reported[0]
    assert f"ACNE_STACK='{elsewhere.stack}' acne up" in reported[0]
    assert reported[1] == f"MLflow server: {before['mlflow'].url}"


def test_a_second_stack_leaves_the_users_record_and_ports_alone(
    settings: Settings, users: dict[str, int], second: Stack
) -> None:
    """Clients of the user's stack, while it is down, must not reach the second one."""
    record, reported = settings.stack_file.read_text(), []

    second.up(report=reported.append)

    assert settings.stack_file.read_text() == record
    urls = {name: settings.embedded_url(name) for name in NAMES}
    assert urls == {name: service.url for name, service in second.status().items()}
    assert not {urlsplit(str(url)).port for url in urls.values()} & set(users.values())
    assert str(settings.home / "first" / "mlruns") in reported[-1]
    assert "the calling program names it" in reported[-1]


def test_a_stack_named_in_settings_toml_becomes_the_users_one(
    stack: Stack, shared_settings: Settings, tmp_path: Path
) -> None:
    """This is how one moves to another stack for good."""
    home = tmp_path / "home"
    StackCredentials.load_or_make(tmp_path / "before")
    write_json(home / "stack.json", {"directory": str(tmp_path / "before"), "services": {}})
    moved = replace(shared_settings, home=home, named_by={"stack": str(home / "settings.toml")})

    Stack(moved).up()

    assert json.loads(moved.stack_file.read_text())["directory"] == str(shared_settings.stack)


def test_where_the_recorded_stack_is_gone_up_says_so(stack: Stack, shared_settings: Settings, tmp_path: Path) -> None:
    """Losing production is never silent."""
    home, reported = tmp_path / "home", []
    write_json(home / "stack.json", {"directory": str(tmp_path / "gone"), "services": {}})

    Stack(replace(shared_settings, home=home)).up(report=reported.append)

    assert f"There is no stack in {tmp_path / 'gone'} any more" in reported[0]
