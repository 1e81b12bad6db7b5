"""One training: ``acne pipeline`` as a process of its own, its events, its log and its end."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from acnelib.runs.events import RunEvent, RunEventKind
from acnelib.runs.process import COMMAND, ProcessResult, pipeline_command
from gui.state.training_progress import TrainingEnd, TrainingProgress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.state.training_plan import TrainingPlan

LOG = "training.log"
GUARD = (sys.executable, "-P", "-m", "gui.training.guard")
"""The process that ends the command when the app does; ``-P``: a file here must not pass for a module."""

_NEEDED = ("tensorflow", "sklearn", "mlflow", "luigi", "cv2", "pydantic")
_LAST_LINES = 100  # that are searched for the reason of a failure


def missing_extras() -> tuple[str, ...]:
    """Return the modules that a training needs and this installation lacks; nothing is imported."""
    return tuple(name for name in _NEEDED if find_spec(name) is None)


class TrainingRun(QObject):
    """Starts a training, reports its steps, and ends it; for one training."""

    progressed = Signal(object)  # TrainingProgress
    ended = Signal(object)  # TrainingEnd, once

    def __init__(self, plan: TrainingPlan, *, command: Sequence[str] = COMMAND, parent: QObject | None = None) -> None:
        """Prepare a training.

        Args:
            plan: What it uses.
            command: The command, without its options.
            parent: Its owner.
        """
        super().__init__(parent)
        self.plan = plan
        self.progress = TrainingProgress()
        self._command = [*GUARD, *pipeline_command(["--progress", "json", *plan.arguments()], command=command)]
        self._process = QProcess(self)
        self._answer, self._rest = bytearray(), bytearray()
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._log: TextIO | None = None
        self._is_cancelled = self._has_ended = False
        self._changes = QTimer(self)  # events are gathered, so that the window is not kept busy by them
        self._changes.setSingleShot(True)
        self._changes.setInterval(100)
        self._changes.timeout.connect(lambda: self.progressed.emit(self.progress))
        self._process.readyReadStandardOutput.connect(self._read_answer)
        self._process.readyReadStandardError.connect(self._read_events)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)

    @property
    def is_running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._is_cancelled

    @property
    def log(self) -> Path:
        """What the command writes, for this user alone."""
        return self.plan.workdir / LOG

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with suppress(OSError):  # the command itself says that nothing can be written there
            self.plan.workdir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._log = os.fdopen(
                os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            )
        if sys.platform != "win32":
            parameters = QProcess.UnixProcessParameters()
            parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
            self._process.setUnixProcessParameters(parameters)
        self._process.start(self._command[0], self._command[1:])

    def cancel(self) -> None:
        """Ask it to end, as Ctrl-C does; what is finished is kept, and the same training goes on from there."""
        self._is_cancelled = True
        self._process.closeWriteChannel()

    def close(self, *, timeout: float = 5.0) -> None:
        """End it, by force after a timeout (seconds)."""
        if self.is_running:
            self.cancel()
            if not self._process.waitForFinished(round(timeout * 1000)):
                with suppress(ProcessLookupError):
                    os.killpg(self._process.processId(), signal.SIGKILL)
                self._process.waitForFinished(1000)
        self._changes.stop()
        if self._log is not None:
            self._log.close()
            self._log = None

    @Slot()
    def _read_answer(self) -> None:
        self._answer += self._process.readAllStandardOutput().data()

    @Slot()
    def _read_events(self) -> None:
        self._rest += self._process.readAllStandardError().data()
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            self._take(line.decode(errors="replace"))

    def _take(self, line: str) -> None:
        event = RunEvent.parse(line)
        if event is None or event.event is RunEventKind.MESSAGE:
            text = line if event is None else event.text
            self._last.append(text)
            self._write(text)
            return
        if event.event is RunEventKind.FINISHED:
            self._write(f"{event.task}: {event.seconds} s")
        self.progress = self.progress.after(event)
        if not self._changes.isActive():
            self._changes.start()

    def _write(self, text: str) -> None:
        if self._log is not None:
            with suppress(OSError):
                self._log.write(f"{text}\n")
                self._log.flush()

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._last.append(f"acne: {self._command[0]} cannot be run here ({self._process.errorString()})")
            self._finished(1, QProcess.ExitStatus.NormalExit)

    @Slot(int, QProcess.ExitStatus)
    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        self._read_answer()
        self._read_events()
        if self._rest:
            self._take(self._rest.decode(errors="replace"))
        self._changes.stop()
        self.progressed.emit(self.progress)
        result = ProcessResult.read(
            code=-code if status == QProcess.ExitStatus.CrashExit else code,
            stdout=self._answer.decode(errors="replace"),
            stderr=self._last,
            interrupted=self._is_cancelled,
        )
        has_log = self._log is not None
        self.close()
        reasons = result.answer.get("reasons") or ([result.reason] if result.reason else [])
        self.ended.emit(
            TrainingEnd(
                outcome=result.outcome,
                reasons=tuple(map(str, reasons)),
                version=result.version,
                bundle=result.answer.get("bundle"),
                log=self.log if has_log else None,
            )
        )
