"""The command ``acne serve``: where it listens, what it says, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests
from api_client import PATIENCE, TOKEN, picture

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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_listens_here_alone_keeps_its_token_to_itself_and_ends_gracefully(tiny_bundle, own_home, number):
    with serving(tiny_bundle, own_home) as (process, url):
        token = (own_home / "api-token").read_text().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert ask(url, token).json()[0]["label"] == "red"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert str(own_home / "api-token") in err
    assert token not in out + err
    assert "a.png" not in out + err


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
