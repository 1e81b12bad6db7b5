from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from acnelib.errors import ImageUnreadable
from gui.background import Background, Stream, Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

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
    assert heard.failed == [(0, "unexpected error (ZeroDivisionError: division by zero): please report it")]
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_photo_s_path_never_goes_to_the_log(
    background: Background, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/".join(("", "home", "somebody", "photo.jpg"))  # a traceback quotes the lines of this test
    with qtbot.waitSignal(background.finished):
        background.start(lambda item: 1 / 0, [path])
    assert "ZeroDivisionError" in caplog.text
    assert path not in caplog.text
    caplog.clear()


def test_a_result_of_a_replaced_batch_is_never_shown(
    background: Background, worker: Worker, heard: Listener, qtbot: QtBot
) -> None:
    computed = threading.Event()
    behind = Background(worker)
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


class Handfuls:
    """Everything that a stream said."""

    def __init__(self, stream: Stream) -> None:
        self.done: list[tuple[object, object]] = []
        self.failed: list[str] = []
        stream.done.connect(self.done.extend)
        stream.failed.connect(self.failed.append)


@pytest.fixture
def stream(qapp: object, worker: Worker) -> Iterator[Stream]:
    stream = Stream(worker)
    yield stream
    stream.abandon()


@pytest.fixture
def streamed(stream: Stream) -> Handfuls:
    return Handfuls(stream)


def doubled(items: Sequence[int]) -> Generator[int]:
    yield from (2 * item for item in items)


def test_a_stream_tells_all_its_results_in_order(stream: Stream, streamed: Handfuls, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stream.finished) as finished:
        stream.start(doubled, range(500))
    assert streamed.done == [(item, 2 * item) for item in range(500)]
    assert finished.args == [False]
    assert not stream.is_running


def test_a_paused_stream_waits_and_then_goes_on(stream: Stream, streamed: Handfuls, qtbot: QtBot) -> None:
    asked: list[int] = []

    def work(items: Sequence[int]) -> Generator[int]:
        for item in items:
            asked.append(item)
            if item == 3:
                stream.pause()
            yield item

    with qtbot.waitSignal(stream.done, check_params_cb=lambda _: (3, 3) in streamed.done):
        stream.start(work, range(10))
    assert (stream.is_paused, asked) == (True, [0, 1, 2, 3])
    with qtbot.waitSignal(stream.finished):
        stream.resume()
    assert len(streamed.done) == 10


def test_a_cancelled_stream_closes_its_work_and_says_so(stream: Stream, qtbot: QtBot) -> None:
    closed = threading.Event()

    def endless(items: Sequence[int]) -> Generator[int]:
        try:
            for item in items:
                yield item
                if item == 5:
                    stream.cancel()
        finally:
            closed.set()

    with qtbot.waitSignal(stream.finished) as finished:
        stream.start(endless, range(1_000_000))
    assert (finished.args, closed.is_set()) == ([True], True)


def test_a_paused_stream_can_be_cancelled(stream: Stream, qtbot: QtBot) -> None:
    stream.start(doubled, range(1_000_000))
    stream.pause()
    with qtbot.waitSignal(stream.finished) as finished:
        stream.cancel()
    assert finished.args == [True]


def test_an_abandoned_stream_says_nothing_more(stream: Stream, streamed: Handfuls, qtbot: QtBot) -> None:
    stream.start(doubled, range(1_000_000))
    stream.start(lambda _: doubled([10]), [10])
    with qtbot.waitSignal(stream.finished):
        pass
    assert streamed.done == [(10, 20)]


def test_a_failure_is_reported_after_what_came_before_it(stream: Stream, streamed: Handfuls, qtbot: QtBot) -> None:
    def failing(items: Sequence[int]) -> Generator[int]:
        yield from items[:2]
        raise ImageUnreadable("the disk is gone: plug it in")

    with qtbot.waitSignal(stream.finished):
        stream.start(failing, range(10))
    assert (streamed.done, streamed.failed) == ([(0, 0), (1, 1)], ["the disk is gone: plug it in"])
