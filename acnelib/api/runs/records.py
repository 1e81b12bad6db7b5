"""What a run of the pipeline leaves on disk, so that a server that starts anew can tell of it.

::

    WORKDIR/api-runs/<id>/run.json     what was asked, the process, how it ended
    WORKDIR/api-runs/<id>/answer.json  its standard output
    WORKDIR/api-runs/<id>/log.txt      its standard error; may name people's files, so it stays in the working folder
"""

from __future__ import annotations

import json
import signal
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "api-runs"
_RECORD, _ANSWER, _LOG = "run.json", "answer.json", "log.txt"
_INTERRUPTED = {130, -signal.SIGINT}
_OWN_LINE = "acne: "
_TAIL_BYTES = 8192


class ApiRunState(StrEnum):
    """How a run is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class ApiRunEnding:
    """How a run ended.

    Attributes:
        state: Done, failed or interrupted.
        at: When, ISO 8601 in UTC.
        error: Why it did not come to its end, in one line.
    """

    state: ApiRunState
    at: str
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class ApiRunRecord:
    """A run as it is written down.

    Attributes:
        id: Its name.
        source: The source's name.
        folder: The source's folder; None for a site.
        arguments: Options of the command.
        started_at: ISO 8601, UTC.
        pid: Its process.
        process_started: When the system says that the process began: a process id alone proves nothing.
        ending: How it ended; None while it runs, or when nobody saw it end.
    """

    id: str
    source: str
    folder: str | None
    arguments: list[str]
    started_at: str
    pid: int
    process_started: float
    ending: ApiRunEnding | None = None


@dataclass(frozen=True)
class RunFolder:
    """Where one run is written down."""

    path: Path

    @property
    def answer(self) -> Path:
        """What the run wrote to standard output."""
        return self.path / _ANSWER

    @property
    def log(self) -> Path:
        """What the run wrote to standard error."""
        return self.path / _LOG

    def read(self) -> ApiRunRecord | None:
        """Return the record; None where there is none that can be understood."""
        try:
            values = json.loads((self.path / _RECORD).read_text())
            known = {field.name: values[field.name] for field in fields(ApiRunRecord)}
            ending = known["ending"]
            known["ending"] = ApiRunEnding(**ending | {"state": ApiRunState(ending["state"])}) if ending else None
            return ApiRunRecord(**known)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, record: ApiRunRecord) -> None:
        """Write the record down."""
        write_json(self.path / _RECORD, asdict(record), mode=0o600)

    def result(self) -> dict[str, Any]:
        """Return what the run answered; empty when it did not come to its end."""
        try:
            answer = json.loads(self.answer.read_text())
        except (OSError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def ended(self, record: ApiRunRecord, *, code: int | None, cancelled: bool = False) -> ApiRunRecord:
        """Return the record of a run that has ended, by what it left.

        Args:
            record: The run.
            code: Exit code; None when nobody saw it end.
            cancelled: Somebody asked for its end.
        """
        state, error = self._judged(code, cancelled=cancelled)
        return replace(record, ending=ApiRunEnding(state=state, at=now(), error=error))

    def _judged(self, code: int | None, *, cancelled: bool) -> tuple[ApiRunState, str | None]:
        if self.result() and not code:
            return ApiRunState.DONE, None
        if cancelled or code in _INTERRUPTED:
            return ApiRunState.INTERRUPTED, "it was interrupted; what it finished is kept"
        if code is None:
            return ApiRunState.INTERRUPTED, "its process is gone; what it finished is kept"
        if code < 0:
            return ApiRunState.FAILED, f"the process was killed by signal {-code}"
        return ApiRunState.FAILED, self._last_words() or f"exit code {code}"

    def _last_words(self) -> str:
        """Return the line that says why the command failed, else the last line."""
        lines = [line.rstrip() for line in tail(self.log, _TAIL_BYTES) if line.strip()]
        own = next((line for line in reversed(lines) if line.startswith(_OWN_LINE)), "")
        return own.removeprefix(_OWN_LINE) or (lines[-1] if lines else "")


def run_folders(workdir: Path) -> Iterator[RunFolder]:
    """Yield the folders of runs, the newest first."""
    root = workdir / FOLDER
    if root.is_dir():
        names = sorted((path.name for path in root.iterdir() if path.is_dir()), reverse=True)
        yield from (RunFolder(root / name) for name in names)


def tail(path: Path, size: int) -> list[str]:
    """Return the last whole lines of a text, at most so many bytes of it."""
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
