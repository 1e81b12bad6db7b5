"""Workers decode pictures from strangers: with the same result, within limits, and killed without any harm."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import hostile_pictures as hostile
import numpy as np
import pytest

from acnelib.errors import ImageTooCostly, ImageUnreadable
from acnelib.imaging.isolation import DecodingPool, Lane, PictureRequest, pool
from acnelib.imaging.prepared import prepared

PATIENCE = 30


@pytest.fixture
def decoding():
    """A pool with one process for ordinary pictures."""
    decoding = DecodingPool(1)
    yield decoding
    decoding.close()


def request(content, **changes):
    return PictureRequest(
        **{"content": content, "name": "a.jpg", "height": 48, "width": 32, "pixels": 60_000_000} | changes
    )


def pids(decoding):
    return [worker._process.pid for worker in decoding._running]


def test_a_worker_gives_what_decoding_here_gives(decoding):
    content = hostile.jpeg(300, quality=40)
    here, there = prepared(content, height=48, width=32), decoding.prepare(request(content))
    assert np.array_equal(there.pixels, here.pixels)
    assert (there.sha256, there.fit, there.quality) == (here.sha256, here.fit, here.quality)


def test_what_is_no_picture_is_refused_by_its_name_and_the_worker_stays(decoding):
    with pytest.raises(ImageUnreadable, match=r"^a\.jpg cannot be decoded: it is not a picture"):
        decoding.prepare(request(b"letter"))
    before = pids(decoding)
    assert decoding.prepare(request(hostile.jpeg(16))) is not None
    assert pids(decoding) == before


def test_more_pixels_than_the_limit_are_refused(decoding):
    with pytest.raises(ImageUnreadable, match=r"^a\.jpg has more than 100 pixels"):
        decoding.prepare(request(hostile.jpeg(16), pixels=100))


def test_a_costly_picture_belongs_into_the_costly_lane(decoding):
    content = hostile.progressive_jpeg(2500, scans=200)
    assert decoding.prepare(request(content)) is None
    assert decoding.prepare(request(content), lane=Lane.COSTLY).pixels.shape == (48, 32, 3)


def test_what_takes_too_long_is_killed_and_the_next_picture_is_decoded(decoding, monkeypatch):
    limits = {
        Lane.COSTLY: replace(pool._LIMITS[Lane.COSTLY], patience=0.01),
        Lane.ORDINARY: pool._LIMITS[Lane.ORDINARY],
    }
    assert decoding.prepare(request(hostile.jpeg(16)), lane=Lane.COSTLY) is not None
    (before,) = pids(decoding)
    monkeypatch.setattr(pool, "_LIMITS", limits)
    with pytest.raises(ImageTooCostly, match=r"^a\.jpg cannot be decoded in 10 s"):
        decoding.prepare(request(hostile.jpeg(5000)), lane=Lane.COSTLY)
    monkeypatch.undo()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert decoding.prepare(request(hostile.jpeg(16)), lane=Lane.COSTLY) is not None


def test_a_worker_that_was_killed_is_replaced(decoding):
    assert decoding.prepare(request(hostile.jpeg(16))) is not None
    (before,) = pids(decoding)
    os.kill(before, signal.SIGKILL)
    while decoding.prepare(request(hostile.jpeg(16))) is None:  # killed in the middle: the costly lane would try it
        pass
    assert before not in [worker._process.pid for worker in decoding._running if worker.is_alive()]


def test_a_worker_is_replaced_after_many_pictures(decoding, monkeypatch):
    monkeypatch.setattr(pool, "_MOST_PICTURES", 2)
    seen = []
    for _ in range(3):
        assert decoding.prepare(request(hostile.jpeg(16))) is not None
        seen.append(pids(decoding))
    assert [len(each) for each in seen] == [1, 1, 1]
    assert seen[0] == seen[1] != seen[2]


def test_a_worker_has_no_more_memory_than_one_picture_may_need(decoding):
    assert decoding.prepare(request(hostile.jpeg(16))) is not None
    (pid,) = pids(decoding)
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
    (line,) = [line for line in limits if line.startswith("Max address space")]
    assert int(line.split()[3]) < 2_000_000_000


def test_a_worker_knows_no_logins_and_ends_with_its_connection(decoding, monkeypatch):
    monkeypatch.setenv("ACNE_API_TOKEN", "secret")
    assert decoding.prepare(request(hostile.jpeg(16))) is not None
    (worker,) = decoding._running
    assert b"secret" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()
    worker._connection.close()
    assert worker._process.wait(PATIENCE) == 0


def test_closing_ends_a_decoding_under_way_at_once(decoding):
    assert decoding.prepare(request(hostile.jpeg(16)), lane=Lane.COSTLY) is not None
    failures = []

    def decode():
        try:
            decoding.prepare(request(hostile.progressive_jpeg(7000, scans=80)), lane=Lane.COSTLY)
        except ImageUnreadable as error:
            failures.append(str(error))

    thread = threading.Thread(target=decode)
    thread.start()
    decoding.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert failures == ["a.jpg was not decoded, because the program ends"]


@pytest.mark.parametrize(
    "answer",
    [
        ({"sha256": "0", "fit": True, "quality": []}, bytes(5)),
        ({"sha256": 5, "fit": True, "quality": []}, bytes(48 * 32 * 3)),
        ({"sha256": "0", "fit": True, "quality": ["nonsense"]}, bytes(48 * 32 * 3)),
        ({"sha256": "0", "fit": True, "quality": 5}, bytes(48 * 32 * 3)),
        ({}, b""),
    ],
)
def test_an_answer_that_does_not_fit_is_not_believed(answer):
    from acnelib.imaging.isolation.messages import MessageInvalid

    with pytest.raises(MessageInvalid):
        pool._checked(*answer, request(b""))
