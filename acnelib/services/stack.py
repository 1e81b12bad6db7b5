"""The embedded stack of three services."""

from __future__ import annotations

import contextlib
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from acnelib.config.credentials import AddressLogin
from acnelib.config.stack_choice import RECORD, StackRule, is_same, ports_of, read_record, users_stack
from acnelib.errors import ServiceFailed, SettingsInvalid
from acnelib.services import logs, processes
from acnelib.services.credentials import StackCredentials
from acnelib.services.disk import size_of
from acnelib.services.keeper import ServiceKeeper
from acnelib.services.luigid import CLIENT_CONFIGURATION, Luigid
from acnelib.services.mlflow_server import MlflowServer
from acnelib.services.s3 import S3
from acnelib.storage.files import PRIVATE, private_folder, write_json, write_text
from acnelib.storage.trust import check_trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from acnelib.config.settings import Settings
    from acnelib.services.service import Service

PREFERRED_PORTS: Mapping[str, int] = {"mlflow": 5000, "luigid": 8082, "s3": 9000}
_SERVICES: tuple[type[Service], ...] = (MlflowServer, Luigid, S3)
BUSY_SECONDS = 10.0
STATUS_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class ServiceStatus:
    """The status of one service.

    Attributes:
        name: ``mlflow``, ``luigid`` or ``s3``.
        url: Its address, kept while it is down; None before the first start.
        healthy: Whether it runs and answers.
        pid: Its process, if it runs.
        why: Why it is not healthy; None when it is.
        since: Start time of the process, ISO 8601 in UTC.
        caveat: Data that a crash loses, in one sentence; None: nothing.
    """

    name: str
    url: str | None
    healthy: bool
    pid: int | None
    why: str | None = None
    since: str | None = None
    caveat: str | None = None


def _silent(message: str) -> None:
    """Report nothing."""


def _status_of(keeper: ServiceKeeper) -> ServiceStatus:
    why, record, process = keeper.problem(patience=STATUS_SECONDS), keeper.record, keeper.process()
    started = record.started if record and process else None
    return ServiceStatus(
        name=keeper.service.name,
        url=record.url if record else None,
        healthy=why is None,
        pid=process.pid if process else None,
        why=why,
        since=datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds") if started else None,
        caveat=keeper.service.caveat,
    )


def _start_unless_healthy(keeper: ServiceKeeper, report: Callable[[str], None]) -> bool:
    logs.rotate(keeper.log)
    # A busy server is slow to answer; restarting it would abort uploads.
    if keeper.healthy(patience=BUSY_SECONDS):
        return False
    report(f"Starting {keeper.service.title} …")
    keeper.start()
    return True


