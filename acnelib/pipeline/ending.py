"""End of a run: its outcome recorded beside the targets, and reported to the webhook once."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from acnelib.errors import AcneError, UsageError
from acnelib.runs.notifications import Event, Notification, Webhook
from acnelib.runs.outcome import OutcomeRecord, RunOutcome
from acnelib.runs.stage import Stage
from acnelib.scraping.redaction import redaction_of
from acnelib.stages.results import PromoteResult
from acnelib.storage.workspace import Workspace
from acnelib.text.plain_reasons import unexpected_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acnelib.config.settings import Settings
    from acnelib.scraping.sources import Sources

_EVENTS = {RunOutcome.PROMOTED: Event.PROMOTED, RunOutcome.REJECTED: Event.REJECTED, RunOutcome.FAILED: Event.FAILED}
_FINAL = frozenset({RunOutcome.PROMOTED, RunOutcome.REJECTED, RunOutcome.UNCHANGED})


@dataclass(frozen=True, kw_only=True)
class RunEnding:
    """Recorder of how one run ended.

    Attributes:
        sources: The run's sources.
        at: Its time: the name of its folder.
        settings: The run's settings.
        report: Receives a line if the webhook could not be notified.
        started: Start of this attempt, on the monotonic clock, in seconds.
    """

    sources: Sources
    at: str
    settings: Settings
    report: Callable[[str], None]
    started: float = field(default_factory=time.monotonic)

    @property
    def folder(self) -> Path:
        """Folder of the run's targets."""
        return Workspace(self.settings.workdir).run(self.sources.name, self.at)

    @property
    def seconds(self) -> float:
        """Duration of this attempt until now."""
        return time.monotonic() - self.started

    @contextlib.contextmanager
    def recorded(self, *, until: Stage, failed_task: Callable[[], str | None]) -> Iterator[None]:
        """Record the end of the block as the end of the run.

        A wrong command is not recorded: nothing was done, and its user has read why.

        Args:
            until: The last stage of the run.
            failed_task: Returns the name of the task that failed; None: no task failed.
        """
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted()
            raise
        except UsageError:
            raise
        except Exception as error:
            self.failed(error, task=failed_task(), seconds=self.seconds)
            raise
        if until == Stage.PROMOTE:
            self.decided(PromoteResult.read(self.folder / "promote.json"), seconds=self.seconds)
        else:
            self._end(RunOutcome.STOPPED, (), seconds=self.seconds)

    def decided(self, promoted: PromoteResult, *, seconds: float) -> None:
        """Record the gate's decision, or that nothing had changed."""
        metrics = {
            "out_of_fold_macro_f1": promoted.out_of_fold_macro_f1,
            "series_macro_f1": promoted.series_macro_f1,
            "unseen_source_macro_f1": promoted.unseen_source_macro_f1,
            "test_macro_f1": promoted.test_macro_f1,
            **{f"gate_{name}": number for name, number in promoted.numbers.items()},
        }
        outcome = RunOutcome(promoted.decision)
        notification = Notification(
            event=_EVENTS.get(outcome, Event.TEST),
            version=promoted.version,
            decision=str(promoted.decision),
            metrics={name: number for name, number in metrics.items() if number is not None},
            run_url=promoted.run_url,
            compare_url=promoted.comparison_url,
        )
        self._end(outcome, promoted.reasons, seconds=seconds, notification=notification)

    def interrupted(self) -> None:
        """Record an interruption."""
        self._end(RunOutcome.INTERRUPTED, (), seconds=self.seconds)

    def failed(self, error: BaseException, *, task: str | None, seconds: float) -> None:
        """Record a failure."""
        reason = str(error) if isinstance(error, AcneError) else unexpected_reason(error)
        notification = Notification(event=Event.FAILED)
        self._end(RunOutcome.FAILED, (reason,), seconds=seconds, task=task, notification=notification)

    def _end(
        self,
        outcome: RunOutcome,
        reasons: tuple[str, ...] | list[str],
        *,
        seconds: float,
        task: str | None = None,
        notification: Notification | None = None,
    ) -> None:
        before = OutcomeRecord.read(self.folder)
        if before is not None and before.outcome == outcome and outcome in _FINAL:
            return  # a finished run was resumed
        redact = redaction_of(self.sources, self.settings)
        record = OutcomeRecord(
            outcome=outcome,
            reasons=tuple(redact(reason) for reason in reasons),
            seconds=round(seconds, 2),
            task=task,
            notified=before.notified if before else None,
        )
        if notification is not None and outcome in _EVENTS and not _was_notified(before, record):
            notification = replace(notification, source=self.sources.name, run=self.at, reasons=record.reasons)
            record = replace(record, notified=self._notify(notification))
        with contextlib.suppress(OSError, AcneError):  # a record that cannot be written does not change the outcome
            record.write(self.folder)

    def _notify(self, notification: Notification) -> str | None:
        try:
            webhook = Webhook.of(self.settings)
            if webhook is None:
                return None
            webhook.send(notification)
        except AcneError as error:
            self.report(f"The webhook was not notified of how the run ended: {error}")
            return None
        return str(notification.event)


def _was_notified(before: OutcomeRecord | None, now: OutcomeRecord) -> bool:
    """Return whether the webhook already received this outcome with the same reasons."""
    return before is not None and before.notified == now.outcome and before.reasons == now.reasons
