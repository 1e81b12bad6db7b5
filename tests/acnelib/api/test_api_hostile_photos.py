"""Photos from strangers that cost too much: a row with an error, and no harm to the photos of others."""

from __future__ import annotations

import threading
from dataclasses import replace

import hostile_pictures as hostile
import pytest
from api_client import PATIENCE, picture

from acnelib.imaging.isolation import Lane, pool


def test_a_photo_of_too_many_scans_is_a_row_with_an_error(api):
    scans, good = api.predict(("a.jpg", hostile.progressive_jpeg(64, scans=20_000)), ("b.png", picture("red"))).json()
    assert scans["error"].startswith("a.jpg cannot be decoded: its file has more than")
    assert good["label"] == "red"


def test_a_photo_that_would_need_too_much_memory_is_a_row_with_an_error(api):
    (row,) = api.predict(("a.jp2", hostile.jpeg_2000_head(7900))).json()
    assert "MB of memory to be decoded" in row["error"]
    assert (row["label"], row["sha256"]) == (None, None)


def test_a_photo_that_takes_too_long_is_a_row_with_an_error_and_others_do_not_wait_for_it(api, monkeypatch):
    slow = hostile.progressive_jpeg(6000, scans=100)
    limits = {**pool._LIMITS, Lane.COSTLY: replace(pool._LIMITS[Lane.COSTLY], patience=3600.0, killed_after=3600.0)}
    monkeypatch.setattr(pool, "_LIMITS", limits)
    decoded, finished = threading.Event(), threading.Event()
    prepare = pool._Worker.prepare

    def held_up(self, request, limits):
        if limits.patience == 3600.0:
            decoded.set()
            finished.wait(PATIENCE)
            raise TimeoutError
        return prepare(self, request, limits)

    monkeypatch.setattr(pool._Worker, "prepare", held_up)
    rows = []
    thread = threading.Thread(target=lambda: rows.extend(api.predict(("slow.jpg", slow)).json()))
    thread.start()
    assert decoded.wait(PATIENCE)
    assert [row["label"] for row in api.predict(("a.png", picture("red"))).json()] == ["red"]
    assert not rows
    finished.set()
    thread.join(PATIENCE)
    assert rows[0]["error"].startswith("slow.jpg cannot be decoded in")


@pytest.mark.parametrize("number", [3])
def test_a_killed_worker_costs_no_answer(api, number):
    for _ in range(number):
        assert api.predict(("a.png", picture("red"))).json()[0]["label"] == "red"
        for worker in list(api.model_service._photos._decoding._running):
            worker._process.kill()
            worker._process.wait()
