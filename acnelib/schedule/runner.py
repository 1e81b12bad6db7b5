"""One run of the pipeline, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMAND = (sys.executable, "-m", "acnelib.cli", "pipeline")
INTERRUPTED = 130
OWN_LINE = "acne: "
"""How the command line begins the line that says why it failed."""


class ProcessEnding(StrEnum):
    """How a run ended."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class ProcessOutcome:
    """What came of a run.

    Attributes:
        ending: How it ended.
        reason: Why, in one line.
        version: The registered version, if the run made one.
        seconds: The whole run; None when it did not come to its end.
    """

    ending: ProcessEnding
    reason: str
    version: str | None = None
    seconds: float | None = None

    @classmethod
    def read(cls, code: int, answer: str, last_line: str) -> ProcessOutcome:
        """Return what a process said by its exit code, its standard output and the last line of its standard error."""
        if code in {INTERRUPTED, -signal.SIGINT}:
            return cls(ending=ProcessEnding.INTERRUPTED, reason="what it finished is kept")
        if code < 0:
            return cls(ending=ProcessEnding.FAILED, reason=f"the process was killed by signal {-code}")
        if code:
            return cls(ending=ProcessEnding.FAILED, reason=last_line.removeprefix(OWN_LINE) or f"exit code {code}")
        try:
            result = json.loads(answer)
            return cls(
                ending=ProcessEnding(result["decision"]),
                reason="; ".join(result["reasons"]),
                version=result["version"],
                seconds=float(result["seconds"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            return cls(
                ending=ProcessEnding.FAILED,
                reason=f"its answer cannot be understood ({plain_reason(error)}): {answer[:200]!r}",
            )

    def __str__(self) -> str:
        version = f", version {self.version}" if self.version else ""
        took = f" in {self.seconds:.1f} s" if self.seconds is not None else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.ending}{version}{took}{why}"


class PipelineRunner:
    """Runs ``acne pipeline`` and reads its answer.

    Args:
        arguments: Options of the command, without ``--format``.
        pass_on: Given each line that the run writes to standard error.
        command: The command itself.
    """

    def __init__(
        self, arguments: Sequence[str], *, pass_on: Callable[[str], None], command: Sequence[str] = COMMAND
    ) -> None:
        self._command = [*command, "--format", "json", *arguments]
        self._pass_on = pass_on
        self._process: subprocess.Popen[str] | None = None
        self._interrupted = False

    def __call__(self) -> ProcessOutcome:
        """Run it to its end."""
        try:
            return self._run()
        except OSError as error:
            return ProcessOutcome(
                ending=ProcessEnding.FAILED, reason=f"{self._command[0]} cannot be run here ({plain_reason(error)})"
            )

    def interrupt(self) -> None:
        """Do to the run under way what Ctrl-C does, and to each one after it; safe in a signal handler."""
        self._interrupted = True
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)

    def _run(self) -> ProcessOutcome:
        last = own = ""
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as answer,
            subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # the terminal's Ctrl-C reaches us alone, and the run once: two end it by force
            ) as process,
        ):
            self._process = process
            if self._interrupted:  # while it was started
                process.send_signal(signal.SIGINT)
            for line in process.stderr or ():
                last = line.rstrip() or last
                own = last if last.startswith(OWN_LINE) else own
                self._pass_on(line.rstrip())
            code = process.wait()
            self._process = None
            answer.seek(0)
            return ProcessOutcome.read(code, answer.read(), own or last)
