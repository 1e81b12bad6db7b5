"""The manager of runs of the pipeline: one at a time per working folder, each in a separate process."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import signal
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from acnelib.api.problems import Problem
from acnelib.api.runs.records import FOLDER, ApiRunRecord, RunFolder, now, run_folders
from acnelib.api.runs.requests import arguments_of
from acnelib.folders.file_names import file_names_below
from acnelib.runs.process import COMMAND, pipeline_command
from acnelib.storage.files import PRIVATE, private_folder
from acnelib.text.redaction import THE_SOURCE, Redaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

    from acnelib.api.runs.requests import Check, RunRequest
    from acnelib.config.settings import Settings

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
RUN_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


class RunManager:
    """Starts, lists and cancels the runs of one working folder.

    Args:
        settings: Location of the working folder.
        check: Validates a request before a run starts.
        command: The command of the pipeline, without options.
        patience: Seconds that an interrupted run has to end before it is killed.

    Attributes:
        ended_with_server: Runs that were interrupted because the server stopped.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        check: Check,
        command: Sequence[str] = COMMAND,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._settings = settings
        self._check = check
        self._command = tuple(command)
        self._patience = patience
        self._lock = threading.RLock()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._cancelled: set[str] = set()
        self._unwritten: dict[str, ApiRunRecord] = {}
        self._waiting: list[threading.Thread] = []
        self.ended_with_server: list[str] = []

    def start(self, request: RunRequest) -> ApiRunRecord:
        """Start a run.

        Raises:
            Problem: Another run is active in this working folder.
            AcneError: The request is not valid.
        """
        import psutil

        sources = self._check(request)
        root = self._settings.workdir / FOLDER
        private_folder(root)
        with self._lock, FileLock(root / "lock", mode=PRIVATE):
            if (running := self.running()) is not None:
                raise Problem(
                    409,
                    "run-in-progress",
                    f"{running.description} is active here: wait for its end, or cancel it",
                    details={"run": running.id},
                )
            folder = RunFolder(root / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
            folder.path.mkdir(mode=0o700)
            arguments = arguments_of(request, sources, self._settings.workdir)
            process = self._spawn(folder, arguments)
            try:
                record = ApiRunRecord(
                    id=folder.path.name,
                    sources=[source.name for source in sources.classes],
                    background=[source.name for source in sources.background],
                    test=sources.test.name if sources.test else None,
                    test_share=request.test_share,
                    folders=list(sources.folders),
                    arguments=arguments,
                    started_at=now(),
                    pid=process.pid,
                    process_started=psutil.Process(process.pid).create_time(),
                )
                folder.write(record)
            except BaseException:  # without a record, the process could not be listed or cancelled
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
            self._children[record.id] = process
            thread = threading.Thread(
                target=self._await_end, args=(folder, record, process), name=f"acne-run-{record.id}"
            )
            thread.start()
            self._waiting = [other for other in self._waiting if other.is_alive()] + [thread]
        return record

    def find(self, run: str) -> tuple[RunFolder, ApiRunRecord]:
        """Return a run.

        Raises:
            Problem: There is no such run.
        """
        folder = RunFolder(self._settings.workdir / FOLDER / run)
        record = folder.read() if RUN_ID.fullmatch(run) else None
        if record is None:
            raise Problem(404, "no-such-run", f"there is no run {run!r} here: GET /v1/runs lists them")
        return folder, self._up_to_date(folder, record)

    def newest(self, number: int) -> list[tuple[RunFolder, ApiRunRecord]]:
        """Return the newest runs, newest first."""
        found: list[tuple[RunFolder, ApiRunRecord]] = []
        for folder in run_folders(self._settings.workdir):
            if len(found) < number and (record := folder.read()):
                found.append((folder, self._up_to_date(folder, record)))
        return found

    def running(self) -> ApiRunRecord | None:
        """Return the active run of this working folder, even if another server started it."""
        found = (record for _, record in self.newest(_LOOKED_AT) if record.end is None)
        return next(found, None)

    def cancel(self, run: str) -> ApiRunRecord:
        """Interrupt a run as Ctrl-C does, and kill it if it does not end; finished results are kept.

        Raises:
            Problem: There is no such run, or it has ended.
        """
        _, record = self.find(run)
        if record.end is not None:
            raise Problem(409, "run-ended", f"run {run} has ended ({record.state}): there is nothing to cancel")
        self._interrupt(record)
        for thread in self._waiting:
            if thread.name == f"acne-run-{run}":
                thread.join()
        return self.find(run)[1]

    def end_all(self) -> None:
        """Interrupt the runs that this server started, and wait for their ends."""
        for run in list(self._children):
            _, record = self.find(run)
            self._interrupt(record)
            self.ended_with_server.append(run)
        for thread in self._waiting:
            thread.join()

    def redaction(self, record: ApiRunRecord) -> Redaction:
        """Return the redaction that removes paths of people's files from the log of a run."""
        settings, folders = self._settings, [Path(folder) for folder in record.folders]

        def file_names() -> frozenset[str]:
            return frozenset().union(*(file_names_below(folder)() for folder in folders))

        roots = {Path.home(): "<home>", settings.home: "<acne home>"}
        roots |= {settings.workdir: "<workdir>", settings.stack_choice().folder: "<stack>"}
        return Redaction(
            roots=roots | dict.fromkeys(folders, THE_SOURCE),
            file_names=file_names,
        )

    def summary(self, folder: RunFolder, record: ApiRunRecord) -> dict[str, Any]:
        """Return the fields of a run that the API reports."""
        end, result = record.end, folder.result()
        error = end.error if end else None
        reasons = result.get("reasons") or []
        return {
            "id": record.id,
            "state": record.state,
            "sources": record.sources,
            "background": record.background,
            "test": record.test,
            "test_share": record.test_share,
            "started_at": record.started_at,
            "ended_at": end.at if end else None,
            "reasons": [str(reason) for reason in reasons],
            "error": self.redaction(record)(error) if error else None,
            **{name: result.get(name) for name in ("decision", "version", "run_id", "seconds", "training_seconds")},
        }

    def _spawn(self, folder: RunFolder, arguments: list[str]) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name != "ACNE_API_TOKEN"}
        with _private(folder.answer) as answer, _private(folder.log) as log:
            return subprocess.Popen(
                pipeline_command(arguments, command=self._command),
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=log,
                env=environment,
                start_new_session=True,  # Ctrl-C in the terminal reaches the server only, which interrupts the run
            )

    def _await_end(self, folder: RunFolder, record: ApiRunRecord, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        with self._lock:
            self._end(folder, record, code=code)
            del self._children[record.id]

    def _end(self, folder: RunFolder, record: ApiRunRecord, *, code: int | None) -> ApiRunRecord:
        """Return the record with its end, and write it; if the disk is full, the next query writes it."""
        cancelled = record.id in self._cancelled
        ended = self._unwritten.pop(record.id, None) or folder.ended(record, code=code, cancelled=cancelled)
        try:
            folder.write(ended)
        except OSError as error:
            self._unwritten[record.id] = ended
            logger.warning("the end of run %s cannot be written: %s", record.id, error.strerror)
        return ended

    def _up_to_date(self, folder: RunFolder, record: ApiRunRecord) -> ApiRunRecord:
        """Return a record, with its end if the process ended unobserved."""
        with self._lock:
            if record.end is not None or record.id in self._children:
                return record
            record = folder.read() or record  # it may have ended since it was read
            if record.end is not None or _process_of(record) is not None:
                return record
            return self._end(folder, record, code=None)

    def _interrupt(self, record: ApiRunRecord) -> None:
        self._cancelled.add(record.id)
        process = self._children.get(record.id) or _process_of(record)
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
            if not _ends(process, self._patience):
                os.killpg(record.pid, signal.SIGKILL)
                _ends(process, self._patience)


_LOOKED_AT = 20
"""Number of newest runs that are searched for an active one."""

_CLOCK_SECONDS = 5.0
"""Tolerance of the start time of a process, which changes when the clock is set."""


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")


def _process_of(record: ApiRunRecord) -> psutil.Process | None:
    """Return the process of a run that another server started; None when it is gone."""
    try:
        import psutil
    except ModuleNotFoundError:
        return None
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.process_started) < _CLOCK_SECONDS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def _ends(process: subprocess.Popen[bytes] | psutil.Process, patience: float) -> bool:
    """Wait for the end of a process; a child of ours must be waited for by its own object alone."""
    if isinstance(process, subprocess.Popen):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return True
        return False
    import psutil

    gone, _ = psutil.wait_procs([process], timeout=patience)
    return bool(gone)
