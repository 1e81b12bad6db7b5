"""Other people's runs under the same luigid: what they hold is waited for, as luigid shows it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import luigi
import requests

from luigi_tasks.stage_task import TRAINING, StageTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TRAINS = "another run is training under this luigid: this one goes on when that has ended"
GONE = "luigid gives a worker that is gone a few seconds to come back: then this run goes on"

_BETWEEN_LOOKS = 1.0  # seconds
_PATIENCE = 15
"""Looks without progress and without anybody who trains, after which a run is given up: another run may just be between
two of its tasks."""


def wait_for_others(
    tasks: Sequence[Any],
    scheduler: str,
    *,
    resumed: bool,
    again: Callable[[], object],
    report: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Go on with what luigid did not give to this run's worker, once nobody else holds it.

    A worker that luigid gives nothing ends; what it left undone is asked for again. So it is when luigid took the
    worker for gone while the machine was too busy to answer, as long as that brings the run on.

    Args:
        tasks: The last tasks of the run.
        scheduler: Address of luigid.
        resumed: The run was begun before: tasks that run by name belong to a worker that was killed.
        again: Asks luigid for the tasks once more.
        report: Told once why the run waits.
        sleep: Waits some seconds.
    """
    own = {task.task_id: task for task in _with_all_before(tasks)}
    mine = frozenset(own) if resumed else frozenset()
    told: set[str] = set()
    done, idle = -1, 0
    while not StageTask.failures and not all(task.complete() for task in tasks):
        why = _why_to_wait(scheduler, mine)
        if why is None:
            before, done = done, sum(task.complete() for task in own.values())
            idle = idle + 1 if done == before else 0
            if idle > _PATIENCE:
                return
            if idle:
                sleep(_BETWEEN_LOOKS)
        while why is not None:
            if why not in told:
                report(why)
                told.add(why)
            sleep(_BETWEEN_LOOKS)
            why = _why_to_wait(scheduler, mine)
        again()


def _with_all_before(tasks: Sequence[Any]) -> Iterator[Any]:
    for task in tasks:
        yield task
        yield from _with_all_before(luigi.task.flatten(task.requires()))


def _why_to_wait(scheduler: str, mine: frozenset[str]) -> str | None:
    """Return what somebody else holds; nothing that runs is of this process, for its worker has ended."""
    try:
        query = {"data": json.dumps({"status": "RUNNING"})}
        answer = requests.get(f"{scheduler}/api/task_list", params=query, timeout=10)
        running: dict[str, dict[str, Any]] = answer.json()["response"]
        if mine & running.keys():
            return GONE
        return TRAINS if any(TRAINING in (task["resources"] or {}) for task in running.values()) else None
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None  # the run says what is wrong
