"""Other runs under the same luigid: waiting for the tasks and resources that they hold."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import luigi
import requests

from acnelib.bounded_http import bounded_session
from acnelib.config.stack_login import with_login
from luigi_tasks.stage_task import TRAINING, StageTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TRAINS = "another run is training under this luigid: this one continues when that has ended"
GONE = "luigid waits a few seconds for a lost worker to return: then this run continues"

_BETWEEN_CHECKS = 1.0  # seconds
_PATIENCE = 15
"""Checks without progress and without another training run, after which a run is given up: another run may just be
between two of its tasks."""


def wait_for_others(
    tasks: Sequence[Any],
    scheduler: str,
    *,
    resumed: bool,
    again: Callable[[], object],
    report: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Schedule the remaining tasks again once no other worker holds them.

    A worker that luigid gives no task ends, so its remaining tasks are scheduled again. The same happens if luigid
    lost the worker because the machine was too busy to answer, as long as the run makes progress.

    Args:
        tasks: The last tasks of the run.
        scheduler: Address of luigid.
        resumed: The run was started before: its tasks that are running belong to a killed worker.
        again: Schedules the tasks once more.
        report: Receives each reason to wait once.
        sleep: Waits some seconds.
    """
    own = {task.task_id: task for task in _with_requirements(tasks)}
    mine = frozenset(own) if resumed else frozenset()
    reported: set[str] = set()
    done, idle = -1, 0
    while not StageTask.failures and not all(task.complete() for task in tasks):
        why = _why_to_wait(scheduler, mine)
        if why is None:
            before, done = done, sum(task.complete() for task in own.values())
            idle = idle + 1 if done == before else 0
            if idle > _PATIENCE:
                return
            if idle:
                sleep(_BETWEEN_CHECKS)
        while why is not None:
            if why not in reported:
                report(why)
                reported.add(why)
            sleep(_BETWEEN_CHECKS)
            why = _why_to_wait(scheduler, mine)
        again()


def _with_requirements(tasks: Sequence[Any]) -> Iterator[Any]:
    for task in tasks:
        yield task
        yield from _with_requirements(luigi.task.flatten(task.requires()))


def _why_to_wait(scheduler: str, mine: frozenset[str]) -> str | None:
    """Return why to wait: all running tasks belong to other processes, because the own worker has ended."""
    try:
        query, asked = {"data": json.dumps({"status": "RUNNING"})}, with_login(scheduler)
        with bounded_session(seconds=10) as session:
            answer = session.get(f"{asked.address}/api/task_list", params=query, auth=asked.auth, timeout=10)
        running: dict[str, dict[str, Any]] = answer.json()["response"]
        if mine & running.keys():
            return GONE
        return TRAINS if any(TRAINING in (task["resources"] or {}) for task in running.values()) else None
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None  # the run reports what is wrong
