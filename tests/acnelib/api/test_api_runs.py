"""Runs of the pipeline over HTTP."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest
from api_client import ANSWER, ENDLESS, QUICK, eventually

from acnelib.api.runs.records import FOLDER, ApiRunRecord, RunFolder
from acnelib.api.runs.requests import CheckedSource, CheckedSources, RunRequest
from acnelib.cli.commands.serve import checked


def started(api, **request):
    response = api.post("/v1/runs", json=request)
    assert response.status_code == 202, response.text
    return response.json()["id"]


def ended(api, run):
    return eventually(lambda: (reported := api.get(f"/v1/runs/{run}").json())["state"] != "running" and reported)


def test_a_run_is_started_and_its_decision_told(api):
    run = started(api, sources=["sample"])
    reported = ended(api, run)
    assert (reported["state"], reported["decision"], reported["version"], reported["seconds"]) == (
        "done",
        "promoted",
        "1",
        1.5,
    )
    assert reported["reasons"] == ["better"]
    assert (reported["sources"], reported["background"]) == (["sample"], [])
    assert reported["error"] is None
    assert "/secret" not in json.dumps(reported)
    assert api.get("/v1/runs").json()["runs"] == [reported]


def test_options_reach_the_command_as_they_were_given(serve, settings):
    api = serve(script=f"import sys; print(sys.argv[1:], file=sys.stderr); {QUICK}")
    run = started(
        api,
        sources=["dermnet", "sample"],
        background=["other", "more"],
        allow_missing_source=True,
        backbones=["mobilenet_v1_0.25_128", "mobilenet_v2_0.35_224"],
        weights="starter",
        at="2026-11-24T120000",
        until="train",
        local_scheduler=True,
        accept_terms=True,
    )
    ended(api, run)
    options = (settings.workdir / FOLDER / run / "log.txt").read_text().splitlines()[0]
    assert options == str(
        [
            *("--format", "json", "--source=dermnet", "--source=sample", "--background=other", "--background=more"),
            *("--allow-missing-source", f"--workdir={settings.workdir}", "--until=train"),
            *("--backbone=mobilenet_v1_0.25_128", "--backbone=mobilenet_v2_0.35_224", "--weights=starter"),
            *("--at=2026-11-24T120000", "--accept-terms", "--local-scheduler"),
        ]
    )


@pytest.mark.parametrize(
    "request_",
    [
        {"until": "lunch"},
        {"at": "yesterday"},
        {"sources": "sample"},
        {"backbones": "x"},
        {"weights": ""},
        {"sources": [""]},
        {"sources": []},
        {"sources": ["sample"] * 17},
        {"background": "photos"},
        {"allow_missing_source": "perhaps"},
        {"test": ""},
        {"test": ["photos"]},
        {"test_share": 0},
        {"test_share": 1},
        {"adapt": "perhaps"},
        {"reviews": "reviews.jsonl"},
        {"epochs": 0},
    ],
)
def test_options_that_there_are_not_are_refused(api, request_):
    assert api.post("/v1/runs", json=request_).status_code == 422
    assert api.get("/v1/runs").json() == {"runs": []}


def test_the_old_field_of_one_source_is_refused_with_the_new_one(api):
    response = api.post("/v1/runs", json={"source": "sample"})
    assert response.status_code == 422
    assert 'write "sources", a list such as ["sample"]' in response.json()["error"]["message"]


def test_a_run_lists_its_sources_and_its_background(serve):
    api = serve()
    run = started(api, sources=["dermnet", "clinic"], background=["other"])
    reported = ended(api, run)
    assert (reported["sources"], reported["background"]) == (["dermnet", "clinic"], ["other"])


def test_a_run_can_adapt_its_networks(serve, settings):
    api = serve(script=f"import sys; print(sys.argv[1:], file=sys.stderr); {QUICK}")
    run = ended(api, started(api, background=["other"], adapt=True, epochs=3))
    log = (settings.workdir / FOLDER / run["id"] / "log.txt").read_text()
    assert "'--adapt', '--epochs=3'" in log


def test_a_run_names_its_test_part(serve, settings):
    api = serve(script=f"import sys; print(sys.argv[1:], file=sys.stderr); {QUICK}")
    folder, share = [ended(api, started(api, **part)) for part in ({"test": "own"}, {"test_share": 0.15})]
    assert [(run["test"], run["test_share"]) for run in (folder, share)] == [("own", None), (None, 0.15)]
    logs = [(settings.workdir / FOLDER / run["id"] / "log.txt").read_text() for run in (folder, share)]
    assert "'--test=own'" in logs[0]
    assert "'--test-share=0.15'" in logs[1]


def test_a_test_folder_is_told_by_its_name_alone(settings, tmp_path):
    sources = checked(RunRequest(test=str(tmp_path)), settings)
    assert str(tmp_path.parent) not in sources.test.name
    assert sources.folders == (str(tmp_path),)


def test_a_run_that_is_active_is_named_with_its_sources(serve):
    api = serve(script=ENDLESS)
    started(api, sources=["dermnet", "clinic"])
    assert "of dermnet, clinic is active" in api.post("/v1/runs", json={}).json()["error"]["message"]


def test_a_folder_is_told_by_its_name_alone(settings, tmp_path):
    (source,) = checked(RunRequest(sources=[str(tmp_path)]), settings).classes
    assert source.folder == tmp_path
    assert str(tmp_path.parent) not in source.name


def test_one_run_at_a_time(serve):
    api = serve(script=ENDLESS)
    run = started(api)
    response = api.post("/v1/runs", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "run-in-progress")
    assert response.json()["error"]["details"] == {"run": run}
    assert api.post("/v1/services/stop").status_code == 409


def test_a_run_is_cancelled_as_ctrl_c_does(serve):
    api = serve(script=ENDLESS)
    run = started(api)
    eventually(lambda: "begun" in api.get(f"/v1/runs/{run}/log").text)
    reported = api.post(f"/v1/runs/{run}/cancel").json()
    assert (reported["state"], reported["error"]) == ("interrupted", "it was interrupted; finished results are kept")
    again = api.post(f"/v1/runs/{run}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "run-ended")
    started(api)


def test_a_run_that_does_not_listen_is_ended_by_force(serve):
    api = serve(script=ENDLESS.replace("sys.exit(130)", "None"))
    api.runs._patience = 0.2
    run = started(api)
    eventually(lambda: "begun" in api.get(f"/v1/runs/{run}/log").text)
    assert api.post(f"/v1/runs/{run}/cancel").json()["state"] == "interrupted"


def test_a_failure_is_told_in_the_commands_own_words(serve):
    script = "import sys; print('acne: no luck here: try again', file=sys.stderr); print('more'); sys.exit(1)"
    api = serve(script=script)
    reported = ended(api, started(api))
    assert (reported["state"], reported["error"], reported["decision"]) == ("failed", "no luck here: try again", None)


def test_a_run_that_is_killed_says_so(serve):
    api = serve(script=f"import os, signal; os.kill(os.getpid(), signal.{signal.SIGKILL.name})")
    assert ended(api, started(api))["error"] == "the process was killed by signal 9"


@pytest.mark.parametrize("run", ["20261128T031500-1f3c9a"])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/log"), ("POST", "/cancel")])
def test_a_run_that_there_is_not(api, method, path, run):
    response = api.ask(method, f"/v1/runs/{run}{path}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no-such-run")


@pytest.mark.parametrize("run", ["x", "..%2f..", "20261128T031500-1f3c9a%0a", "%2e%2e"])
def test_a_name_that_no_run_has_never_becomes_a_path(api, run):
    assert api.get(f"/v1/runs/{run}").status_code in {404, 422}


def test_records_survive_the_server_and_belong_to_their_owner(serve, settings):
    first = serve()
    run = started(first)
    reported = ended(first, run)
    assert serve().get(f"/v1/runs/{run}").json() == reported
    folder = settings.workdir / FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (folder / run).iterdir()} == {0o600}


def recorded(settings, **values):
    folder = RunFolder(settings.workdir / FOLDER / "20261128T031500-1f3c9a")
    folder.path.mkdir(parents=True)
    record = ApiRunRecord(
        id=folder.path.name,
        sources=["sample"],
        background=[],
        folders=[],
        arguments=[],
        started_at="2026-11-28T03:15:00+00:00",
        **{"pid": 2**22 + 1, "process_started": 1.0} | values,
    )
    folder.write(record)
    return folder


def test_a_run_whose_process_is_gone_was_interrupted(api, settings):
    folder = recorded(settings)
    reported = api.get(f"/v1/runs/{folder.path.name}").json()
    assert (reported["state"], reported["error"]) == ("interrupted", "its process is gone; finished results are kept")
    assert reported["ended_at"]


def test_a_process_id_that_somebody_else_has_now_is_not_the_run(api, settings):
    folder = recorded(settings, pid=os.getpid(), process_started=1.0)
    assert api.get(f"/v1/runs/{folder.path.name}").json()["state"] == "interrupted"


def test_a_run_that_came_to_its_end_unseen_is_done(api, settings):
    folder = recorded(settings)
    folder.answer.write_text(json.dumps(ANSWER))
    reported = api.get(f"/v1/runs/{folder.path.name}").json()
    assert (reported["state"], reported["decision"]) == ("done", "promoted")


def test_a_run_of_another_server_still_counts_and_can_be_cancelled(api, settings):
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stderr=subprocess.PIPE, start_new_session=True) as process:
        process.stderr.readline()
        folder = recorded(settings, pid=process.pid, process_started=psutil.Process(process.pid).create_time())
        assert api.get(f"/v1/runs/{folder.path.name}").json()["state"] == "running"
        assert api.post("/v1/runs", json={}).status_code == 409
        reported = api.post(f"/v1/runs/{folder.path.name}/cancel").json()
    assert reported["state"] == "interrupted"


def test_a_record_that_cannot_be_understood_is_left_out(api, settings):
    folder = recorded(settings)
    (folder.path / "run.json").write_text("{}")
    assert api.get("/v1/runs").json() == {"runs": []}


def test_a_server_that_stops_takes_its_run_along(serve, settings):
    api = serve(script=ENDLESS)
    run = started(api)
    eventually(lambda: "begun" in api.get(f"/v1/runs/{run}/log").text)
    pid = RunFolder(settings.workdir / FOLDER / run).read().pid
    api.runs.end_all()
    assert not psutil.pid_exists(pid)
    assert api.get(f"/v1/runs/{run}").json()["state"] == "interrupted"


def test_the_last_lines_of_a_log_are_told(serve):
    api = serve(script=f"import sys; [print(n, file=sys.stderr) for n in range(50)]; {QUICK}")
    run = started(api)
    ended(api, run)
    assert api.get(f"/v1/runs/{run}/log?last=3").text.splitlines() == ["48", "49", "✓ Scrape 0.1 s"]
    assert api.get(f"/v1/runs/{run}/log?last=0").status_code == 422


def test_a_log_is_followed_to_the_runs_end(serve, tmp_path):
    flag = tmp_path / "go"
    script = (
        "import pathlib, sys, time\n"
        "print('first', file=sys.stderr, flush=True)\n"
        f"while not pathlib.Path({str(flag)!r}).exists(): time.sleep(0.02)\n"
        "print('last', file=sys.stderr, end='')\n"
    )
    api = serve(script=script)
    run = started(api)
    with api.get(f"/v1/runs/{run}/log?follow=true", stream=True) as response:
        lines = response.iter_lines(decode_unicode=True)
        assert next(lines) == "first"
        flag.touch()
        assert list(lines) == ["last"]


def test_a_log_that_is_followed_does_not_keep_the_server_from_stopping(serve):
    api = serve(script=ENDLESS)
    run = started(api)
    response = api.get(f"/v1/runs/{run}/log?follow=true", stream=True)
    assert next(response.iter_lines()) == b"begun"  # and the fixture fails if the server does not stop now


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "Jane Doe's photos"
    (folder / "acne-vulgaris").mkdir(parents=True)
    (folder / "acne-vulgaris" / "Jane Doe 1").write_text("")
    (folder / "acne-vulgaris" / "John Doe").mkdir()
    (folder / "stray note.txt").write_text("")
    return folder


def test_the_log_over_http_names_no_file(serve, folder):
    other = folder.with_name("John Doe's eczema")
    (other / "eczema").mkdir(parents=True)
    (other / "eczema" / "my scan").write_text("")
    lines = f"'acne: stray note.txt in ' + {str(folder)!r}, 'acne: eczema/my scan in ' + {str(other)!r}"
    api = serve(
        script=f"import sys; print({lines}, sep=chr(10), file=sys.stderr); {QUICK}",
        check=lambda _: CheckedSources(
            classes=(CheckedSource(name="photos-1", text=str(folder), folder=folder),),
            background=(CheckedSource(name="eczema-1", text=str(other), folder=other),),
        ),
    )
    run = started(api)
    ended(api, run)
    assert api.get(f"/v1/runs/{run}/log").text.splitlines()[:2] == ["acne: <file> in <source>"] * 2
    assert not {str(folder), str(other)} & set(api.get("/v1/runs").text.split('"'))


@pytest.mark.slow
def test_a_real_run_makes_the_model_that_then_answers(serve, settings, monkeypatch, own_home):
    from acnelib.api.runs.processes import COMMAND

    monkeypatch.setenv("ACNE_STACK", str(settings.stack))
    settings = replace(settings, home=own_home)
    api = serve("production", settings=settings, check=lambda request: checked(request, settings))
    api.runs._command = COMMAND
    try:
        assert api.post("/v1/services/start", timeout=120).json()["services"]["mlflow"]["healthy"]
        run = started(api, sources=["sample"], weights="starter")
        api.get(f"/v1/runs/{run}/log?follow=true", timeout=500)  # answered in full when the run is over
        reported = ended(api, run)
        assert (reported["state"], reported["decision"]) == ("done", "promoted"), reported
        eventually(lambda: api.get("/v1/health").json()["status"] == "ok")
        assert api.get("/v1/model").json()["version"] == reported["version"]
    finally:
        stopped = api.post("/v1/services/stop", timeout=120).json()
    assert not any(service["healthy"] for service in stopped["services"].values())
