import re
import socket
from dataclasses import replace

import pytest

from acnelib.config.settings import Settings


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def offline_settings(tmp_path, monkeypatch):
    """Settings with a tracking server that nobody may need: nothing listens there."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    return replace(Settings.load(), workdir=tmp_path / "work")


@pytest.fixture
def empty_server_settings(offline_settings, httpserver_ipv4):
    """Settings with a tracking server that has no experiment yet, and answers nothing else."""
    none_yet = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no experiment"}
    httpserver_ipv4.expect_request(re.compile("^/api/2.0/mlflow/experiments/get")).respond_with_json(
        none_yet, status=404
    )
    return replace(offline_settings, tracking_uri=httpserver_ipv4.url_for("").rstrip("/"))


@pytest.fixture
def own_workdir_settings(walked, tmp_path, monkeypatch):
    """Settings with the session's tracking server, which is only asked, and an own working folder."""
    for name, value in walked.server_environment.items():
        monkeypatch.setenv(name, value)
    return replace(Settings.load(), workdir=tmp_path / "work")
