"""Records of runs that the API started, on disk, so that a restarted server finds them.

::

    WORKDIR/api-runs/<id>/run.json     the request, the process and its end
    WORKDIR/api-runs/<id>/answer.json  its standard output
    WORKDIR/api-runs/<id>/log.txt      its standard error; may name people's files, so it stays in the working folder
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from acnelib.runs.outcome import RunOutcome
from acnelib.runs.process import ProcessResult
from acnelib.storage.files import write_json
from acnelib.storage.trust import is_trusted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "api-runs"
_RECORD, _ANSWER, _LOG = "run.json", "answer.json", "log.txt"
_TAIL_BYTES = 8192


@dataclass(frozen=True, kw_only=True)
class RunEnd:
    """The end of a run.

    Attributes:
        outcome: How it ended.
        at: When, ISO 8601 in UTC.
        error: Why it failed or was interrupted, in one line; None where it succeeded.
    """

    outcome: RunOutcome
    at: str
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class ApiRunRecord:
    """A run that the API started.

    Attributes:
        id: Identifier of the run.
        sources: Names of the sources of photos of the classes.
        background: Names of the sources of background photos.
        test: Name of the test folder; None without one.
        test_share: Share of the photos of each class that is kept out for a test; None for no share.
        folders: Folders of those sources that are no sites.
        arguments: Options of the command.
        started_at: ISO 8601, UTC.
        pid: Identifier of its process.
        process_started: Start time of the process as the system reports it, since process ids are reused.
        end: Its end; None while it runs.
    """

    id: str
    sources: list[str]
    background: list[str]
    folders: list[str]
    arguments: list[str]
    started_at: str
    pid: int
    process_started: float
    test: str | None = None
    test_share: float | None = None
    end: RunEnd | None = None

    @property
    def description(self) -> str:
        """The run in a message: its identifier and its sources."""
        return f"run {self.id} of {', '.join(self.sources)}"

    @property
    def state(self) -> str:
        """The state that the API reports: ``running``, ``done``, ``failed`` or ``interrupted``."""
        if self.end is None:
            return "running"
        return "done" if self.end.outcome.is_success else str(self.end.outcome)


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def answer(self) -> Path:
        """Standard output of the run."""
        return self.path / _ANSWER

    @property
    def log(self) -> Path:
        """Standard error of the run."""
        return self.path / _LOG

    def read(self) -> ApiRunRecord | None:
        """Return the record; None if it is missing or damaged, or another user may have written it."""
        if not is_trusted(self.path / _RECORD):  # its process may be ended
            return None
        try:
            values = json.loads((self.path / _RECORD).read_text(encoding="utf-8"))
            known = {field.name: values[field.name] for field in fields(ApiRunRecord)}
            end = known["end"]
            known["end"] = RunEnd(**end | {"outcome": RunOutcome(end["outcome"])}) if end else None
            return ApiRunRecord(**known)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, record: ApiRunRecord) -> None:
        """Write the record."""
        write_json(self.path / _RECORD, asdict(record), mode=0o600)

    def result(self) -> dict[str, Any]:
        """Return the JSON output of the run; empty if the run did not finish."""
        try:
            answer = json.loads(self.answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def ended(self, record: ApiRunRecord, *, code: int | None, cancelled: bool = False) -> ApiRunRecord:
        """Return the record of a run that has ended, based on its output.

        Args:
            record: The run.
            code: Exit code; None where the process ended unobserved.
            cancelled: Whether a client cancelled it.
        """
        try:
            stdout = self.answer.read_text(encoding="utf-8", errors="replace")
        except OSError:
            stdout = ""
        read = ProcessResult.read(code=code, stdout=stdout, stderr=tail(self.log, _TAIL_BYTES), interrupted=cancelled)
        error = None if read.outcome.is_success else read.reason
        if read.outcome is RunOutcome.INTERRUPTED and code is not None:
            error = f"it was interrupted; {read.reason}"
        return replace(record, end=RunEnd(outcome=read.outcome, at=now(), error=error))


def run_folders(workdir: Path) -> Iterator[RunFolder]:
    """Yield the folders of runs, newest first."""
    root = workdir / FOLDER
    if root.is_dir():
        names = sorted((path.name for path in root.iterdir() if path.is_dir()), reverse=True)
        yield from (RunFolder(root / name) for name in names)


def tail(path: Path, size: int) -> list[str]:
    """Return the last complete lines of a file, from at most ``size`` bytes."""
    try:
        with path.open("rb") as stream:
            length = stream.seek(0, 2)
            stream.seek(max(0, length - size))
            lines = stream.read(size).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[1:] if length > size else lines


def now() -> str:
    """Return the present time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
