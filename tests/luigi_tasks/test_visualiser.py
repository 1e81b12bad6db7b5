"""What luigid shows of a run while it goes on, when it fails, and when others train; a real luigid is asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime

import pytest
import requests

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import DataUnusable, TrackingFailed
from acnelib.pipeline.run import PipelineRun
from acnelib.runs.stage import Stage
from acnelib.scraping.sources import Sources
from luigi_tasks import tasks as walk
from luigi_tasks.others import TRAINS, wait_for_others
from luigi_tasks.pipeline import run_pipeline
from luigi_tasks.stage_task import StageTask

NEW_YEAR = datetime(2026, 1, 1)
CONFIGURATION = "[scheduler]\nworker_disconnect_delay=2\nprune_on_get_work=true\nretry_delay=-1\n"


class Luigid:
    """A luigid of the test's own."""

    def __init__(self, url):
        self.url = url

    def ask(self, call, **query):
        parameters = {"data": json.dumps(query)}
        return requests.get(f"{self.url}/api/{call}", params=parameters, timeout=10).json()["response"]

    def tasks(self, status=""):
        return {task["name"]: task | {"id": name} for name, task in self.ask("task_list", status=status).items()}


@pytest.fixture
def luigid(tmp_path, free_port):
    (tmp_path / "luigid.cfg").write_text(CONFIGURATION)
    entry = [sys.executable, "-c", "from luigi.cmdline import luigid; luigid()", "--address", "127.0.0.1"]
    process = subprocess.Popen(
        [*entry, "--port", str(free_port), "--state-path", str(tmp_path / "state")],
        env=os.environ | {"LUIGI_CONFIG_PATH": str(tmp_path / "luigid.cfg")},
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if "Scheduler starting up" in line:
            break
    drained = threading.Thread(target=process.stderr.read)
    drained.start()
    yield Luigid(f"http://127.0.0.1:{free_port}")
    process.terminate()
    process.wait(20)
    drained.join()
    process.stderr.close()


@pytest.fixture
def folder(tmp_path):
    for picture in draw_pictures(40, seed=6):
        path = tmp_path / "Anna's photos" / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    return tmp_path / "Anna's photos"


@pytest.fixture
def settings(empty_server_settings, luigid):
    return replace(empty_server_settings, luigid_url=luigid.url)


def run_until(stage, folder, settings, **options):
    return run_pipeline(
        PipelineRun(sources=Sources.parse(str(folder)), at=NEW_YEAR, until=stage), settings=settings, **options
    )


def test_a_finished_task_shows_how_far_it_came_and_no_path(folder, settings, luigid):
    run_until(Stage.CURATE, folder, settings)
    curate = luigid.tasks("DONE")["Curate"]
    assert curate["status_message"] == "40 photos used, 0 left out"
    assert curate["progress_percentage"] == 100
    assert set(curate["params"]) == {"source", "background", "test", "reviews", "at"}
    assert "Anna's photos" not in json.dumps(luigid.tasks())


def test_a_failed_task_shows_its_reason_and_where_in_the_code_and_stays_failed(folder, settings, luigid):
    for label in sorted(path for path in folder.iterdir())[1:]:
        for photo in label.iterdir():
            photo.unlink()
    with pytest.raises(DataUnusable):
        run_until(Stage.SPLIT, folder, settings)
    failed = luigid.tasks("FAILED")["Split"]
    shown = luigid.ask("fetch_error", task_id=failed["id"])["error"]
    assert "learning needs at least two classes" in failed["status_message"]
    assert "acnelib/dataset/splitting.py:" in shown
    assert "Traceback" not in shown
    assert str(folder.parent) not in shown


def test_a_name_of_a_photo_is_not_shown(folder, settings, luigid, monkeypatch):
    def curate(*_arguments, **_options):
        raise DataUnusable(f"{folder}/cysts/Anna Smith 1.jpg cannot be read: take it out")

    monkeypatch.setattr(walk.stages, "curate", curate)
    with pytest.raises(DataUnusable, match="Anna Smith"):
        run_until(Stage.CURATE, folder, settings)
    failed = luigid.tasks("FAILED")["Curate"]
    shown = luigid.ask("fetch_error", task_id=failed["id"])["error"] + failed["status_message"]
    assert "Anna" not in shown
    assert "cannot be read: take it out" in shown


def test_only_tasks_that_train_hold_the_resource_that_luigid_gives_to_one(folder, settings, luigid):
    run = PipelineRun(
        sources=Sources.parse(str(folder)), at=NEW_YEAR, weights="starter", backbones=("mobilenet_v1_0.25_64",)
    )
    with pytest.raises(TrackingFailed):  # nobody answers where a split would be asked for
        run_pipeline(run, settings=settings)
    holding = {name for name, task in luigid.tasks().items() if task["resources"] == {"training": 1}}
    assert holding == {"Features v1-25%-64", "Train v1-25%-64"}


def test_tasks_of_a_candidate_are_shown_with_their_network_and_keep_their_ids(folder, settings, luigid):
    run = PipelineRun(
        sources=Sources.parse(str(folder)),
        at=NEW_YEAR,
        weights="starter",
        backbones=("mobilenet_v1_0.25_64", "mobilenet_v1_0.25_32"),
    )
    with pytest.raises(TrackingFailed):
        run_pipeline(run, settings=settings)
    shown = luigid.tasks()
    assert {name for name in shown if name.startswith("Train")} == {"Train v1-25%-64", "Train v1-25%-32"}
    assert shown["Train v1-25%-64"]["id"].startswith("Train_")
    assert {"Split", "Register", "Pipeline"} <= set(shown)


def test_a_task_whose_network_is_not_known_is_shown_without_it():
    assert walk.Train(source="sample", at=NEW_YEAR, backbone="<b>resnet</b>").task_family == "Train"


class Stranger:
    """Another worker, that holds a task as long as it says that it lives."""

    def __init__(self, luigid):
        self.luigid = luigid

    def begin(self):
        options = {"worker": "stranger", "task_id": "Train_of_another", "family": "Train", "params": {}}
        self.luigid.ask("add_task", **options, runnable=True, resources={"training": 1}, status="PENDING")
        assert self.luigid.ask("get_work", worker="stranger", host="elsewhere")["task_id"] == "Train_of_another"

    def end(self):
        self.luigid.ask("add_task", worker="stranger", task_id="Train_of_another", family="Train", status="DONE")


class Undone:
    """A task that is done when it was asked for once more."""

    task_id = "Train_of_ours"
    asked = False

    def complete(self):
        return self.asked

    def requires(self):
        return []

    def ask(self):
        self.asked = True


def test_a_run_that_finds_another_training_waits_says_so_once_and_goes_on(luigid):
    stranger, ours, said, looks = Stranger(luigid), Undone(), [], []
    stranger.begin()

    def sleep(_seconds):
        assert not ours.asked
        looks.append(1)
        if len(looks) == 3:
            stranger.end()

    StageTask.failures.clear()
    wait_for_others([ours], luigid.url, resumed=False, again=ours.ask, report=said.append, sleep=sleep)
    assert (ours.asked, said, len(looks)) == (True, [TRAINS], 3)


def test_what_luigid_lost_sight_of_is_asked_for_again_without_waiting(luigid):
    ours = Undone()
    StageTask.failures.clear()
    wait_for_others([ours], luigid.url, resumed=True, again=ours.ask, report=pytest.fail, sleep=pytest.fail)
    assert ours.asked


def test_a_run_that_nothing_brings_on_is_given_up(luigid):
    asked, waited = [], []
    StageTask.failures.clear()
    wait_for_others(
        [Undone()], luigid.url, resumed=False, again=lambda: asked.append(1), report=pytest.fail, sleep=waited.append
    )
    assert (len(asked), sum(waited)) == (16, 15)  # another run may just be between two of its tasks


def test_luigid_gives_training_to_one_worker_at_a_time_without_any_configuration(luigid):
    Stranger(luigid).begin()
    mine = {"worker": "mine", "task_id": "Train_of_mine", "family": "Train", "params": {}, "status": "PENDING"}
    luigid.ask("add_task", **mine, runnable=True, resources={"training": 1})
    assert luigid.ask("get_work", worker="mine", host="here")["task_id"] is None


@pytest.fixture
def start(walked, folder, luigid, tmp_path):
    """Start the run of a certain time, up to its vectors, in a process of its own."""

    def go():
        command = [
            sys.executable,
            "-u",
            "-m",
            "acnelib.cli",
            "pipeline",
            "--source",
            str(folder),
            "--until",
            "features",
        ]
        options = ["--weights", "starter", "--backbone", "mobilenet_v1_0.25_64", "--at", "2026-01-01T000000"]
        environment = os.environ | walked.server_environment | {"ACNE_LUIGID_URL": luigid.url}
        pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True}
        return subprocess.Popen([*command, *options], cwd=tmp_path, env=environment, **pipes)

    return go


