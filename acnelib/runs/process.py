"""``acne pipeline`` as a separate process: its command line, and the interpretation of its end.

The schedule and the HTTP API start runs this way, so that neither needs TensorFlow, MLflow or Luigi.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acnelib.ending_signals import REQUESTS, exit_code
from acnelib.runs.outcome import RunOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COMMAND = (sys.executable, "-P", "-m", "acnelib.cli", "pipeline")
"""The command; ``-P``: a file in the current folder must not pass for a module."""

_ERROR_PREFIX = "acne: "  # prefix of the line in which the command line gives the reason of a failure
_INTERRUPTED = frozenset(code for number in (signal.SIGINT, *REQUESTS) for code in (exit_code(number), -number))
_KEPT = "finished results are kept"


def pipeline_command(arguments: Sequence[str], *, command: Sequence[str] = COMMAND) -> list[str]:
    """Return the command of a run whose standard output is JSON."""
    return [*command, "--format", "json", *arguments]


@dataclass(frozen=True, kw_only=True)
class ProcessResult:
    """The end of a run, read from its process.

    Attributes:
        outcome: How it ended.
        reason: The reason, in one line.
        answer: The JSON output of the command; empty unless it succeeded.
    """

    outcome: RunOutcome
    reason: str
    answer: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(
        cls, *, code: int | None, stdout: str, stderr: Iterable[str] = (), interrupted: bool = False
    ) -> ProcessResult:
        """Interpret the end of a process.

        Args:
            code: Exit code; None where the process ended unobserved.
            stdout: All of its standard output.
            stderr: The last lines of its standard error.
            interrupted: Whether the run was cancelled.
        """
        answer = _parsed(stdout)
        if answer is not None and not code:
            return cls(outcome=_outcome_of(answer), reason="; ".join(map(str, answer["reasons"] or ())), answer=answer)
        if interrupted or code in _INTERRUPTED:
            return cls(outcome=RunOutcome.INTERRUPTED, reason=_KEPT)
        if code is None:
            return cls(outcome=RunOutcome.INTERRUPTED, reason=f"its process is gone; {_KEPT}")
        if code < 0:
            return cls(outcome=RunOutcome.FAILED, reason=f"the process was killed by signal {-code}")
        if code == 0:
            return cls(outcome=RunOutcome.FAILED, reason=f"its output is not the expected JSON: {stdout[:200]!r}")
        return cls(outcome=RunOutcome.FAILED, reason=_last_error(stderr) or f"exit code {code}")

    @property
    def version(self) -> str | None:
        """The registered version, if there is one."""
        return self.answer.get("version")

    @property
    def seconds(self) -> float | None:
        """Duration of the whole run; None if it did not finish."""
        return self.answer.get("seconds")

    def __str__(self) -> str:
        version = f", version {self.version}" if self.version else ""
        duration = f" in {self.seconds:.1f} s" if self.seconds is not None else ""
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.outcome}{version}{duration}{reason}"


def _parsed(stdout: str) -> dict[str, Any] | None:
    """Return the JSON output of the command; None if it is not valid."""
    try:
        answer = json.loads(stdout)
        _outcome_of(answer)
        return answer if isinstance(answer["reasons"], list | None) and float(answer["seconds"]) >= 0 else None
    except (KeyError, TypeError, ValueError):
        return None


def _outcome_of(answer: dict[str, Any]) -> RunOutcome:
    decision = answer["decision"]
    return RunOutcome.STOPPED if decision is None else RunOutcome(decision)


def _last_error(lines: Iterable[str]) -> str:
    """Return the last line that gives a reason, else the last line."""
    written = [line.rstrip() for line in lines if line.strip()]
    errors = [line for line in written if line.startswith(_ERROR_PREFIX)]
    return errors[-1].removeprefix(_ERROR_PREFIX) if errors else (written[-1] if written else "")
