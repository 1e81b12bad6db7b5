"""Running the walk from Python: the tasks are scheduled by Luigi, the outcome is read from their targets."""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import luigi
import luigi.rpc
import requests

from acnelib.config.loopback import keep_from_proxies
from acnelib.config.settings import Settings, nearest_luigi_cfg
from acnelib.errors import AcneError, ServiceFailed, StorageFailed, UsageError
from acnelib.runs.stage import Stage
from acnelib.services import Stack
from acnelib.stages.features import default_weights
from acnelib.stages.results import PromoteResult
from acnelib.stages.scrape import check_permission
from acnelib.storage.files import storage_failure
from acnelib.storage.workspace import Workspace
from acnelib.text.formatting import format_bytes
from acnelib.text.plain_reasons import plain_reason, unexpected_reason
from acnelib.training.networks.recipes import BEST, NEXT, Recipe, choose_recipe, weights_of
from acnelib.training.networks.weights_files import IMAGENET
from luigi_tasks.ending import RunEnding
from luigi_tasks.others import wait_for_others
from luigi_tasks.stage_task import TIME_FORMAT, Listener, StageTask
from luigi_tasks.tasks import Curate, Evaluate, Features, Pipeline, Promote, Register, Scrape, Split, Train

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acnelib.stages.sources import Source

logger = logging.getLogger(__name__)

WORKER_OPTIONS = {"check_complete_on_run": "true", "keep_alive": "false"}
"""A task without its target has failed; for what others hold the run waits itself, so that workers need not."""

LITTLE_SPACE = 50_000_000
"""Bytes left in the working folder below which a failure that nobody expected is put down to the disk."""


@dataclass(frozen=True, kw_only=True)
class PipelineResult:
    """How a run ended; what ``--until`` cut off is None.

    Attributes:
        decision: ``promoted``, ``rejected`` or ``unchanged``.
        reasons: Why, in sentences.
        version: The registered version.
        run_id: The run of the chosen candidate.
        bundle: Folder of the sealed bundle, promoted or not.
        split: ``split.json``.
        seconds: The whole run.
        training_seconds: From photos without vectors to written candidates, conversion included; 0 when nothing
            was trained.
        at: The run's time, to go on with it.
        comparison_url: Where the MLflow UI compares the candidates.
        version_url: Where the MLflow UI shows the version.
        graph_url: Where luigid shows the run's tasks.
        data_report: The report on the data, HTML with thumbnails.
        changes: What came, went or changed since the data before, in one line.
        evaluation_report: The report on the chosen candidate, HTML with thumbnails.
    """

    decision: str | None = None
    reasons: tuple[str, ...] | None = None
    version: str | None = None
    run_id: str | None = None
    bundle: str | None = None
    split: str | None = None
    seconds: float
    training_seconds: float | None = None
    at: str
    comparison_url: str | None = None
    version_url: str | None = None
    graph_url: str | None = None
    data_report: str | None = None
    changes: str | None = None
    evaluation_report: str | None = None


