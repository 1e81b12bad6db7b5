"""A run's progress for a program: lines of JSON that are read back as they were written."""

from __future__ import annotations

from acnelib.cli.run_events import RunEvents
from acnelib.runs.events import RunEvent, RunEventKind


def test_each_step_of_a_run_is_a_line(capsys):
    with RunEvents() as events:
        events.started("Features")
        events.progressed("Features", 32, 64, "photos embedded")
        events.finished("Features", 25.13)
        events.say("luigid: http://127.0.0.1:51475")
    assert [RunEvent.parse(line) for line in capsys.readouterr().err.splitlines()] == [
        RunEvent(event=RunEventKind.STARTED, task="Features"),
        RunEvent(event=RunEventKind.PROGRESSED, task="Features", text="photos embedded", done=32, total=64),
        RunEvent(event=RunEventKind.FINISHED, task="Features", seconds=25.1),
        RunEvent(event=RunEventKind.MESSAGE, text="luigid: http://127.0.0.1:51475"),
    ]


def test_a_stage_is_written_about_now_and_then_and_at_its_end(capsys):
    now = 0.0
    with RunEvents(clock=lambda: now) as events:
        for now, done in ((10.0, 1), (10.2, 2), (10.7, 3), (10.8, 4)):  # noqa: B007 the clock reads it
            events.progressed("Scrape", done, 4, "files")
    lines = [RunEvent.parse(line) for line in capsys.readouterr().err.splitlines()]
    assert [event.done for event in lines] == [1, 3, 4]


def test_other_lines_are_no_events():
    assert [RunEvent.parse(line) for line in ("acne: no such folder", "{}", "[]", '{"event": "x"}')] == [None] * 4
