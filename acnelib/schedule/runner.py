"""The runner of scheduled runs: ``acne pipeline`` as a child process, its messages forwarded."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import tempfile
from collections import deque
from typing import TYPE_CHECKING

from acnelib.runs.outcome import RunOutcome
from acnelib.runs.process import COMMAND, ProcessResult, pipeline_command
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LAST_LINES = 100  # of standard error, that are searched for the reason of a failure


class PipelineRunner:
    """Runs ``acne pipeline`` and reads its output.

    Args:
        arguments: Options of the command, without ``--format``.
        forward: Called with each line of the run's standard error.
        command: The command, without its options.
    """

    def __init__(
        self, arguments: Sequence[str], *, forward: Callable[[str], None], command: Sequence[str] = COMMAND
    ) -> None:
        self._command = pipeline_command(arguments, command=command)
        self._forward = forward
        self._process: subprocess.Popen[str] | None = None
        self._interrupted = False

    def __call__(self) -> ProcessResult:
        """Run the pipeline until it ends."""
        try:
            return self._run()
        except OSError as error:
            return ProcessResult(
                outcome=RunOutcome.FAILED, reason=f"{self._command[0]} cannot be run here ({plain_reason(error)})"
            )

    def interrupt(self) -> None:
        """Interrupt the current run, and each later one, as Ctrl-C does; safe in a signal handler."""
        self._interrupted = True
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)

    def _run(self) -> ProcessResult:
        last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as answer,
            subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C then interrupts the run once, through us; twice would kill it
            ) as process,
        ):
            self._process = process
            if self._interrupted:  # during the start
                process.send_signal(signal.SIGINT)
            for line in process.stderr or ():
                last_lines.append(line)
                self._forward(line.rstrip())
            code = process.wait()
            self._process = None
            answer.seek(0)
            return ProcessResult.read(code=code, stdout=answer.read(), stderr=last_lines)