def new_run_time(source: Source, settings: Settings) -> datetime:
    """Return the present second, or the next one that no run of this source has taken."""
    at = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - people read run names, in their own time
    while Workspace(settings.workdir).run(source.name, at.strftime(TIME_FORMAT)).exists():
        at += timedelta(seconds=1)
    return at


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run is to do.

    Attributes:
        source: Where the photos come from.
        at: Its time, to the second.
        backbones: Names of networks; empty: the default that goes with the weights.
        weights: ``imagenet``, ``starter``, a file or a folder; None: the source's default.
        until: The last stage.
        accept_terms: The site's terms were read.
    """

    source: Source
    at: datetime
    backbones: tuple[str, ...] = ()
    weights: str | None = None
    until: Stage = Stage.PROMOTE
    accept_terms: bool = False

    def networks(self) -> tuple[str, ...]:
        """Return the networks, the default where none is named; each once.

        Raises:
            UsageError: There is no such network.
            WeightsUnavailable: None is named, and there are weights for none that is known.
        """
        if not self.backbones:
            return (str(choose_recipe(self.weights or default_weights(self.source.name))),)
        return tuple(dict.fromkeys(str(Recipe.parse(name)) for name in self.backbones))


def run_pipeline(
    run: Run,
    *,
    settings: Settings | None = None,
    resumed: bool = False,
    local_scheduler: bool = False,
    listener: Listener | None = None,
    report: Callable[[str], None] = lambda _line: None,
) -> PipelineResult:
    """Run the walk, or the part of it up to a stage.

    The embedded stack is started where no tracking server is configured.

    Args:
        run: What to do.
        settings: Where everything is.
        resumed: The run was begun before; tasks that a dead worker held are waited for.
        local_scheduler: Do without luigid.
        listener: Told of each task's progress.
        report: Told of what happens beside the tasks, in one line each.

    How it ended is left beside its targets, and told to the webhook of the settings.

    Raises:
        AcneError: The first failure of a task, as the stage raised it.
    """
    started = time.monotonic()
    settings = settings or Settings.load()
    at = run.at.strftime(TIME_FORMAT)
    ending = RunEnding(source=run.source, at=at, settings=settings, report=report)
    StageTask.failures.clear()
    StageTask.accompanied = True
    try:
        result = _walk(
            run, settings, resumed=resumed, local_scheduler=local_scheduler, listener=listener, report=report
        )
    except KeyboardInterrupt:
        ending.interrupted(seconds=time.monotonic() - started)
        raise
    except UsageError:  # nothing was done, and whoever gave the command has seen why
        raise
    except Exception as error:
        task = StageTask.failures[0][0].display_name if StageTask.failures else None
        ending.failed(error, task=task, seconds=time.monotonic() - started)
        raise
    finally:
        StageTask.accompanied = False
    seconds = time.monotonic() - started
    if run.until == Stage.PROMOTE:
        ending.decided(PromoteResult.read(ending.folder / "promote.json"), seconds=seconds)
    else:
        ending.stopped(seconds=seconds)
    return replace(result, seconds=round(seconds, 2))


def _walk(
    run: Run,
    settings: Settings,
    *,
    resumed: bool,
    local_scheduler: bool,
    listener: Listener | None,
    report: Callable[[str], None],
) -> PipelineResult:
    started = time.monotonic()
    check_permission(run.source, settings=settings, accept_terms=run.accept_terms)
    networks = _networks(run, report)
    if settings.tracking_uri is None:
        Stack(settings).up(report=report)
    scheduler = None if local_scheduler else _scheduler(settings)
    _configure_luigi()
    tasks = _tasks(run, networks, settings.workdir)
    StageTask.listener = listener
    try:
        _build(tasks, scheduler)
        if scheduler:
            wait_for_others(tasks, scheduler, resumed=resumed, again=lambda: _build(tasks, scheduler), report=report)
    finally:
        StageTask.listener = None
    if not all(task.complete() for task in tasks):
        raise _first_failure(StageTask.failures, scheduler, settings.workdir)
    graph = f"{scheduler}/static/visualiser/index.html#tab=graph&taskId={tasks[0].task_id}" if scheduler else None
    return _result(run, tasks, seconds=time.monotonic() - started, graph_url=graph)


def _build(tasks: Sequence[Any], scheduler: str | None) -> None:
    where = {"scheduler_url": scheduler} if scheduler else {}
    try:
        luigi.build(tasks, workers=1, no_lock=True, local_scheduler=scheduler is None, **where)
    except luigi.rpc.RPCError as error:
        raise ServiceFailed(
            f"luigid at {scheduler} went away during the run: start it again (`acne up`), then run the same pipeline "
            "again; what was finished is not done twice"
        ) from error


def _networks(run: Run, report: Callable[[str], None]) -> tuple[str, ...]:
    """Return the networks of the candidates; fail before hours of scraping where there are no weights for them."""
    weights = run.weights or default_weights(run.source.name)
    if run.until in {Stage.SCRAPE, Stage.CURATE, Stage.SPLIT}:
        return tuple(str(Recipe.parse(name)) for name in run.backbones)
    networks = run.networks()
    if not run.backbones and networks == (str(NEXT),):
        report(f"There are no weights for all of {BEST}, so {NEXT} alone is trained")
    if run.backbones and weights != IMAGENET:
        for network in networks:
            weights_of(Recipe.parse(network), weights)
    return networks


def _tasks(run: Run, networks: Sequence[str], workdir: Path) -> list[Any]:
    common = {
        "source": run.source,
        "at": run.at,
        "workdir": str(workdir),
        "accept_terms": run.accept_terms,
    }
    weights = run.weights or default_weights(run.source.name)
    whole = {Stage.SCRAPE: Scrape, Stage.CURATE: Curate, Stage.SPLIT: Split}
    by_candidate = {Stage.FEATURES: Features, Stage.TRAIN: Train, Stage.EVALUATE: Evaluate}
    if run.until in whole:
        return [whole[run.until](**common)]
    if run.until in by_candidate:
        return [by_candidate[run.until](**common, weights=weights, backbone=name) for name in networks]
    last = Register if run.until == Stage.REGISTER else Pipeline
    return [last(**common, weights=weights, backbones=tuple(networks))]


def _configure_luigi() -> None:
    keep_from_proxies()  # what is sent to luigid
    if nearest := nearest_luigi_cfg(Path.cwd()):
        luigi.configuration.add_config_path(str(nearest))
    config = luigi.configuration.get_config()
    for key, value in WORKER_OPTIONS.items():
        config.set("worker", key, value)
    config.set("core", "no_configure_logging", "true")  # the command line configures logging


def _scheduler(settings: Settings) -> str:
    url = settings.luigid_url or settings.embedded_url("luigid") or "http://127.0.0.1:8082"
    try:
        requests.get(f"{url}/api/task_list", params={"data": '{"limit":1}'}, timeout=5).raise_for_status()
    except requests.RequestException as error:
        raise ServiceFailed(
            f"luigid at {url} does not answer ({plain_reason(error)}): start it with `acne up` or `luigid`, "
            "set ACNE_LUIGID_URL, or run with --local-scheduler"
        ) from error
    return url.rstrip("/")


def _first_failure(
    failures: Sequence[tuple[StageTask, BaseException]], scheduler: str | None, workdir: Path
) -> BaseException:
    for task, error in failures:
        if isinstance(error, AcneError):
            return error
        if isinstance(error, OSError):
            failure: AcneError = storage_failure(error)
        elif (free := shutil.disk_usage(workdir).free) < LITTLE_SPACE:  # libraries fail of it in many ways
            failure = StorageFailed(
                f"{task.task_family} failed ({unexpected_reason(error)}), probably for want of space: "
                f"{format_bytes(free)} are left at {workdir}; free some, or name another folder with --workdir"
            )
        else:
            failure = AcneError(
                f"{task.task_family} failed unexpectedly ({unexpected_reason(error)}): "
                "run again with --debug for details"
            )
        failure.__cause__ = error
        return failure
    where = f": look at {scheduler}" if scheduler else ""
    return UsageError(
        f"the run did not finish, and no task of it failed here: another worker may hold its tasks{where}"
    )


def _result(run: Run, tasks: Sequence[Any], *, seconds: float, graph_url: str | None) -> PipelineResult:
    """Read from the targets how far the run came."""
    last, reached = tasks[0], list(Stage).index(run.until)
    weights = run.weights or default_weights(run.source.name)

    def of(kind: type[StageTask]) -> list[Any]:
        return [last.clone(kind, backbone=name, weights=weights).result() for name in run.networks()]

    result = PipelineResult(seconds=round(seconds, 2), at=last.at.strftime(TIME_FORMAT), graph_url=graph_url)
    if reached >= list(Stage).index(Stage.SPLIT):
        split_result = last.clone(Split).result()
        result = replace(
            result, split=str(split_result.split), data_report=str(split_result.report), changes=split_result.changes
        )
    if reached >= list(Stage).index(Stage.TRAIN):
        trained = of(Train)
        training = sum(candidate.seconds for candidate in (*of(Features), *trained))
        result = replace(result, training_seconds=round(training, 2), run_id=trained[0].run_id)
    if reached >= list(Stage).index(Stage.REGISTER):
        registered = last.clone(Register).result()
        result = replace(
            result,
            version=registered.version,
            run_id=registered.run_id,
            bundle=str(registered.bundle),
            evaluation_report=str(registered.report),
            comparison_url=registered.comparison_url,
            version_url=registered.version_url,
        )
    if reached >= list(Stage).index(Stage.PROMOTE):
        promoted = last.clone(Promote).result()
        result = replace(result, decision=str(promoted.decision), reasons=tuple(promoted.reasons))
    return result
