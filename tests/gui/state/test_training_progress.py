"""The progress of a training: the steps that its events name."""

from __future__ import annotations

from acnelib.runs.events import RunEvent, RunEventKind
from gui.state.training_progress import STAGES, TrainingProgress

STARTED, PROGRESSED, FINISHED = RunEventKind.STARTED, RunEventKind.PROGRESSED, RunEventKind.FINISHED


def after(*events: RunEvent) -> TrainingProgress:
    progress = TrainingProgress()
    for event in events:
        progress = progress.after(event)
    return progress


def test_a_task_is_one_step_from_its_start_to_its_end():
    progress = after(
        RunEvent(event=STARTED, task="Scrape"),
        RunEvent(event=PROGRESSED, task="Scrape", text="files", done=3, total=4),
        RunEvent(event=FINISHED, task="Scrape", seconds=1.0),
    )
    (step,) = progress.steps
    assert (step.text, step.done, step.total, step.is_finished) == ("files", 3, 4, True)


def test_the_share_grows_with_the_stages_and_within_one():
    curate = RunEvent(event=STARTED, task="Curate")
    half = RunEvent(event=PROGRESSED, task="Curate", done=1, total=2)
    end = RunEvent(event=FINISHED, task="Curate")
    shares = [after(*events).share for events in ((), (curate,), (curate, half), (curate, half, end))]
    assert shares == [0.0, 1 / len(STAGES), 1.5 / len(STAGES), 2 / len(STAGES)]


def test_messages_and_the_task_that_waits_for_all_are_no_stages():
    progress = after(RunEvent(event=RunEventKind.MESSAGE, text="S3: …"), RunEvent(event=STARTED, task="Pipeline"))
    assert ([step.stage for step in progress.steps], progress.share) == ([None], 0.0)
