"""What every task of the walk shares: the run it belongs to, its target, and telling people how far it is."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import luigi

from acnelib.config.settings import Settings
from acnelib.errors import TrackingFailed
from acnelib.storage.workspace import Workspace
from acnelib.text.visible import visible
from luigi_tasks.ending import RunEnding, redaction_of
from luigi_tasks.failure_text import failure_text
from luigi_tasks.parameters import FolderParameter, SourceParameter
from luigi_tasks.passing import may_pass

if TYPE_CHECKING:
    from acnelib.stages.results import StageResult

logger = logging.getLogger(__name__)

TIME_FORMAT = "%Y-%m-%dT%H%M%S"
TRAINING = "training"
"""What luigid gives to one task at a time, unless its section [resources] says otherwise; it stands for the CPUs."""

WAITS = (2.0, 10.0)
"""Seconds before a task that writes to the tracking server tries again, when that did not answer."""

_BETWEEN_REPORTS = 0.5  # seconds; every report is a request to luigid


class Listener(Protocol):
    """Wants to know how a run goes on; tasks are named as people read them."""

    def started(self, task: str) -> None:
        """A task begins."""

    def progressed(self, task: str, done: int, total: int, what: str) -> None:
        """A task has done so many of so many; total 0: only ``what`` is known."""

    def finished(self, task: str, seconds: float) -> None:
        """A task ended well."""


class StageTask(luigi.Task):
    """One stage of one run; its target is a small JSON that is written last."""

    source = SourceParameter(default="sample", description="sample, a layout, layout@address, or a folder")
    at = luigi.DateSecondParameter(description="which run: its start, to the second")
    workdir = FolderParameter(default="", description="working folder; default: the settings'")

    result_type: ClassVar[type[StageResult]]

    listener: ClassVar[Listener | None] = None
    """Told besides luigid; the command line sets it to draw bars."""

    failures: ClassVar[list[tuple[StageTask, BaseException]]] = []
    """Failures of this process' tasks, in order."""

    accompanied: ClassVar[bool] = False
    """Whether whoever runs the walk sees to its ending; else the tasks do, as under the command ``luigi``."""

    waits: ClassVar[tuple[float, ...]] = ()
    """Seconds before each further try after a failure that may pass by itself; none: it fails at once."""

    _swept: ClassVar[set[Path]] = set()
    """Working folders that this process has swept; walking through a large image store once is enough."""

    _reported = 0.0

    @property
    def settings(self) -> Settings:
        """The settings, with this run's working folder."""
        settings = Settings.load()
        return replace(settings, workdir=Path(self.workdir).absolute()) if self.workdir else settings

    @property
    def target_name(self) -> str:
        """Name of the target among the run's."""
        return str(self.task_family).lower()

    @property
    def display_name(self) -> str:
        """Name that people read."""
        return str(self.task_family)

    def output(self) -> luigi.LocalTarget:
        """Return the target."""
        run = Workspace(self.settings.workdir).run(self.source.name, self.at.strftime(TIME_FORMAT))
        return luigi.LocalTarget(str(run / f"{self.target_name}.json"))

    def result(self) -> Any:
        """Return what the finished task handed over."""
        return self.result_type.read(Path(self.output().path))

    def work(self) -> StageResult:
        """Call the stage; the concrete task does."""
        raise NotImplementedError

    def told(self, result: Any) -> str:
        """Return what luigid shows of the finished task; empty: the last progress stands."""
        del result
        return ""

    def run(self) -> None:
        """Work, and again after a failure that may pass by itself; write the target last."""
        try:
            for wait in self.waits:
                try:
                    return self._work_alone()
                except TrackingFailed as error:
                    if not may_pass(error):
                        raise
                    self.progress(0, 0, f"the tracking server did not answer: tries again in {wait:g} s")
                time.sleep(wait)
            return self._work_alone()
        except Exception as error:
            self._show(f"failed: {self._failure(error).partition(chr(10))[0]}")
            raise

    def _work_alone(self) -> None:
        workspace = Workspace(self.settings.workdir)
        with workspace.alone(lambda: self.progress(0, 0, "waiting for another run in this working folder")):
            if workspace.root not in StageTask._swept:
                workspace.remove_unfinished()  # nobody else works here, so whatever is unfinished was left by the dead
                StageTask._swept.add(workspace.root)
            with workspace.temporary_files():
                result = self.work()
            result.write(Path(self.output().path))
        if words := self.told(result):
            self._show(words)

    def on_failure(self, exception: BaseException) -> str:
        """Remember the failure for whoever runs the walk; return what luigid shows of it, without people's paths."""
        StageTask.failures.append((self, exception))
        return self._failure(exception)

    def _failure(self, error: BaseException) -> str:
        source: Any = self.source
        return failure_text(error, redact=redaction_of(source, self.settings))

    def ending(self) -> RunEnding:
        """Return where the run of this task writes how it ended."""
        source: Any = self.source
        at = self.at.strftime(TIME_FORMAT)
        return RunEnding(source=source, at=at, settings=self.settings, report=logger.warning)

    def progress(self, done: int, total: int, what: str) -> None:
        """Tell luigid and the listener how far the stage is."""
        if StageTask.listener is not None:
            StageTask.listener.progressed(self.display_name, done, total, what)
        now = time.monotonic()
        if now - self._reported < _BETWEEN_REPORTS and done < total:
            return
        self._reported = now
        self._show(f"{what}: {done} of {total}" if total else what)
        if total:
            self.set_progress_percentage(round(100 * done / total))

    def _show(self, words: str) -> None:
        """Let luigid show a line; its page takes that for HTML, so that no name in it may have a tag."""
        self.set_status_message(visible(words).replace("<", "‹").replace(">", "›"))


@StageTask.event_handler(luigi.Event.START)
def _tell_start(task: StageTask) -> None:
    if StageTask.listener is not None:
        StageTask.listener.started(task.display_name)


@StageTask.event_handler(luigi.Event.PROCESSING_TIME)
def _tell_end(task: StageTask, seconds: float) -> None:
    if StageTask.listener is not None:
        StageTask.listener.finished(task.display_name, seconds)


@StageTask.event_handler(luigi.Event.FAILURE)
def _keep_failure(task: StageTask, error: BaseException) -> None:
    if not StageTask.accompanied:
        task.ending().failed(error, task=task.display_name, seconds=0.0)
