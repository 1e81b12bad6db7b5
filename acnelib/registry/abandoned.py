"""MLflow runs that a killed process left open: found by who opened them, and closed. MLflow is not imported."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from acnelib.registry.rest import MlflowRest
from acnelib.storage.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

OWNER_TAG = "acnelib.process"
"""On a run: the process that has it open, or had it last; JSON."""

ABANDONED_TAG = "acnelib.abandoned"
"""On a run that was closed for a process that no longer lives: what happened, in a sentence."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_CLOCK_MOVED = 60.0  # seconds by which the start of the same process may be reported differently
_MOST_RUNS = 1000  # in one answer


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The process that has a run open.

    Attributes:
        host: Digest of its machine's name, which itself stays here.
        boot: Id of this start of the machine; empty where it has none.
        pid: Its id.
        started: When it was started, in seconds since 1970.
    """

    host: str
    boot: str
    pid: int
    started: float

    @classmethod
    def here(cls) -> Self:
        """Return this process."""
        import psutil

        pid = os.getpid()
        return cls(host=_host(), boot=_boot(), pid=pid, started=round(psutil.Process(pid).create_time(), 2))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a tag; None where another program wrote it."""
        try:
            values = json.loads(text)
            return cls(
                host=str(values["host"]),
                boot=str(values["boot"]),
                pid=int(values["pid"]),
                started=float(values["started"]),
            )
        except (ValueError, TypeError, KeyError):
            return None

    def written(self) -> str:
        """Return the text of a tag."""
        return json.dumps(asdict(self))

    def has_ended(self) -> bool:
        """Say whether this process certainly lives no more; of another machine's, nothing is certain."""
        import psutil

        if self.host != _host():
            return False
        if self.boot != _boot():
            return True
        try:
            process = psutil.Process(self.pid)
            ended = process.status() == psutil.STATUS_ZOMBIE
            return ended or abs(process.create_time() - self.started) > _CLOCK_MOVED
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False


@dataclass(frozen=True, kw_only=True)
class AbandonedRun:
    """A run that is open, of a process that no longer lives.

    Attributes:
        run_id: Which run.
        owner: The process.
    """

    run_id: str
    owner: Owner


def find_abandoned(server: str, *, experiments: Sequence[str] | None = None) -> list[AbandonedRun]:
    """Return the open runs whose process was one of this machine and is gone.

    Args:
        server: Address of the tracking server.
        experiments: Ids of the experiments to look at; default: all.

    Raises:
        TrackingFailed: The server does not answer as it should.
    """
    with contextlib.closing(_Runs(server)) as runs:
        return runs.abandoned(runs.experiments() if experiments is None else experiments)


def close_abandoned(server: str, *, experiments: Sequence[str] | None = None) -> list[AbandonedRun]:
    """Close as KILLED the open runs whose process was one of this machine and is gone; say on them why.

    A run whose process lives, or is one of another machine, stays open.

    Args:
        server: Address of the tracking server.
        experiments: Ids of the experiments to look at; default: all.

    Raises:
        TrackingFailed: The server does not answer as it should.
    """
    with contextlib.closing(_Runs(server)) as runs:
        abandoned = runs.abandoned(runs.experiments() if experiments is None else experiments)
        for run in abandoned:
            runs.end(run)
    return abandoned


def _host() -> str:
    return digest_of("host", platform.node(), uuid.getnode())[:16]


def _boot() -> str:
    return _BOOT.read_text(encoding="utf-8").strip() if _BOOT.is_file() else ""


class _Runs(MlflowRest):
    """The runs of a server, some of which are to be ended."""

    def experiments(self) -> list[str]:
        """Return the ids of all experiments."""
        found = self.get("experiments/search", max_results=str(_MOST_RUNS), gives="experiments", absent=[])
        return [str(one["experiment_id"]) for one in found]

    def abandoned(self, experiments: Sequence[str]) -> list[AbandonedRun]:
        """Return the open runs in some experiments whose process is gone."""
        if not experiments:
            return []
        query = {
            "experiment_ids": list(experiments),
            "filter": "attributes.status = 'RUNNING'",
            "max_results": _MOST_RUNS,
        }
        found = []
        for run in self._post("runs/search", query).get("runs", []):
            tags = {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}
            owner = Owner.read(tags.get(OWNER_TAG, ""))
            if owner is not None and owner.has_ended():
                found.append(AbandonedRun(run_id=str(run["info"]["run_id"]), owner=owner))
        return found

    def end(self, run: AbandonedRun) -> None:
        """Write on a run what became of it, then close it."""
        when = datetime.now(UTC).isoformat(timespec="seconds")
        why = f"process {run.owner.pid} ended without closing it; this was noticed at {when}"
        self._post("runs/set-tag", {"run_id": run.run_id, "key": ABANDONED_TAG, "value": why})
        ended = {"run_id": run.run_id, "status": "KILLED", "end_time": round(time.time() * 1000)}
        self._post("runs/update", ended)

    def _post(self, call: str, body: dict[str, object]) -> dict[str, Any]:
        self._session.headers["Content-Type"] = "application/json"
        url = f"{self.server}/api/2.0/mlflow/{call}"
        response = self._request(url, {}, method="POST", data=json.dumps(body).encode())
        try:
            answer = dict(response.json())
        except (ValueError, TypeError) as error:
            raise self._failures.of_answer(response, call) from error
        if not response.ok:
            raise self._failures.of_answer(response, call)
        return answer