def until_said(process, words):
    """Read what a process says up to some words."""
    for line in process.stderr:
        if words in line:
            return
    pytest.fail(f"never said {words!r}")


@pytest.mark.slow
def test_after_a_kill_the_same_run_is_gone_on_with(start, luigid):
    killed = start()
    until_said(killed, "✓ Split")
    while "Features v1-25%-64" not in luigid.tasks("RUNNING"):
        assert killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    again = start()
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "✓ Features" in said


@pytest.mark.slow
def test_a_run_that_luigid_took_for_gone_goes_on(start, luigid):
    stopped = start()
    until_said(stopped, "✓ Scrape")
    stopped.send_signal(signal.SIGSTOP)
    for _ in range(200):
        if not luigid.tasks("RUNNING"):
            break
        luigid.ask("get_work", worker="another", host="elsewhere")  # then luigid looks who is still there
        threading.Event().wait(0.1)
    stopped.send_signal(signal.SIGCONT)
    _, said = stopped.communicate(timeout=120)
    assert stopped.returncode == 0, said
    assert "✓ Features" in said


@pytest.fixture
def bare_task(tmp_path, monkeypatch):
    """A task that writes to a tracking server, run without a worker."""
    messages = []
    task = walk.Train(source="sample", at=NEW_YEAR, backbone="mobilenet_v1_0.25_64", workdir=str(tmp_path / "work"))
    monkeypatch.setattr(task, "set_status_message", messages.append)
    monkeypatch.setattr(type(task), "waits", (0.0, 0.0))
    task.messages = messages
    return task


