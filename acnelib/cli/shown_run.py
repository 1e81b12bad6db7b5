"""A run of the pipeline on the terminal: its display, and its end after an interruption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.cli.interruption import interruptible
from acnelib.cli.run_display import RunDisplay
from acnelib.cli.run_events import RunEvents
from acnelib.pipeline.ending import RunEnding
from luigi_tasks.pipeline import run_pipeline

if TYPE_CHECKING:
    from acnelib.config.settings import Settings
    from acnelib.pipeline.result import PipelineResult
    from acnelib.pipeline.run import PipelineRun


def run_shown(
    run: PipelineRun,
    *,
    settings: Settings,
    resumed: bool = False,
    local_scheduler: bool = False,
    as_events: bool = False,
) -> PipelineResult:
    """Run the pipeline and show its tasks; an interruption is recorded even where the process must be ended by force.

    Args:
        run: The run.
        settings: Folders and servers.
        resumed: The run was started before.
        local_scheduler: Schedule without luigid.
        as_events: Write lines for a program instead of drawing.

    Raises:
        AcneError: The first failure of a task.
    """
    with RunEvents() if as_events else RunDisplay() as display:
        ending = RunEnding(sources=run.sources, at=run.time, settings=settings, report=display.say)

        def last_words() -> None:
            display.last_words()
            ending.interrupted()

        with interruptible(last_words):
            return run_pipeline(
                run,
                settings=settings,
                resumed=resumed,
                local_scheduler=local_scheduler,
                listener=display,
                report=display.say,
            )
