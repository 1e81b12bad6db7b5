from __future__ import annotations

import pytest

from gui.photos import texts as photos_texts
from gui.photos.batch_bar import BatchBar
from gui.state.batch import Batch, BatchState


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def batch(clock: Clock) -> Batch:
    return Batch(2000, clock=clock)


def worked(batch: Batch, clock: Clock, *, seconds: float, done: int, failed: int = 0) -> None:
    clock.now += seconds
    batch.advance(done, failed=failed)


def test_nothing_is_shown_of_the_time_left_before_it_is_known(batch, clock):
    assert batch.seconds_left is None
    worked(batch, clock, seconds=0.5, done=5)
    assert batch.seconds_left is None


def test_the_time_left_follows_the_speed(batch, clock):
    worked(batch, clock, seconds=10, done=500)
    assert batch.seconds_left == pytest.approx(30)


def test_the_speed_is_that_of_the_last_seconds(batch, clock):
    for _ in range(50):
        worked(batch, clock, seconds=1, done=1)
    for _ in range(25):
        worked(batch, clock, seconds=1, done=50)
    assert batch.seconds_left == pytest.approx((2000 - 50 - 1250) / 50)


def test_a_pause_does_not_count_as_work(batch, clock):
    worked(batch, clock, seconds=10, done=500)
    batch.pause()
    assert batch.seconds_left is None
    clock.now += 3600
    batch.resume()
    assert batch.seconds_left == pytest.approx(30)


def test_photos_that_come_in_a_pause_are_counted(batch, clock):
    batch.pause()
    worked(batch, clock, seconds=1, done=3, failed=1)
    assert (batch.done, batch.failed, batch.state) == (3, 1, BatchState.PAUSED)


def test_more_photos_take_longer(batch, clock):
    worked(batch, clock, seconds=10, done=500)
    batch.extend(500)
    assert (batch.total, batch.seconds_left) == (2500, pytest.approx(40))


@pytest.mark.parametrize("later", ["pause", "resume", "finish", "cancel"])
def test_what_is_over_stays_so(batch, later):
    batch.stop("the disk is full")
    getattr(batch, later)()
    assert (batch.state, batch.reason, batch.is_over) == (BatchState.STOPPED, "the disk is full", True)


def test_a_running_batch_says_how_far_it_is(batch, clock):
    worked(batch, clock, seconds=10, done=412, failed=3)
    assert photos_texts.batch_line(batch) == "412 of 2,000 · 3 failed · about 40 s left"


@pytest.mark.parametrize(
    ("end", "line"),
    [
        ("pause", "2,000 of 2,000 · 3 failed · paused"),
        ("finish", "1,997 photos classified, 3 failed"),
        ("cancel", "Cancelled after 2,000 of 2,000 photos · 3 failed"),
    ],
)
def test_the_outcome_of_a_batch_is_shown(batch, end, line):
    batch.advance(2000, failed=3)
    getattr(batch, end)()
    assert photos_texts.batch_line(batch) == line


def test_a_batch_that_broke_says_why(batch):
    batch.advance(1)
    batch.stop("the model is damaged: fetch it again")
    assert photos_texts.batch_line(batch) == "Stopped after 1 of 2,000 photos · The model is damaged: fetch it again"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds left"),
        (17, "about 20 s left"),
        (55, "about 55 s left"),
        (58, "about 1 min left"),
        (150, "about 3 min left"),
        (3500, "about 1 h left"),
        (5000, "about 1.5 h left"),
    ],
)
def test_the_time_left_is_shown_no_more_exactly_than_it_is_known(seconds, said):
    assert photos_texts.time_left(seconds) == said


@pytest.fixture
def bar(qtbot) -> BatchBar:
    bar = BatchBar()
    qtbot.addWidget(bar)
    return bar


def buttons(bar: BatchBar) -> list[str]:
    return [button.text() for button in (bar.pause, bar.resume, bar.cancel, bar.dismiss) if button.isVisible()]


def test_the_bar_is_there_only_with_a_batch(bar, batch):
    assert bar.isHidden()
    bar.show_batch(batch)
    assert bar.isVisible()
    bar.show_batch(None)
    assert bar.isHidden()


def test_the_bar_offers_what_can_be_done(bar, batch):
    bar.show_batch(batch)
    assert buttons(bar) == [photos_texts.PAUSE, photos_texts.CANCEL]
    batch.pause()
    bar.show_batch(batch)
    assert buttons(bar) == [photos_texts.RESUME, photos_texts.CANCEL]
    batch.cancel()
    bar.show_batch(batch)
    assert buttons(bar) == [photos_texts.DISMISS]
    assert not bar.progress.isVisible()


def test_the_buttons_signal_what_is_requested(bar, batch, qtbot):
    bar.show_batch(batch)
    for button, signal in (
        (bar.pause, bar.pause_requested),
        (bar.resume, bar.resume_requested),
        (bar.cancel, bar.cancel_requested),
    ):
        with qtbot.waitSignal(signal):
            button.click()


def test_a_summary_can_be_dismissed(bar, batch):
    batch.finish()
    bar.show_batch(batch)
    bar.dismiss.click()
    assert bar.isHidden()


def test_the_keyboard_stays_on_the_button_that_changed_its_name(bar, batch, qtbot):
    bar.show_batch(batch)
    bar.activateWindow()
    bar.pause.setFocus()
    qtbot.waitUntil(bar.pause.hasFocus)
    batch.pause()
    bar.show_batch(batch)
    assert bar.resume.hasFocus()
