"""Luigi's client of a scheduler with a login: it is sent, and no failure prints it."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import luigi.rpc
import pytest
from werkzeug import Response

import luigi_tasks  # noqa: F401 - luigi is asked for it by its name

LOGIN = f"Basic {base64.b64encode(b'ann:hush-hush').decode()}"
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def no_waiting(monkeypatch):
    waits = luigi.rpc.RemoteScheduler._get_retryer

    def retry_at_once(scheduler):
        scheduler._rpc_retry_attempts, scheduler._rpc_retry_wait = 2, 0
        return waits(scheduler)

    monkeypatch.setattr(luigi.rpc.RemoteScheduler, "_get_retryer", retry_at_once)


@pytest.fixture
def asking(httpserver_ipv4):
    """The address, with its login, of a scheduler that asks for it."""
    sent = []

    def answer(request):
        sent.append(request.headers.get("Authorization"))
        return Response('{"response": {"paused": false}}', status=200 if sent[-1] == LOGIN else 401)

    httpserver_ipv4.expect_request("/api/is_paused").respond_with_handler(answer)
    return httpserver_ipv4.url_for("").rstrip("/").replace("://", "://ann:hush-hush@"), sent


def test_the_login_of_the_address_is_sent_though_netrc_has_another(asking, monkeypatch, tmp_path, no_waiting):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    url, sent = asking
    assert luigi.rpc.RemoteScheduler(url)._request("/api/is_paused", {}) == {"paused": False}
    assert sent == [LOGIN]


@pytest.mark.parametrize("host", ["127.0.0.1:9", "no-such-host.invalid:9"])
def test_a_scheduler_that_is_down_is_reported_without_the_login(host, caplog, no_waiting):
    scheduler = luigi.rpc.RemoteScheduler(f"http://ann:hush-hush@{host}")
    with caplog.at_level(logging.DEBUG), pytest.raises(luigi.rpc.RPCError) as failed:
        scheduler._request("/api/is_paused", {})
    printed = "".join(traceback.format_exception(failed.value)) + caplog.text + repr(vars(failed.value))
    assert host in printed
    assert "hush" not in printed
    assert LOGIN.partition(" ")[2] not in printed


def test_a_scheduler_that_refuses_is_reported_without_the_login(asking, caplog, no_waiting):
    url, _ = asking
    scheduler = luigi.rpc.RemoteScheduler(url.replace("hush-hush", "hush-wrong"))
    with caplog.at_level(logging.DEBUG), pytest.raises(luigi.rpc.RPCError) as failed:
        scheduler._request("/api/is_paused", {})
    printed = "".join(traceback.format_exception(failed.value)) + caplog.text
    assert "401" in printed
    assert "hush" not in printed


def test_stock_luigi_prints_no_login_when_its_scheduler_is_down(tmp_path):
    (tmp_path / "luigi.cfg").write_text(
        "[core]\nscheduler_url=http://ann:hush-hush@127.0.0.1:9\nrpc_retry_attempts=2\nrpc_retry_wait=0\n"
    )
    command = [sys.executable, "-m", "luigi", "--module", "luigi_tasks", "Scrape", "--source", "sample"]
    ran = subprocess.run(
        [*command, "--no-lock", "--at", "2026-01-01T000000"],
        env=os.environ | {"LUIGI_CONFIG_PATH": str(tmp_path / "luigi.cfg"), "PYTHONPATH": str(REPOSITORY)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode != 0
    assert "127.0.0.1:9" in ran.stdout + ran.stderr
    assert "hush" not in ran.stdout + ran.stderr
