"""A run that is stopped goes on where it stopped."""

import json
import os
import signal
import subprocess
import sys

import pytest
from processes import wait_until_said

from acnelib.atlas.drawing import draw_pictures
from acnelib.storage.workspace import Workspace


@pytest.fixture
def source(tmp_path):
    for picture in draw_pictures(40, seed=6):
        path = tmp_path / "photos" / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
        os.utime(path, (1_700_000_000, 1_700_000_000))  # a file that has just changed is read again, to be sure
    return tmp_path / "photos"


def start(walked, folder, *arguments):
    command = [sys.executable, "-u", "-m", "acnelib.cli", "pipeline", "--local-scheduler", "--source", "photos"]
    environment = os.environ | walked.server_environment
    return subprocess.Popen(
        [*command, "--weights", "starter", "--backbone", "mobilenet_v1_0.25_64", "--format", "json", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_ending_signal_says_what_is_done_and_records_the_interruption(walked, source, tmp_path, number):
    process = start(walked, tmp_path, "--until", "features")
    wait_until_said(process, "✓ Split")
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 128 + number, error
    (outcome,) = (tmp_path / "data").glob(f"photos-*/{_latest(tmp_path)}/outcome.json")
    assert json.loads(outcome.read_text())["outcome"] == "interrupted"
    assert "The same command continues from there; nothing is done twice." in error
    assert "Done: Scrape, Curate, Split" in error
    assert "Traceback" not in error


NEVER_ENDS = """
import contextlib, functools, threading
from datetime import datetime
from acnelib.cli import shown_run
from acnelib.config.settings import Settings
from acnelib.pipeline.run import PipelineRun
from acnelib.scraping.sources import Sources

def run_pipeline(*arguments, **options):
    with contextlib.suppress(KeyboardInterrupt):
        print("begun", flush=True)
        threading.Event().wait()
    threading.Event().wait()

shown_run.run_pipeline = run_pipeline
shown_run.interruptible = functools.partial(shown_run.interruptible, grace=0.1)
run = PipelineRun(sources=Sources.parse("sample"), at=datetime(2026, 1, 1))
shown_run.run_shown(run, settings=Settings.load())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_must_be_ended_by_force_is_recorded_as_interrupted(tmp_path, number):
    process = subprocess.Popen(
        [sys.executable, "-c", NEVER_ENDS],
        env=os.environ | {"ACNE_WORKDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 128 + number, error
    assert "Done: nothing yet. The same command continues from there" in error
    outcome = tmp_path / "sample" / "2026-01-01T000000" / "outcome.json"
    assert json.loads(outcome.read_text())["outcome"] == "interrupted"


def test_after_a_kill_nothing_is_read_twice_and_nothing_unfinished_stays(walked, source, tmp_path):
    killed = start(walked, tmp_path, "--until", "features")
    wait_until_said(killed, "✓ Split")
    killed.kill()
    killed.communicate(timeout=60)
    finished = start(walked, tmp_path, "--until", "split")
    out, error = finished.communicate(timeout=60)
    assert finished.returncode == 0, error
    (target,) = (tmp_path / "data").glob(f"photos-*/{_latest(tmp_path)}/scrape.json")
    assert json.loads(target.read_text())["downloaded"] == 0
    assert not list((tmp_path / "data").rglob(".*.part"))
    assert json.loads(out)["split"]


def _latest(folder):
    return max(path.name for path in (folder / "data").glob("photos-*/2*"))


def test_a_second_run_in_the_same_folder_says_that_it_waits(walked, source, tmp_path):
    with Workspace(tmp_path / "data").alone():
        waiting = start(walked, tmp_path, "--until", "split")
        wait_until_said(waiting, "waiting for another run in this working folder")
        assert waiting.poll() is None
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0
