"""Whose program listens on a port, by the tables of the system."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from acnelib.config import stack_login
from acnelib.config.listeners import is_taken_by_another_user
from acnelib.errors import ServiceFailed, TrackingFailed
from acnelib.registry.rest import MlflowRest
from acnelib.services.luigid import check_luigid
from acnelib.storage.files import write_json

ME, OTHER = 1000, 1001
HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   0: 0100007F:{port:04X} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 {uid:5}        0 1 1\n"


@pytest.fixture
def table(tmp_path):
    def written(*, uid, state="0A", port=5000, name="tcp"):
        path = tmp_path / name
        path.write_text(HEADING + ROW.format(uid=uid, state=state, port=port))
        return [path, tmp_path / "missing"]

    return written


@pytest.mark.parametrize(("uid", "taken"), [(ME, False), (0, False), (OTHER, True)])
def test_a_port_is_taken_by_a_listener_of_another_user(table, uid, taken):
    assert is_taken_by_another_user(5000, tables=table(uid=uid), uid=ME) is taken


def test_only_listeners_on_this_port_count(table):
    assert not is_taken_by_another_user(5000, tables=table(uid=OTHER, state="01"), uid=ME)
    assert not is_taken_by_another_user(5000, tables=table(uid=OTHER, port=5001), uid=ME)


@pytest.mark.parametrize(("host", "taken"), [("127.0.0.1", False), ("localhost", True), ("::1", True), (None, True)])
def test_another_users_listener_of_ipv6_counts_unless_127_0_0_1_is_asked(table, host, taken):
    tables = [*table(uid=ME)[:1], *table(uid=OTHER, name="tcp6")[:1]]
    assert is_taken_by_another_user(5000, host=host, tables=tables, uid=ME) is taken


def test_a_listener_of_ipv6_alone_may_answer_127_0_0_1(table):
    tables = [*table(uid=ME, port=5001)[:1], *table(uid=OTHER, name="tcp6")[:1]]
    assert is_taken_by_another_user(5000, host="127.0.0.1", tables=tables, uid=ME)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the system has no such table")
def test_the_systems_own_table_is_understood():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not is_taken_by_another_user(port)
        if os.getuid():
            assert is_taken_by_another_user(port, uid=os.getuid() + 1)


def test_the_login_is_not_sent_to_another_users_program(own_home, registry, monkeypatch, tmp_path):
    write_json(tmp_path / "credentials.json", {"username": "acne", "password": "own"}, mode=0o600)
    services = {"mlflow": {"url": registry.url}, "luigid": {"url": registry.url}}
    for place in (own_home, tmp_path):
        write_json(place / "stack.json", {"directory": str(tmp_path), "services": services})
    monkeypatch.setattr(stack_login, "is_taken_by_another_user", lambda _port, **_options: True)
    asked = len(registry.requests)
    with pytest.raises(TrackingFailed, match="another user listens"):
        MlflowRest(registry.url).get("experiments/search", gives="experiments")
    with pytest.raises(ServiceFailed, match="another user listens"):
        check_luigid(registry.url)
    assert len(registry.requests) == asked
    (tmp_path / "credentials.json").unlink()
