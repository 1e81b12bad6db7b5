"""``acne status``, ``logs`` and ``prune`` as people meet them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def never_started(monkeypatch, tmp_path):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "work"))
    return tmp_path / "stack"


def test_status_says_why_a_service_is_down_and_what_lies_on_the_disk(never_started, run_acne):
    ran = run_acne("status")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"stack   {never_started}: named by ACNE_STACK",
        "mlflow  down     never started",
        "luigid  down     never started",
        "s3      down     never started",
        "disk    database 0 B, bucket 0 B, logs 0 B, working folder 0 B, cache 0 B",
    ]
    assert ran.err == "Start it with `acne up`.\n"
    assert not never_started.exists()


def test_status_of_a_healthy_stack_has_process_time_and_sizes(walked):
    values = json.loads(walked.acne("status", "--format", "json").stdout)
    for service in values["services"].values():
        assert service["healthy"]
        assert service["why"] is None
        assert service["pid"]
        assert service["since"].endswith("+00:00")
    assert values["stack"] == {"directory": str(walked.stack), "rule": "named", "reason": "named by ACNE_STACK"}
    assert set(values["bytes"]) == {"mlflow", "luigid", "s3", "logs", "workdir", "cache"}
    assert min(values["bytes"][name] for name in ("mlflow", "s3", "workdir", "cache")) > 100_000
    assert "note    luigid keeps its graph" in walked.acne("status").stdout


@pytest.mark.parametrize("arguments", [("logs",), ("logs", "s3", "--follow")])
def test_logs_of_a_stack_that_was_never_started_say_what_to_do(never_started, run_acne, arguments):
    ran = run_acne(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"acne: no stack was ever started in {never_started}: run `acne up`\n"


def test_logs_of_a_service_that_never_ran_or_said_nothing_say_so(never_started, run_acne):
    (never_started / "log").mkdir(parents=True)
    (never_started / "log" / "s3.log").touch()
    assert run_acne("logs", "s3").err == "s3 has written nothing to its log yet.\n"
    ran = run_acne("logs", "luigid")
    assert (ran.code, ran.err) == (1, "acne: luigid was never started: run `acne up`\n")


def test_logs_show_the_end_of_each_or_of_one(walked):
    every = walked.acne("logs", "--lines", "3").stdout.splitlines()
    one = walked.acne("logs", "luigid", "--lines", "1").stdout.splitlines()
    assert [line for line in every if line.startswith("==>")] == ["==> mlflow <==", "==> luigid <==", "==> s3 <=="]
    assert len(one) == 1


def test_logs_hold_no_key_and_no_path_of_the_working_folder(walked):
    keys = json.loads((walked.stack / "credentials.json").read_text())
    texts = [path.read_text(errors="replace") for path in (walked.stack / "log").iterdir()]
    for secret in (keys["secret_key"], keys["access_key"], str(walked.workdir)):
        assert not any(secret in text for text in texts)


def test_following_shows_what_is_added_until_ctrl_c(never_started, tmp_path):
    log = never_started / "log" / "s3.log"
    log.parent.mkdir(parents=True)
    log.write_text("before\n")
    command = [sys.executable, "-m", "acnelib.cli", "logs", "s3", "--follow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "before\n"
        with log.open("a") as stream:
            stream.write("after\n")
        assert process.stdout.readline() == "after\n"
        process.send_signal(signal.SIGINT)
        assert (process.wait(20), process.stderr.read()) == (0, "")


def test_prune_without_a_number_or_with_none_left_is_wrong_usage(run_acne):
    assert run_acne("prune").code == 2
    ran = run_acne("prune", "--keep", "0")
    assert (ran.code, ran.out) == (2, "")
    assert "--keep" in ran.err


def test_prune_before_any_server_says_what_to_do(never_started, run_acne):
    ran = run_acne("prune", "--keep", "1")
    assert (ran.code, ran.out) == (1, "")
    assert "run `acne up`" in ran.err


def test_prune_says_what_stays_and_that_there_is_nothing_to_do(walked):
    ran = walked.acne("prune", "--keep", "1", "--dry-run")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "keep    version 1: in production"
    assert ran.stdout.splitlines()[-1] == "Nothing to prune." or "would be freed" in ran.stdout


def test_prune_as_json_says_the_same(walked):
    values = json.loads(walked.acne("prune", "--keep", "1", "--dry-run", "--format", "json").stdout)
    assert (values["dry_run"], values["kept"]) == (True, {"1": "in production"})
    assert values["bytes"] == sum(one["bytes"] for one in values["gone"])
