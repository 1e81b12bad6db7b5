"""Runs over HTTP while their records cannot be written."""

from __future__ import annotations

import errno

import psutil
import pytest
from api_client import ENDLESS, QUICK, eventually

from acnelib.api.runs.records import FOLDER, RunFolder


@pytest.fixture
def full_disk(monkeypatch):
    """Let records not be written from now on: all, or those of runs that have ended; calling it again frees space."""
    write, is_full = RunFolder.write, {"for": None}

    def on_full_disk(folder, record):
        if is_full["for"] == "all" or (is_full["for"] == "ended" and record.end):
            raise OSError(errno.ENOSPC, "No space left on device", str(folder.path))
        write(folder, record)

    monkeypatch.setattr(RunFolder, "write", on_full_disk)
    return lambda what: is_full.update({"for": what})


def test_an_end_that_cannot_be_written_is_told_all_the_same_and_written_later(serve, settings, full_disk):
    full_disk("ended")
    api = serve(script=QUICK)
    run = api.post("/v1/runs", json={"sources": ["sample"]}).json()["id"]
    reported = eventually(lambda: (reported := api.get(f"/v1/runs/{run}").json())["state"] != "running" and reported)
    assert (reported["state"], reported["decision"]) == ("done", "promoted")
    record = RunFolder(settings.workdir / FOLDER / run)
    assert record.read().end is None
    full_disk(None)
    assert api.get(f"/v1/runs/{run}").json()["state"] == "done"
    assert record.read().state == "done"
    assert api.post("/v1/runs", json={"sources": ["sample"]}).status_code == 202


def test_a_run_that_cannot_be_written_down_does_not_go_on_unseen(serve, full_disk):
    full_disk("all")
    api = serve(script=ENDLESS)
    before = set(psutil.Process().children())
    assert api.post("/v1/runs", json={"sources": ["sample"]}).status_code >= 500
    assert set(psutil.Process().children()) <= before
    full_disk(None)
    assert api.post("/v1/runs", json={"sources": ["sample"]}).status_code == 202