def failing(error, times):
    """Return a stage that fails so often, and how often it was called."""
    calls = []

    def stage(*_arguments, **_options):
        calls.append(1)
        if len(calls) <= times:
            raise TrackingFailed("the server failed: run again") from error
        raise DataUnusable("far enough for this test")

    return stage, calls


@pytest.mark.parametrize("error", [requests.ConnectionError(), requests.Timeout(), ConnectionResetError()])
def test_a_task_that_writes_to_a_server_tries_again_when_that_may_help(bare_task, monkeypatch, error):
    stage, calls = failing(error, times=2)
    monkeypatch.setattr(bare_task, "work", stage)
    with pytest.raises(DataUnusable):
        bare_task.run()
    assert len(calls) == 3
    assert bare_task.messages[0] == "the tracking server did not answer: tries again in 0 s"
    assert bare_task.messages[-1] == "failed: far enough for this test"


@pytest.mark.parametrize("error", [None, ValueError("of ours")])
def test_it_does_not_when_the_same_would_happen_again(bare_task, monkeypatch, error):
    stage, calls = failing(error, times=9)
    monkeypatch.setattr(bare_task, "work", stage)
    with pytest.raises(TrackingFailed):
        bare_task.run()
    assert len(calls) == 1


def test_it_gives_up_after_the_third_time(bare_task, monkeypatch):
    stage, calls = failing(requests.ConnectionError(), times=9)
    monkeypatch.setattr(bare_task, "work", stage)
    with pytest.raises(TrackingFailed):
        bare_task.run()
    assert len(calls) == 3


def test_tasks_that_only_compute_try_once():
    assert [task.__name__ for task in (walk.Scrape, walk.Curate, walk.Split, walk.Features) if task.waits] == []