class Stack:
    """The embedded stack that the settings choose: an S3 store, an MLflow server and luigid on 127.0.0.1."""

    def __init__(
        self, settings: Settings, *, preferred_ports: Mapping[str, int] = PREFERRED_PORTS, time_out: float = 120.0
    ) -> None:
        """Describe the stack; nothing is started, queried or written yet.

        Args:
            settings: The choice of the stack, and location of the file that records the user's one.
            preferred_ports: The port that each service takes at its first start, if it is free.
            time_out: Seconds that a service may take to start.

        Raises:
            SettingsInvalid: The record of the user's stack cannot be read.
        """
        self._folder = settings.stack_choice().folder.resolve()
        self._settings = settings
        self._preferred_ports = preferred_ports
        self._time_out = time_out
        self._avoid: frozenset[int] = frozenset()

    def up(self, *, report: Callable[[str], None] = _silent) -> None:
        """Start the services that are not healthy, and publish their addresses in ``stack.json``.

        The first stack becomes the user's one; another one is started only where it is named, and used only there.

        Args:
            report: Called with one line for each service that is started, with the URLs at the end, and with a line
                on which stack it is where the current folder would suggest another one.

        Raises:
            ServiceFailed: A service does not start, or another process has been working on the stack for long.
            SettingsInvalid: Another user may have written files of the stack.
        """
        other = self._claim(report)
        with self._alone():
            credentials = self.credentials()
            s3_service = S3(credentials)
            s3, luigid = self._keeper(s3_service), self._keeper(Luigid(credentials))
            started = [keeper for keeper in (s3, luigid) if _start_unless_healthy(keeper, report)]
            if s3 in started:
                s3.wait()
            s3_service.make_bucket(str(s3.url))
            mlflow = self._keeper(MlflowServer(credentials, s3_url=str(s3.url)))
            started += [mlflow] if _start_unless_healthy(mlflow, report) else []
            for keeper in started:
                keeper.wait()
            keepers = (mlflow, luigid, s3)
            self._publish(credentials, keepers, to_home=other is None)
        for keeper in keepers:
            report(f"{keeper.service.title}: {keeper.url}")
        if other is not None:
            named_by = self._settings.named_by["stack"]
            report(f"This is a second stack: commands use it where {named_by} names it, else your stack in {other}")

    def down(self, *, report: Callable[[str], None] = _silent) -> None:
        """Stop every process of this stack, S3 last; data and ports are kept.

        Args:
            report: Called with one line that names the stopped services.

        Raises:
            ServiceFailed: A process does not end.
        """
        # Processes are found by their mark, so the keys, which may be lost or damaged, are not needed.
        keepers = self._keepers(StackCredentials.unknown())
        with self._alone() if self._folder.is_dir() else contextlib.nullcontext():
            stopped = [keeper.service.title for keeper in keepers.values() if keeper.stop()]
        report(f"Stopped: {', '.join(stopped)}" if stopped else f"Nothing of the stack in {self._folder} was running")

    def status(self) -> dict[str, ServiceStatus]:
        """Return the status of each service, under the keys ``mlflow``, ``luigid`` and ``s3``; start nothing.

        Raises:
            ServiceFailed: A file of the stack is damaged.
        """
        started = StackCredentials.path(self._folder).exists()
        keys = self.credentials() if started else StackCredentials.unknown()
        return {name: _status_of(keeper) for name, keeper in self._keepers(keys).items()}

    def others_running(self) -> list[Path]:
        """Return the folders of other stacks of this user that run on this machine."""
        folders = {Path(mark.partition(" ")[2]) for mark in processes.marks()}
        return sorted(folder for folder in folders if folder != self._folder)

    def sizes(self) -> dict[str, int]:
        """Return the bytes that each service stores, by name, and those of the logs under ``logs``."""
        kept = {one.name: sum(size_of(self._folder / name) for name in one.data) for one in _SERVICES}
        return {**kept, "logs": size_of(self._folder / "log")}

    def logs(self) -> dict[str, Path]:
        """Return the log file of each service that was started before, by name.

        Raises:
            ServiceFailed: None was started.
        """
        files = {name: self._folder / "log" / f"{name}.log" for name in PREFERRED_PORTS}
        there = {name: path for name, path in files.items() if path.is_file()}
        if not there:
            raise ServiceFailed(f"no stack was ever started in {self._folder}: run `acne up`")
        return there

    def identity(self) -> str:
        """Return the random name of the stack.

        Raises:
            ServiceFailed: The stack was never started.
        """
        return self.credentials().identity

    def credentials(self) -> StackCredentials:
        """Return the login of MLflow and luigid, and the keys of the S3 store.

        Raises:
            ServiceFailed: The stack was never started.
        """
        return StackCredentials.load(self._folder)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._locked(self._folder / "lock", f"starting or stopping the stack in {self._folder}"):
            yield

    @contextlib.contextmanager
    def _locked(self, path: Path, work: str) -> Iterator[None]:
        patience = 3 * self._time_out
        lock = FileLock(path, timeout=patience, mode=PRIVATE)
        try:
            lock.acquire()
        except Timeout as error:
            raise ServiceFailed(
                f"another process has been {work} for {patience:.0f} s: let it finish or end it, then try again"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _claim(self, report: Callable[[str], None]) -> Path | None:
        """Record this stack as the user's before anything starts, unless another one is; return that other one."""
        home = self._settings.home
        private_folder(home)
        # Of two first starts in two folders, the second one uses the stack of the first.
        with self._locked(home / ".stack.lock", "starting a stack of yours"):
            choice = self._settings.stack_choice()
            check_trusted(choice.folder)
            private_folder(choice.folder)
            self._folder = choice.folder.resolve()
            for name in (name for service in _SERVICES for name in service.data):
                check_trusted(self._folder / name)
            with self._alone():
                identity = StackCredentials.load_or_make(self._folder).identity
            recorded = self._recorded()
            users = users_stack(recorded, default=self._folder) if recorded else None
            by_home = self._settings.named_by.get("stack") == str(self._settings.toml_file)
            if users is not None and not is_same(users, self._folder) and not by_home:
                # Otherwise clients of that stack would ask this one while that one is down.
                self._avoid = frozenset(ports_of(recorded))
                return users
            if users is None or not is_same(users, self._folder):
                self._record({"schema": 1, "id": identity, "directory": str(self._folder), "services": {}})
        if choice.rule == StackRule.RECORDED and choice.passed_over:
            report(
                f"Your stack is in {self._folder}, and commands in every folder use it; to start a second one: "
                f"ACNE_STACK={shlex.quote(str(choice.passed_over))} acne up"
            )
        if recorded and users is None:
            report(f"There is no stack in {recorded['directory']} any more: your stack is in {self._folder} now")
        return None

    def _recorded(self) -> dict[str, Any]:
        try:
            return read_record(self._settings.stack_file)
        except SettingsInvalid:
            return {}  # damaged; replaced

    def _record(self, stack: dict[str, Any]) -> None:
        if self._recorded() != stack:
            write_json(self._settings.stack_file, stack, mode=0o600)

    def _publish(self, credentials: StackCredentials, keepers: Iterable[ServiceKeeper], *, to_home: bool) -> None:
        """Write the URLs of the services for clients: beside the stack, and in the home for the user's stack."""
        services = {
            keeper.service.name: {"url": record.url, "pid": record.pid, "started": record.started}
            for keeper in keepers
            if (record := keeper.record)
        }
        stack = {"schema": 1, "id": credentials.identity, "directory": str(self._folder), "services": services}
        write_json(self._folder / RECORD, stack, mode=0o600)
        scheduler = AddressLogin(
            address=str(services["luigid"]["url"]), username=credentials.username, password=credentials.password
        )
        write_text(self._folder / CLIENT_CONFIGURATION, f"[core]\nscheduler_url={scheduler.joined}\n", mode=0o600)
        if to_home:
            self._record(stack)

    def _keeper(self, service: Service) -> ServiceKeeper:
        return ServiceKeeper(
            service,
            folder=self._folder,
            preferred_port=self._preferred_ports[service.name],
            time_out=self._time_out,
            avoid=self._avoid,
        )

    def _keepers(self, credentials: StackCredentials) -> dict[str, ServiceKeeper]:
        """Return the keeper of each service, in the order in which they are stopped."""
        s3 = self._keeper(S3(credentials))
        mlflow = self._keeper(MlflowServer(credentials, s3_url=s3.url or ""))
        return {"mlflow": mlflow, "luigid": self._keeper(Luigid(credentials)), "s3": s3}
