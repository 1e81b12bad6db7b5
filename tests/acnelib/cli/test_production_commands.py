"""``acne promote``, ``rollback``, ``history`` as people meet them."""

from __future__ import annotations

import json

import pytest

from acnelib.cli.main import main
from acnelib.runs.outcome import OutcomeRecord, RunOutcome


def test_history_says_who_decided_what_when_and_why(walked):
    ran = walked.acne("history")
    assert ran.returncode == 0, ran.stderr
    assert "version 1 promoted by gate (" in ran.stdout
    assert "\n    there is no production version yet\n" in ran.stdout


def test_history_as_json_has_the_numbers(walked):
    (record,) = json.loads(walked.acne("history", "--format", "json").stdout)["decisions"]
    assert record["numbers"]["candidate"] > record["numbers"]["majority"]
    assert record["test_sha256"] is None  # judged by cross-validation


def test_history_shows_the_runs_of_the_working_folder(walked):
    runs = json.loads(walked.acne("history", "--format", "json", "--limit", "99").stdout)["runs"]
    first = [run for run in runs if run["source"] == "sample"][-1]  # other tests may have gone on from older times
    assert (first["source"], first["outcome"], first["decision"], first["version"]) == (
        "sample",
        *["promoted"] * 2,
        "1",
    )
    assert first["reached"] == "promote"
    assert first["seconds"] > 0
    assert [run["at"] for run in runs] == sorted((run["at"] for run in runs), reverse=True)


def test_history_shows_no_more_than_wanted(walked):
    answer = json.loads(walked.acne("history", "--format", "json", "--limit", "1").stdout)
    assert (len(answer["runs"]), len(answer["decisions"])) == (1, 1)


@pytest.fixture
def failed_run(tmp_path, monkeypatch):
    """A working folder with one failed run in it, and nobody to ask."""
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "work"))
    OutcomeRecord(outcome=RunOutcome.FAILED, reasons=("one class",), seconds=2.5, task="Split").write(
        tmp_path / "work" / "photos-ab12" / "2026-11-24T120000"
    )


def test_history_works_without_any_server(failed_run, capsys):
    assert main(["history"]) == 0
    said = capsys.readouterr().out
    assert "2026-11-24 12:00:00  photos-ab12          failed in Split in 2.5 s\n    one class\n" in said
    assert "Versions: server not asked (none is known" in said


def test_history_works_while_the_server_is_down(failed_run, capsys, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert main(["history", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (len(answer["runs"]), answer["decisions"]) == (1, None)


def test_history_of_a_folder_without_runs_is_one_line(tmp_path, capsys):
    assert main(["history", "--workdir", str(tmp_path / "work")]) == 0
    assert capsys.readouterr().out.startswith(f"No run in {tmp_path / 'work'} yet.\n")


def test_notify_tells_somebody_something(monkeypatch, httpserver_ipv4, capsys):
    httpserver_ipv4.expect_oneshot_request("/told", method="POST").respond_with_data("")
    monkeypatch.setenv("ACNE_WEBHOOK", httpserver_ipv4.url_for("/told"))
    assert main(["notify", "--test"]) == 0
    assert (
        f"http://127.0.0.1:{httpserver_ipv4.port} accepted a test notification (not signed)." in capsys.readouterr().out
    )


def test_notify_says_that_nobody_is_told(capsys):
    assert main(["notify"]) == 0
    assert "No webhook is set" in capsys.readouterr().out
    assert main(["notify", "--test"]) == 2
    assert "set ACNE_WEBHOOK" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("promote", "1"), "acne: Missing option '--reason'"),
        (("promote", "1", "--reason", " "), "needs a reason"),
        (("promote", "1", "--reason", "why not"), "version 1 is in production already"),
        (("rollback",), "version 1 is the first that was in production: there is none to go back to"),
    ],
)
def test_what_cannot_be_done_is_one_line(walked, arguments, said):
    ran = walked.acne(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_version_that_does_not_exist_is_one_line(walked):
    ran = walked.acne("promote", "77", "--reason", "because")
    assert ran.returncode == 1
    assert "77" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
