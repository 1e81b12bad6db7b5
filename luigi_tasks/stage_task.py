"""Base of the tasks: parameters, target, and progress for luigid and a listener."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import luigi

from acnelib.config.settings import Settings
from acnelib.dataset.test_part import check_test_share
from acnelib.pipeline.attempts import attempt
from acnelib.pipeline.ending import RunEnding
from acnelib.pipeline.run import TIME_FORMAT
from acnelib.pipeline.started_run import check_same_photos
from acnelib.progress import StageTimer
from acnelib.scraping.redaction import redaction_of
from acnelib.scraping.sources import Sources
from acnelib.storage.workspace import Workspace
from acnelib.text.failure_text import failure_text
from acnelib.text.formatting import format_duration
from acnelib.text.visible import visible
from luigi_tasks.parameters import FolderParameter, HeldOutFolderParameter, ReviewFilesParameter, SourcesParameter

if TYPE_CHECKING:
    from acnelib.stages.results import StageResult

logger = logging.getLogger(__name__)

TRAINING = "training"
"""Resource that luigid gives to one task at a time, unless its section [resources] sets another number; it stands for
the CPUs."""

_BETWEEN_REPORTS = 0.5  # seconds; every report is a request to luigid


class Listener(Protocol):
    """Receiver of a run's progress; tasks are named by their display names."""

    def started(self, task: str) -> None:
        """Handle the start of a task."""

    def progressed(self, task: str, done: int, total: int, what: str) -> None:
        """Handle progress: ``done`` of ``total`` items; total 0: only the message ``what`` is known."""

    def finished(self, task: str, seconds: float) -> None:
        """Handle the success of a task."""


class StageTask(luigi.Task):
    """One stage of one run; its target is a small JSON that is written last."""

    source = SourcesParameter(
        default="sample", description="sample, a layout, layout@address, or a folder; or a JSON list of them"
    )
    background = SourcesParameter(
        default="[]", description="a layout or folder of photos that show none of the classes; or a JSON list of them"
    )
    test = HeldOutFolderParameter(
        default="", description="a folder of class folders to test on; neither its photos nor their copies are learnt"
    )
    reviews = ReviewFilesParameter(
        default="[]", description="a file of reviews that overrule the labels of the sources; or a JSON list of them"
    )
    at = luigi.DateSecondParameter(description="which run: its start, to the second")
    workdir = FolderParameter(default="", description="working folder; default: the settings'")

    result_type: ClassVar[type[StageResult]]

    listener: ClassVar[Listener | None] = None
    """Receives progress besides luigid; the command line sets it to draw bars."""

    failures: ClassVar[list[tuple[StageTask, BaseException]]] = []
    """Failures of this process' tasks, in order."""

    accompanied: ClassVar[bool] = False
    """Whether the caller records how the run ends; otherwise the tasks do, as with the command ``luigi``."""

    waits: ClassVar[tuple[float, ...]] = ()
    """Seconds before each further attempt after a transient failure; empty: one attempt only."""

    _reported = 0.0

    def __init__(self, *arguments: Any, **parameters: Any) -> None:
        super().__init__(*arguments, **parameters)
        self._timer = StageTimer()
        share = getattr(self, "test_share", 0.0)  # of the tasks from Split on
        check_test_share(share or None, test_folder=self.test is not None)

    @property
    def settings(self) -> Settings:
        """The settings, with this run's working folder."""
        settings = Settings.load()
        return replace(settings, workdir=Path(self.workdir).absolute()) if self.workdir else settings

    @property
    def sources(self) -> Sources:
        """The sources of the run."""
        classes: Any = self.source
        background: Any = self.background
        test: Any = self.test
        reviews: Any = self.reviews
        return Sources.of(classes, background=background, test=test, reviews=reviews)

    @property
    def target_name(self) -> str:
        """File name of the target, without suffix."""
        return str(self.get_task_family()).lower()

    @property
    def display_name(self) -> str:
        """Name for people."""
        return str(self.get_task_family())

    def output(self) -> luigi.LocalTarget:
        """Return the target."""
        run = Workspace(self.settings.workdir).run(self.sources.name, self.at.strftime(TIME_FORMAT))
        return luigi.LocalTarget(str(run / f"{self.target_name}.json"))

    def complete(self) -> bool:
        """Return whether the target exists.

        Raises:
            UsageError: The run was started with another background or test part.
        """
        check_same_photos(Path(self.output().path).parent, self.sources, test_share=getattr(self, "test_share", None))
        return bool(super().complete())

    def result(self) -> Any:
        """Return the result of the finished task."""
        return self.result_type.read(Path(self.output().path))

    def work(self) -> StageResult:
        """Call the stage; subclasses implement it."""
        raise NotImplementedError

    def summary(self, result: Any) -> str:
        """Return the status message of the finished task; empty: the last progress message stays."""
        del result
        return ""

    def run(self) -> None:
        """Call the stage and write the target."""
        try:
            result = attempt(
                self.work,
                target=Path(self.output().path),
                workdir=self.settings.workdir,
                progress=self.progress,
                waits=self.waits,
            )
        except Exception as error:
            self._show(f"failed: {self._failure(error).partition(chr(10))[0]}")
            raise
        if message := self.summary(result):
            self._show(message)

    def on_failure(self, exception: BaseException) -> str:
        """Keep the failure for the caller of the pipeline; return its text for luigid, without private paths."""
        StageTask.failures.append((self, exception))
        return self._failure(exception)

    def _failure(self, error: BaseException) -> str:
        return failure_text(error, redact=redaction_of(self.sources, self.settings))

    def ending(self) -> RunEnding:
        """Return the recorder of how this task's run ends."""
        at = self.at.strftime(TIME_FORMAT)
        return RunEnding(sources=self.sources, at=at, settings=self.settings, report=logger.warning)

    def progress(self, done: int, total: int, what: str) -> None:
        """Report progress to luigid and the listener."""
        if StageTask.listener is not None:
            StageTask.listener.progressed(self.display_name, done, total, what)
        self._timer.update(done, total)
        now = time.monotonic()
        if now - self._reported < _BETWEEN_REPORTS and done < total:
            return
        self._reported = now
        left = self._timer.remaining() if done < total else None
        time_left = "" if left is None else f", {format_duration(left)} left"
        self._show(f"{what}: {done} of {total}{time_left}" if total else what)
        if total:
            self.set_progress_percentage(round(100 * done / total))

    def _show(self, message: str) -> None:
        """Set luigid's status message; its page renders HTML, so angle brackets are replaced."""
        self.set_status_message(visible(message).replace("<", "‹").replace(">", "›"))


@StageTask.event_handler(luigi.Event.START)
def _notify_start(task: StageTask) -> None:
    if StageTask.listener is not None:
        StageTask.listener.started(task.display_name)


@StageTask.event_handler(luigi.Event.PROCESSING_TIME)
def _notify_end(task: StageTask, seconds: float) -> None:
    if StageTask.listener is not None:
        StageTask.listener.finished(task.display_name, seconds)


@StageTask.event_handler(luigi.Event.FAILURE)
def _record_failure(task: StageTask, error: BaseException) -> None:
    if not StageTask.accompanied:
        task.ending().failed(error, task=task.display_name, seconds=0.0)
