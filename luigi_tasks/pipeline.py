"""Runs of the pipeline from Python: Luigi schedules the tasks, their targets give the result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import luigi
import luigi.rpc

from acnelib.config.settings import Settings
from acnelib.errors import ServiceFailed, UsageError
from acnelib.pipeline.ending import RunEnding
from acnelib.pipeline.failures import as_acne_error
from acnelib.pipeline.preflight import check_machine, check_tracking, report_luigi_options
from acnelib.pipeline.result import PipelineResult
from acnelib.pipeline.started_run import check_same_photos
from acnelib.runs.stage import Stage
from acnelib.services import Stack
from acnelib.services.luigid import check_luigid
from acnelib.stages.scrape import check_permissions
from acnelib.storage.workspace import Workspace
from acnelib.text.problems import Problems
from acnelib.text.redaction import without_logins
from luigi_tasks.configuration import OVERRULED, configure_luigi
from luigi_tasks.others import wait_for_others
from luigi_tasks.stage_task import Listener, StageTask
from luigi_tasks.tasks import Adapt, Curate, Evaluate, Features, Pipeline, Promote, Register, Scrape, Split, Train

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.pipeline.run import PipelineRun


def run_pipeline(
    run: PipelineRun,
    *,
    settings: Settings | None = None,
    resumed: bool = False,
    local_scheduler: bool = False,
    listener: Listener | None = None,
    report: Callable[[str], None] = lambda _line: None,
) -> PipelineResult:
    """Run the pipeline, or its part up to a stage.

    The embedded stack is started if no tracking server is configured. The outcome is recorded beside the targets and
    sent to the webhook of the settings.

    Args:
        run: Sources, time, networks and last stage.
        settings: Folders and servers.
        resumed: The run was started before; tasks that a dead worker held are waited for.
        local_scheduler: Schedule without luigid.
        listener: Receives each task's progress.
        report: Receives other events, one line each.

    Raises:
        AcneError: The first failure of a task, as the stage raised it.
    """
    settings = settings or Settings.load()
    ending = RunEnding(sources=run.sources, at=run.time, settings=settings, report=report)
    StageTask.failures.clear()
    StageTask.accompanied = True
    try:
        with ending.recorded(until=run.until, failed_task=_failed_task):
            result = _run_tasks(
                run, settings, resumed=resumed, local_scheduler=local_scheduler, listener=listener, report=report
            )
    finally:
        StageTask.accompanied = False
    return replace(result, seconds=round(ending.seconds, 2))


def _failed_task() -> str | None:
    return StageTask.failures[0][0].display_name if StageTask.failures else None


def _run_tasks(
    run: PipelineRun,
    settings: Settings,
    *,
    resumed: bool,
    local_scheduler: bool,
    listener: Listener | None,
    report: Callable[[str], None],
) -> PipelineResult:
    folder = Workspace(settings.workdir).run(run.sources.name, run.time)
    check_same_photos(folder, run.sources, test_share=run.test_share or 0.0)
    networks = _checked_networks(run, settings, report)
    if settings.uses_embedded:
        Stack(settings).up(report=report)
    servers = Problems()
    servers.check(lambda: check_tracking(settings, until=run.until))
    scheduler = None if local_scheduler else servers.check(lambda: _scheduler(settings))
    servers.raise_all()
    configure_luigi()
    tasks = _tasks(run, networks, settings.workdir)
    StageTask.listener = listener
    try:
        _build(tasks, scheduler)
        if scheduler:
            wait_for_others(tasks, scheduler, resumed=resumed, again=lambda: _build(tasks, scheduler), report=report)
    finally:
        StageTask.listener = None
    if not all(task.complete() for task in tasks):
        raise _failure(scheduler, settings.workdir)
    shown = without_logins(scheduler) if scheduler else None
    graph = f"{shown}/static/visualiser/index.html#tab=graph&taskId={tasks[0].task_id}" if shown else None
    return _result(run, tasks[0], graph_url=graph)


def _checked_networks(run: PipelineRun, settings: Settings, report: Callable[[str], None]) -> tuple[str, ...]:
    """Return the networks of the candidates, after the checks that need no server.

    Raises:
        AcneError: Something is wrong; everything is named.
    """
    problems = Problems()
    problems.check(
        lambda: check_permissions(
            run.sources, settings=settings, accept_terms=run.accept_terms, allow_missing=run.allow_missing_source
        )
    )
    networks = problems.check(lambda: run.checked_networks(report))
    check_machine(problems, settings, until=run.until)
    problems.raise_all()
    report_luigi_options(report, overruled=OVERRULED)
    return networks or ()


def _build(tasks: Sequence[Any], scheduler: str | None) -> None:
    where = {"scheduler_url": scheduler} if scheduler else {}
    try:
        luigi.build(tasks, workers=1, no_lock=True, local_scheduler=scheduler is None, **where)
    except luigi.rpc.RPCError as error:
        raise ServiceFailed(
            f"luigid at {without_logins(str(scheduler))} stopped answering during the run: start it again (`acne up`), "
            "then run the same pipeline again; finished stages are not repeated"
        ) from error


def _tasks(run: PipelineRun, networks: Sequence[str], workdir: Path) -> list[Any]:
    common: dict[str, Any] = {
        "source": run.sources.classes,
        "background": run.sources.background,
        "test": run.sources.test,
        "reviews": run.sources.reviews,
        "at": run.at,
        "workdir": str(workdir),
        "accept_terms": run.accept_terms,
        "allow_missing_source": run.allow_missing_source,
    }
    before_split = {Stage.SCRAPE: Scrape, Stage.CURATE: Curate}
    by_candidate = {Stage.ADAPT: Adapt, Stage.FEATURES: Features, Stage.TRAIN: Train, Stage.EVALUATE: Evaluate}
    if run.until in before_split:
        return [before_split[run.until](**common)]
    common["test_share"] = run.test_share or 0.0
    if run.until == Stage.SPLIT:
        return [Split(**common)]
    common |= {"adapt": run.adapt, "epochs": run.epochs or 0}
    if run.until in by_candidate:
        return [by_candidate[run.until](**common, weights=run.chosen_weights, backbone=name) for name in networks]
    last = Register if run.until == Stage.REGISTER else Pipeline
    return [last(**common, weights=run.chosen_weights, backbones=tuple(networks))]


def _scheduler(settings: Settings) -> str:
    url = settings.scheduler() or "http://127.0.0.1:8082"
    check_luigid(url)
    return url.rstrip("/")


def _failure(scheduler: str | None, workdir: Path) -> BaseException:
    """Return the first failure of this process' tasks, or why none of them ran."""
    if StageTask.failures:
        task, error = StageTask.failures[0]
        return as_acne_error(error, task=str(task.get_task_family()), workdir=workdir)
    where = f": look at {without_logins(scheduler)}" if scheduler else ""
    return UsageError(
        f"the run did not finish, and none of its tasks failed here: another worker may hold its tasks{where}"
    )


def _result(run: PipelineRun, last: Any, *, graph_url: str | None) -> PipelineResult:
    """Read the results of the reached stages from their targets."""
    reached = list(Stage)[: list(Stage).index(run.until) + 1]

    def of(kind: type[StageTask]) -> list[Any]:
        return [last.clone(kind, backbone=name, weights=run.chosen_weights).result() for name in run.networks()]

    result = PipelineResult(seconds=0.0, at=run.time, graph_url=graph_url).with_photos(last.clone(Scrape).result())
    if Stage.SPLIT in reached:
        result = result.with_split(last.clone(Split).result())
    if Stage.TRAIN in reached:
        result = result.with_training(of(Features), of(Train))
    if Stage.REGISTER in reached:
        result = result.with_version(last.clone(Register).result())
    if Stage.PROMOTE in reached:
        result = result.with_decision(last.clone(Promote).result())
    return result
