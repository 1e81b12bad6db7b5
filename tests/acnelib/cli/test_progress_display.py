"""Progress: a bar with elapsed and remaining time on a terminal of 80 columns, a line now and then in a pipe."""

from __future__ import annotations

import io
import re
import sys

import pytest

from acnelib.cli.progress_display import BETWEEN_LINES, ProgressDisplay
from acnelib.cli.run_display import RunDisplay
from acnelib.progress import StageTimer

TASK = "Train mobilenet_v1_0.25_96+mobilenet_v2_1.00_224"


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def rows(self):
        """Return the rows that were drawn, without controls of the terminal."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue()).replace("\r", "\n").splitlines()


class Clock:
    """A clock that moves only when a test says so."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def terminal(monkeypatch):
    """Return a function that makes standard error a terminal of 80 columns; between the phases, pytest owns it."""

    def make(kind="xterm"):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("TERM", kind)
        return screen

    return make


def show_steps(show, clock, *, steps, seconds, what="photos"):
    for done in range(steps + 1):
        show(done, steps, what)
        clock.now += seconds


class TestRemainingTime:
    def test_it_follows_the_speed_so_far(self, clock):
        timer = StageTimer(clock)
        timer.update(0, 100)
        clock.now += 10
        timer.update(20, 100)
        assert (timer.elapsed(), timer.remaining()) == (10, 40)

    def test_what_an_interrupted_run_had_done_does_not_count_as_speed(self, clock):
        timer = StageTimer(clock)
        timer.update(80, 100)
        clock.now += 10
        timer.update(81, 100)
        assert timer.remaining() == 190

    @pytest.mark.parametrize(("done", "total"), [(10, 50), (51, 100)])
    def test_a_new_stage_is_timed_by_itself(self, clock, done, total):
        timer = StageTimer(clock)
        timer.update(0, 100)
        timer.update(99, 100)
        clock.now += 10
        assert timer.update(done, total)
        assert (timer.elapsed(), timer.remaining()) == (0, None)

    def test_of_few_unlike_steps_it_is_unknown(self, clock):
        timer = StageTimer(clock)
        timer.update(0, 3)
        clock.now += 10
        timer.update(1, 3)
        assert timer.remaining() is None


class TestInAPipe:
    def test_a_long_stage_has_a_line_now_and_then_with_elapsed_and_remaining_time(self, clock, capsys):
        with ProgressDisplay("Cross-validating", clock=clock) as display:
            show_steps(display.update, clock, steps=100, seconds=1, what="repeats of the folds")
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 100 // BETWEEN_LINES + 1
        assert lines[0] == "Cross-validating: repeats of the folds 15/100, 0:15 elapsed, about 85 s left"
        assert lines[-1] == "Cross-validating: repeats of the folds 100/100, 1:40 elapsed"

    def test_a_short_stage_has_none(self, clock, capsys):
        with ProgressDisplay("Evaluating", clock=clock) as display:
            show_steps(display.update, clock, steps=10, seconds=0.1)
        assert capsys.readouterr().err == ""

    def test_the_environment_cannot_make_it_a_terminal(self, clock, capsys, monkeypatch):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TTY_COMPATIBLE", "1")
        with ProgressDisplay("Evaluating", clock=clock) as display, RunDisplay(clock=clock) as run:
            display.update(1, 2, "photos")
            run.started(TASK)
            run.progressed(TASK, 1, 2, "photos")
        assert capsys.readouterr().err == ""

    def test_a_long_task_of_a_run_has_lines_before_it_ends(self, clock, capsys):
        with RunDisplay(clock=clock) as run:
            run.started("Features")
            show_steps(
                lambda *step: run.progressed("Features", *step), clock, steps=40, seconds=1, what="photos embedded"
            )
            run.finished("Features", 40.0)
        first, second, end = capsys.readouterr().err.splitlines()
        assert first == "  Features: photos embedded 15/40, 0:15 elapsed, about 25 s left"
        assert second == "  Features: photos embedded 30/40, 0:30 elapsed, about 10 s left"
        assert end.startswith("✓ Features ")


class TestOnATerminal:
    def test_a_bar_with_both_times_fits_into_80_columns(self, clock, terminal):
        screen = terminal()
        with ProgressDisplay("Cross-validating", clock=clock) as display:
            show_steps(display.update, clock, steps=100, seconds=60, what="repeats of the folds of many networks")
            display._bars.refresh()
        rows = screen.rows()
        assert max(map(len, rows)) <= 80
        assert any(re.search(r"/100 .*1:\d\d:00, .* left", row) for row in rows)

    def test_tasks_of_a_run_fit_into_80_columns_with_their_numbers(self, clock, terminal):
        screen = terminal()
        with RunDisplay(clock=clock) as run:
            run.started(TASK)
            show_steps(lambda *step: run.progressed(TASK, *step), clock, steps=2000, seconds=9, what="photos embedded")
            run.progressed(TASK, 1999, 2000, "photos embedded by many networks")
            run._bars.refresh()
        rows = screen.rows()
        assert max(map(len, rows)) <= 80
        assert any("1999/2000 photos" in row for row in rows)

    def test_one_that_cannot_draw_over_a_line_gets_lines(self, clock, terminal):
        screen = terminal("dumb")
        with ProgressDisplay("Evaluating", clock=clock) as display:
            show_steps(display.update, clock, steps=20, seconds=1)
        assert screen.rows()[0] == "Evaluating: photos 15/20, 0:15 elapsed, about 5 s left"
        assert "\x1b" not in screen.getvalue()
