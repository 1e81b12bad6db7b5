"""``acne env``: what other programs need to reach the servers in use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.services.credentials import StackCredentials
from acnelib.storage.files import write_json

SHELL = shutil.which("sh")
PORTS = {"mlflow": 5, "luigid": 6, "s3": 7}
URLS = {name: f"http://127.0.0.1:{port}" for name, port in PORTS.items()}


def make_stack(folder):
    """Make a stack of which nothing runs any more; return its keys."""
    keys = StackCredentials.load_or_make(folder)
    for name, port in PORTS.items():
        write_json(folder / "run" / f"{name}.json", {"port": port})
    services = {name: {"url": url} for name, url in URLS.items()}
    write_json(folder / "stack.json", {"id": keys.identity, "directory": str(folder), "services": services})
    return keys


@pytest.fixture
def keys(monkeypatch, tmp_path):
    """The keys of a stack that is down."""
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "my stack"))
    return make_stack(tmp_path / "my stack")


@pytest.fixture
def in_shell(run_acne):
    """Evaluate what the command prints in a shell; return the values of the variables there."""

    def evaluate(*names):
        script = run_acne("env").out
        code = f"{script}\nexec \"$0\" -c 'import json, os; print(json.dumps(dict(os.environ)))'"
        ran = subprocess.run([SHELL, "-c", code, sys.executable], capture_output=True, text=True, check=True)
        values = json.loads(ran.stdout)
        return [values.get(name) for name in names]

    return evaluate


def test_json_has_addresses_and_logins_and_null_where_there_is_none(run_acne, keys):
    values = json.loads(run_acne("env", "--format", "json").out)
    for name in ("mlflow", "luigid"):
        assert values[name] == {"url": URLS[name], "username": "acne", "password": keys.password}
    s3 = {"url": URLS["s3"], "username": keys.access_key, "password": keys.secret_key}
    assert values["s3"] == s3 | {"bucket": "acne", "region": "us-east-1"}


def test_the_shell_gets_the_variables_of_mlflow_s3_and_luigi(in_shell, keys, tmp_path):
    assert in_shell("MLFLOW_TRACKING_URI", "MLFLOW_S3_ENDPOINT_URL", "ACNE_LUIGID_URL") == [
        URLS["mlflow"],
        URLS["s3"],
        f"http://acne:{keys.password}@127.0.0.1:{PORTS['luigid']}",
    ]
    assert in_shell("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD") == ["acne", keys.password]
    assert in_shell("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "LUIGI_CONFIG_PATH") == [
        keys.access_key,
        keys.secret_key,
        str(tmp_path / "my stack" / "luigi_client.cfg"),
    ]


def test_every_value_is_one_word_for_the_shell(in_shell, monkeypatch):
    nasty = "a'b\"c $(touch hit) `touch hit`;\n\\x \x1b*"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example.org")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "Zoë")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", nasty)
    assert in_shell("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD") == ["Zoë", nasty]
    assert not Path("hit").exists()


def test_logins_of_another_server_are_taken_out_of_the_shell(in_shell, keys, monkeypatch):
    outdated = ("MLFLOW_TRACKING_TOKEN", "AWS_SESSION_TOKEN")
    for name in (*outdated, "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"):
        monkeypatch.setenv(name, "old")
    assert in_shell(*outdated) == [None, None]
    assert in_shell("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD") == ["acne", keys.password]


def test_ones_own_configuration_of_luigi_is_kept(run_acne, in_shell, keys, monkeypatch):
    monkeypatch.setenv("LUIGI_CONFIG_PATH", "/mine/luigi.cfg")
    assert in_shell("LUIGI_CONFIG_PATH") == ["/mine/luigi.cfg"]
    assert f"--scheduler-url {URLS['luigid']}" in run_acne("env").err


def test_a_configured_server_is_shown_with_the_login_that_clients_send(run_acne, own_home, monkeypatch):
    server = "https://mlflow.example.org/team"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    monkeypatch.setenv("ACNE_LUIGID_URL", "http://ann:p%40ss@luigid.example.org:8082/")
    CredentialStore(own_home).keep(server, Credentials(username="Zoë", password="ω"))
    values = json.loads(run_acne("env", "--format", "json").out)
    assert values["mlflow"] == {"url": server, "username": "Zoë", "password": "ω"}
    assert values["luigid"] == {"url": "http://luigid.example.org:8082", "username": "ann", "password": "p@ss"}
    assert values["s3"] == {"url": None, "username": None, "password": None}


def test_a_login_in_the_address_is_separated_from_it(run_acne, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ann:pass@mlflow.example.org:5000")
    values = json.loads(run_acne("env", "--format", "json").out)
    assert values["mlflow"] == {"url": "https://mlflow.example.org:5000", "username": "ann", "password": "pass"}
    assert values["luigid"] == {"url": None, "username": None, "password": None}


def test_a_token_is_shown_as_such(run_acne, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example.org")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t")
    assert json.loads(run_acne("env", "--format", "json").out)["mlflow"]["token"] == "t"
    assert "export MLFLOW_TRACKING_TOKEN=t\n" in run_acne("env").out


def test_a_stack_that_is_down_is_reported_and_its_addresses_printed(run_acne, keys):
    ran = run_acne("env")
    assert ran.code == 0
    assert URLS["mlflow"] in ran.out
    assert "mlflow, luigid, s3 do not answer now: run `acne up`" in ran.err


def test_a_stack_that_was_never_started_is_a_failure_with_a_remedy(run_acne, monkeypatch, tmp_path):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    ran = run_acne("env")
    assert (ran.code, ran.out) == (1, "")
    assert "no stack was ever started" in ran.err
    assert "run `acne up`" in ran.err


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_other_commands_never_print_a_login(run_acne, keys, monkeypatch, command):
    for server in (None, "http://ann:hush@127.0.0.1:9"):
        if server:
            monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
            monkeypatch.setenv("ACNE_LUIGID_URL", server)
        for options in ([], ["--format", "json"]):
            ran = run_acne(command, *options)
            for secret in (keys.access_key, keys.secret_key, keys.password, "hush"):
                assert secret not in ran.out + ran.err


def test_stock_programs_reach_the_stack_after_eval(walked):
    code = (
        "import boto3, mlflow, warnings; warnings.simplefilter('ignore')\n"
        "from luigi.interface import core\n"
        "print(mlflow.MlflowClient().get_registered_model('acne').name)\n"
        "print(boto3.client('s3').list_objects_v2(Bucket='acne', MaxKeys=1)['KeyCount'])\n"
        "print(core().scheduler_url.partition('@')[2])\n"
        "from luigi.rpc import RemoteScheduler\n"
        "print(RemoteScheduler(core().scheduler_url)._request('/api/is_paused', {})['paused'])"
    )
    script = f'eval "$("$0" -m acnelib.cli env)" && exec "$0" -c "{code}"'
    ran = subprocess.run(
        [SHELL, "-c", script, sys.executable],
        env={**os.environ, **walked.environment},
        cwd=walked.root,
        capture_output=True,
        text=True,
        check=False,
    )
    luigid = str(walked.settings.embedded_url("luigid")).removeprefix("http://")
    assert ran.stdout.split() == ["acne", "1", luigid, "False"], ran.stderr
