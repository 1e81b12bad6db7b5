"""The keeper of one service: its record, its health, and how it is started and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from acnelib.errors import ServiceFailed
from acnelib.services import logs, ports, processes
from acnelib.services.service import inherited
from acnelib.storage.files import private_folder, write_json, write_text
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import psutil

    from acnelib.services.service import Service

ATTEMPTS = 3
POLL_SECONDS = 0.05
STOP_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """The record of a service in the stack's folder; the port is kept when the process ends."""

    port: int
    pid: int | None = None
    started: float | None = None

    @property
    def url(self) -> str:
        """The address."""
        return f"http://{ports.HOST}:{self.port}"


def read_record(path: Path) -> ServiceRecord | None:
    """Return a record; None for a service that was never started.

    Raises:
        ServiceFailed: The file is damaged.
        SettingsInvalid: Another user may have written it.
    """
    check_trusted(path)
    try:
        return ServiceRecord(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ServiceFailed(f"{path} cannot be read ({plain_reason(error)}): delete it and run `acne up`") from error


class ServiceKeeper:
    """Starts, checks and stops one service of one stack."""

    def __init__(
        self,
        service: Service,
        *,
        folder: Path,
        preferred_port: int,
        time_out: float,
        avoid: Collection[int] = (),
    ) -> None:
        """Describe the service; nothing is started.

        Args:
            service: The service.
            folder: The stack's folder.
            preferred_port: The port for its first start, if it is free.
            time_out: Seconds that it may take to start.
            avoid: Ports that it never takes.
        """
        self.service = service
        self._folder = folder
        self._preferred_port = preferred_port
        self._time_out = time_out
        self._avoid = avoid
        self._path = folder / "run" / f"{service.name}.json"
        self.log = folder / "log" / f"{service.name}.log"
        self._log_start = 0
        self._mark = f"{service.name} {folder}"

    @property
    def record(self) -> ServiceRecord | None:
        """The record of this service."""
        return read_record(self._path)

    @property
    def url(self) -> str | None:
        """The address, kept while the service is down; None before the first start."""
        return record.url if (record := self.record) else None

    def process(self) -> psutil.Process | None:
        """Return the running process, if its settings are still valid."""
        record = self.record
        if record is None or record.pid is None:
            return None
        return processes.find(record.pid, environment=self._environment())

    def healthy(self, *, patience: float) -> bool:
        """Return whether the service runs, listens on its port, and answers within ``patience`` seconds."""
        return self.problem(patience=patience) is None

    def problem(self, *, patience: float) -> str | None:
        """Return why the service is not healthy; None when it is.

        Args:
            patience: Seconds that it may take to answer.
        """
        record = self.record
        if record is None:
            return "never started"
        if record.pid is None:
            return "stopped"
        process = self.process()
        if process is None:
            return self._describe_end(record, record.pid)
        if not processes.listens(process, record.port):
            return f"process {record.pid} does not listen on port {record.port}: it may be starting, or hang"
        if not self.service.answers(record.url, timeout=patience):
            return f"process {record.pid} did not answer correctly within {patience:.0f} s: it may be busy, or hang"
        return None

    def start(self) -> None:
        """Start the service on its last port, else the preferred one, else any free one; do not wait for it.

        Raises:
            ServiceFailed: An earlier process cannot be stopped, or the service cannot be started.
        """
        self.stop()
        record = self.record
        candidates = [record.port] if record else []
        port = ports.choose([*candidates, self._preferred_port], avoid=self._ports_of_others())
        private_folder(self.log.parent)
        logs.rotate(self.log)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        try:
            for name, text in self.service.files().items():
                write_text(self._folder / name, text)
            process = processes.spawn(
                self.service.command(port),
                environment=inherited(os.environ) | self._environment(),
                cwd=self._folder,
                log=self.log,
            )
        except OSError as error:
            raise ServiceFailed(
                f"{self.service.title} cannot be started in {self._folder}: {plain_reason(error)}"
            ) from error
        self._write_record(ServiceRecord(port=port, pid=process.pid, started=process.create_time()))

    def wait(self) -> None:
        """Wait until the service is healthy; if another program took its port, try another port.

        Raises:
            ServiceFailed: It ended, or was not healthy in time; the message has the end of its log.
        """
        deadline = time.monotonic() + self._time_out
        attempts = 1
        while not self.healthy(patience=2):
            record = self.record
            if self.process() is None:
                if record is None or ports.is_free(record.port) or attempts == ATTEMPTS:
                    raise ServiceFailed(f"{self.service.title} ended right after its start: {self._last_log_lines()}")
                attempts += 1
                self.start()
            elif time.monotonic() > deadline:
                self.stop()
                raise ServiceFailed(
                    f"{self.service.title} was not ready after {self._time_out:.0f} s: {self._last_log_lines()}"
                )
            time.sleep(POLL_SECONDS)

    def stop(self) -> bool:
        """End every process of this service; return whether there was one.

        Raises:
            ServiceFailed: A process does not end.
        """
        stopped = False
        # Repeated, since a process that is being stopped may just have started another.
        while running := processes.marked(self._mark):
            stopped = True
            if survivors := processes.stop(running, patience=STOP_SECONDS):
                pids = ", ".join(str(process.pid) for process in survivors)
                raise ServiceFailed(f"{self.service.title} does not end: kill process {pids} and run `acne down` again")
        if (record := self.record) and record.pid is not None:
            self._write_record(ServiceRecord(port=record.port))
        return stopped

    def _describe_end(self, record: ServiceRecord, pid: int) -> str:
        """Describe what happened to a process that is gone, or has other settings."""
        rest = processes.marked(self._mark)
        if any(process.pid == pid for process in rest):
            return f"process {pid} runs with outdated settings"
        if rest:
            return f"process {pid} is gone, but a process that it started holds port {record.port}"
        if not ports.is_free(record.port):
            return f"process {pid} is gone, and another program has taken port {record.port}"
        return f"process {pid} is gone: it was killed, or it failed"

    def _ports_of_others(self) -> set[int]:
        paths = self._path.parent.glob("*.json")
        others = {record.port for path in paths if path != self._path and (record := read_record(path))}
        return others.union(self._avoid)

    def _environment(self) -> dict[str, str]:
        return self.service.environment() | {processes.MARK: self._mark}

    def _write_record(self, record: ServiceRecord) -> None:
        write_json(self._path, asdict(record), mode=0o600)

    def _last_log_lines(self) -> str:
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = [line for line in log.read().decode(errors="replace").split("\n") if line.strip()]
            if lines:
                return f"{' / '.join(lines[-2:])} (see {self.log}, then run `acne up` again)"
        return f"it logged nothing (log: {self.log}); run `acne up` again"
