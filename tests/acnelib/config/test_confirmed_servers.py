"""A login that names no server of its own goes only to servers that the user has named."""

from __future__ import annotations

import os

import pytest

from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.config.settings import Settings
from acnelib.errors import SettingsInvalid
from acnelib.models import find_model
from acnelib.registry.login import credentials_for
from acnelib.registry.tracking.connection import tracking_of

TOKEN = Credentials(token="secret-token")


@pytest.fixture
def server(httpserver):
    return httpserver.url_for("").rstrip("/")


@pytest.fixture(autouse=True)
def archive(server, tmp_path, monkeypatch):
    """The current folder is an unpacked archive: its files are the user's own, and name a server."""
    (tmp_path / "luigi.cfg").write_text(f"[acne]\ntracking_uri = {server}/\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", TOKEN.token)


def test_a_server_that_only_the_folder_names_is_asked_nothing_while_a_login_is_set(httpserver, server):
    with pytest.raises(SettingsInvalid, match=f"luigi\\.cfg names the server {server}, which you have not confirmed"):
        find_model("production", settings=Settings.load())
    assert not httpserver.log


def test_nor_is_it_by_mlflows_own_client(httpserver):
    with pytest.raises(SettingsInvalid, match="set MLFLOW_TRACKING_URI="):
        _ = tracking_of(Settings.load()).client
    assert not httpserver.log


def test_nor_is_it_sent_what_mlflow_keeps_in_a_file_of_its_own(httpserver, tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text("[mlflow]\nmlflow_tracking_username = me\n")
    httpserver.expect_request("/api/2.0/mlflow/experiments/search").respond_with_json({"experiments": []})
    with pytest.raises(SettingsInvalid, match=r"~/\.mlflow/credentials is not sent there"):
        _ = tracking_of(Settings.load()).client
    assert not [request for request, _ in httpserver.log if "Authorization" in request.headers]


@pytest.mark.parametrize("name", ["MLFLOW_TRACKING_URI", "ACNE_TRACKING_URI"])
def test_a_server_that_the_environment_names_too_is_confirmed(server, monkeypatch, name):
    monkeypatch.setenv(name, server)
    assert credentials_for(server, os.environ) == TOKEN


def test_so_is_one_that_the_users_settings_name(server, own_home):
    (own_home / "settings.toml").write_text(f'tracking_uri = "{server}"\n')
    assert credentials_for(server, os.environ) == TOKEN


def test_a_server_that_the_calling_program_names_is_confirmed():
    assert credentials_for("https://mlflow.example.org", os.environ) == TOKEN


def test_a_stored_login_goes_to_the_server_that_it_was_stored_for(server, own_home, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    CredentialStore(own_home).keep("https://mlflow.example.org", TOKEN)
    assert credentials_for(server, os.environ) is None
    CredentialStore(own_home).keep(server, TOKEN)
    assert credentials_for(server, os.environ) == TOKEN


def test_doctor_says_so_and_goes_on(run_acne):
    ran = run_acne("doctor")
    assert "✗ tracking server" in ran.out
    assert "which you have not confirmed" in ran.out
    assert "Qt" in ran.out
