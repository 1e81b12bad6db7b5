"""The command ``acne serve``: where it listens, what it says, and how it ends."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import requests
from api_client import PATIENCE, TOKEN, picture

from acnelib.api.model_service import ModelService
from acnelib.config.loopback import is_loopback


@contextmanager
def serving(model, home, **environment):
    command = [sys.executable, "-m", "acnelib.cli", "serve", "--port", "0", "--model", str(model)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    ) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def ask(url, token):
    return requests.post(
        f"{url}/v1/predictions",
        files=[("files", ("a.png", picture("red")))],
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_listens_here_alone_keeps_its_token_to_itself_and_ends_gracefully(tiny_bundle, own_home, number):
    with serving(tiny_bundle, own_home) as (process, url):
        token = (own_home / "api-token").read_text().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert ask(url, token).json()[0]["label"] == "red"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert err.endswith("\nStopped.\n")
    assert str(own_home / "api-token") in err
    assert token not in out + err
    assert "a.png" not in out + err


def test_requests_that_its_end_cuts_off_are_answered_and_counted_in_one_line(tiny_bundle, own_home):
    with serving(tiny_bundle, own_home, ACNE_API_TOKEN=TOKEN) as (process, url):
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=PATIENCE) as connection:
            head = f"POST /v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 99\r\n"
            connection.sendall(f"{head}Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n".encode())
            connection.recv(1000)  # the body is waited for
            process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)  # at once
            answer = connection.recv(1000)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "Stopped. 1 request could not be answered in time.\n")
    assert answer.startswith(b"HTTP/1.1 503 ")


def test_runs_that_its_end_interrupts_are_named_in_that_line(tiny_bundle, own_home, tmp_path):
    environment = {"ACNE_API_TOKEN": TOKEN, "ACNE_WORKDIR": str(tmp_path / "work")}
    environment |= {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}  # so that the run starts no server
    with serving(tiny_bundle, own_home, **environment) as (process, url):
        started = requests.post(
            f"{url}/v1/runs",
            json={"local_scheduler": True},
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=PATIENCE,
        )
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=PATIENCE)
    last = err.splitlines()[-1]
    assert last == f"Stopped. Run {started.json()['id']} was interrupted; finished results are kept."


def test_a_server_that_does_not_start_says_why_in_one_line(run_acne, tiny_bundle, monkeypatch):
    @contextlib.asynccontextmanager
    async def broken(self):
        raise RuntimeError("no room")
        yield

    monkeypatch.setattr(ModelService, "running", broken)
    monkeypatch.setenv("ACNE_API_TOKEN", TOKEN)
    ran = run_acne("serve", "--port", 0, "--model", tiny_bundle)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "does not start on http://127.0.0.1:" in ran.err
    assert "(RuntimeError: no room)" in ran.err


def test_the_environments_token_counts(tiny_bundle, own_home):
    with serving(tiny_bundle, own_home, ACNE_API_TOKEN=TOKEN) as (_, url):
        assert ask(url, TOKEN).status_code == 200
        assert ask(url, TOKEN[:-1]).status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_without_a_token_it_does_not_listen_anywhere(run_acne, tiny_bundle, monkeypatch, host):
    monkeypatch.setenv("ACNE_API_TOKEN", "")
    ran = run_acne("serve", "--host", host, "--port", 0, "--model", tiny_bundle)
    assert (ran.code, ran.out) == (2, "")
    assert "at least 16" in ran.err


def test_a_port_that_is_taken_is_said(run_acne, tiny_bundle):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run_acne("serve", "--port", taken.getsockname()[1], "--model", tiny_bundle)
    assert ran.code == 1
    assert "choose another --port" in ran.err


def test_an_allowed_host_is_a_name_and_no_address(run_acne, tiny_bundle):
    ran = run_acne("serve", "--port", 0, "--model", tiny_bundle, "--allow-host", "http://example.org/")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_which_addresses_are_this_machine_alone(host, here):
    assert is_loopback(host) is here
