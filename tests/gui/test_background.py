from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from acnelib.errors import ImageUnreadable
from gui.background import Background, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("acne-test")
    yield worker
    assert worker.close(), "a worker thread outlived its test"


class Listener:
    """Everything that a background said."""

    def __init__(self, background: Background) -> None:
        self.done: list[tuple[object, object]] = []
        self.failed: list[tuple[object, str]] = []
        background.item_done.connect(lambda item, result: self.done.append((item, result)))
        background.item_failed.connect(lambda item, text: self.failed.append((item, text)))


@pytest.fixture
def background(qapp: object, worker: Worker) -> Iterator[Background]:
    background = Background(worker)
    yield background
    background.abandon()


@pytest.fixture
def heard(background: Background) -> Listener:
    return Listener(background)


def test_results_arrive_in_order_on_the_ui_thread(background: Background, heard: Listener, qtbot: QtBot) -> None:
    threads = set()
    background.item_done.connect(lambda *_: threads.add(threading.current_thread()))
    with qtbot.waitSignal(background.finished):
        background.start(lambda item: item * 2, [1, 2, 3])
    assert heard.done == [(1, 2), (2, 4), (3, 6)]
    assert threads == {threading.main_thread()}


def test_one_bad_photo_does_not_stop_the_rest(background: Background, heard: Listener, qtbot: QtBot) -> None:
    def work(item: str) -> str:
        if item == "bad":
            raise ImageUnreadable("bad.jpg is damaged: export it again")
        return item

    with qtbot.waitSignal(background.finished):
        background.start(work, ["a", "bad", "b"])
    assert heard.done == [("a", "a"), ("b", "b")]
    assert heard.failed == [("bad", "bad.jpg is damaged: export it again")]


def test_a_mistake_of_ours_is_logged_and_reported(
    background: Background, heard: Listener, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(background.finished):
        background.start(lambda item: 1 / item, [0])
    assert heard.failed == [(0, "unexpected error (ZeroDivisionError('division by zero')): please report it")]
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_result_of_a_replaced_batch_is_never_shown(background: Background, heard: Listener, qtbot: QtBot) -> None:
    computed = threading.Event()
    behind = Background(background._worker)
    background.start(lambda item: item, ["old"])
    behind.start(lambda _: computed.set(), ["behind it"])
    assert computed.wait(5)  # the old result was emitted and queued, and is not delivered yet
    with qtbot.waitSignal(background.finished):
        background.start(lambda item: item, ["new"])
    assert heard.done == [("new", "new")]


def test_cancelling_finishes_the_photo_in_hand_and_begins_no_other(
    background: Background, heard: Listener, qtbot: QtBot
) -> None:
    turnstile = threading.Semaphore(2)
    background.start(lambda item: turnstile.acquire() and item, range(1000))
    qtbot.waitUntil(lambda: len(heard.done) == 2)
    with qtbot.waitSignal(background.finished) as finished:
        background.cancel()
        turnstile.release()
    assert finished.args == [True]
    assert [item for item, _ in heard.done] == [0, 1, 2]


def test_closing_waits_for_the_worker(worker: Worker, background: Background) -> None:
    begun, leave = threading.Event(), threading.Event()
    background.start(lambda item: begun.set() or leave.wait(5), range(100))
    assert begun.wait(5)
    background.abandon()
    assert not worker.close(timeout=0.02)
    leave.set()
    assert worker.close()


def test_batches_of_one_worker_share_a_thread_and_what_it_keeps(worker: Worker, qtbot: QtBot) -> None:
    kept = threading.local()

    def times_seen(_item: object) -> int:
        kept.times = getattr(kept, "times", 0) + 1
        return int(kept.times)

    first, second = Background(worker), Background(worker)
    listener = Listener(second)
    first.start(times_seen, ["a"])
    with qtbot.waitSignal(second.finished):
        second.start(times_seen, ["b"])
    assert listener.done == [("b", 2)]


def test_no_result_is_lost_in_three_hundred_batches(background: Background, heard: Listener, qtbot: QtBot) -> None:
    for _ in range(300):
        heard.done.clear()
        with qtbot.waitSignal(background.finished):
            background.start(lambda item: item, range(5))
        assert [item for item, _ in heard.done] == list(range(5))
