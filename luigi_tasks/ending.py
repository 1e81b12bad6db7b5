"""How a run ended: written beside its targets, and told to the webhook, once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.errors import AcneError
from acnelib.folders.file_names import file_names_below
from acnelib.runs.notifications import Event, Notification, Webhook
from acnelib.runs.outcome import OutcomeRecord, RunOutcome
from acnelib.storage.workspace import Workspace
from acnelib.text.plain_reasons import unexpected_reason
from acnelib.text.redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acnelib.config.settings import Settings
    from acnelib.stages.results import PromoteResult
    from acnelib.stages.sources import Source

_TOLD = {RunOutcome.PROMOTED: Event.PROMOTED, RunOutcome.REJECTED: Event.REJECTED, RunOutcome.FAILED: Event.FAILED}
_KEPT = frozenset({RunOutcome.PROMOTED, RunOutcome.REJECTED, RunOutcome.UNCHANGED})


def redaction_of(source: Source, settings: Settings) -> Redaction:
    """Return the redaction of what leaves the terminal about a source's runs."""
    folders = {settings.workdir: "the working folder", settings.home: "the home"}
    folders |= {source.folder: source.name} if source.folder else {}
    return Redaction(folders=folders, file_names=file_names_below(source.folder))


@dataclass(frozen=True, kw_only=True)
class RunEnding:
    """Where one run writes how it ended, and who is told.

    Attributes:
        source: The run's source.
        at: Its time, as its folder is called.
        settings: The run's settings.
        report: Told in one line when the webhook could not be.
    """

    source: Source
    at: str
    settings: Settings
    report: Callable[[str], None]

    @property
    def folder(self) -> Path:
        """Folder of the run's targets."""
        return Workspace(self.settings.workdir).run(self.source.name, self.at)

    def decided(self, promoted: PromoteResult, *, seconds: float) -> None:
        """The gate has decided, or had nothing to decide."""
        metrics = {
            "test_macro_f1": promoted.test_macro_f1,
            "cross_validated_macro_f1": promoted.cross_validated_macro_f1,
            **{f"gate_{name}": number for name, number in promoted.numbers.items()},
        }
        ending = RunOutcome(promoted.decision)
        notification = Notification(
            event=_TOLD.get(ending, Event.TEST),
            version=promoted.version,
            decision=str(promoted.decision),
            metrics={name: number for name, number in metrics.items() if number is not None},
            run_url=promoted.run_url,
            compare_url=promoted.comparison_url,
        )
        self._end(ending, promoted.reasons, seconds=seconds, notification=notification)

    def stopped(self, *, seconds: float) -> None:
        """It came to the stage that it was to come to."""
        self._end(RunOutcome.STOPPED, (), seconds=seconds)

    def interrupted(self, *, seconds: float) -> None:
        """Somebody stopped it."""
        self._end(RunOutcome.INTERRUPTED, (), seconds=seconds)

    def failed(self, error: BaseException, *, task: str | None, seconds: float) -> None:
        """It failed."""
        told = str(error) if isinstance(error, AcneError) else unexpected_reason(error)
        self._end(RunOutcome.FAILED, (told,), seconds=seconds, task=task, notification=Notification(event=Event.FAILED))

    def _end(
        self,
        ending: RunOutcome,
        reasons: tuple[str, ...] | list[str],
        *,
        seconds: float,
        task: str | None = None,
        notification: Notification | None = None,
    ) -> None:
        before = OutcomeRecord.read(self.folder)
        if before is not None and before.outcome == ending and ending in _KEPT:
            return  # somebody went on with a run that was over
        redact = redaction_of(self.source, self.settings)
        kept = OutcomeRecord(
            outcome=ending,
            reasons=tuple(redact(reason) for reason in reasons),
            seconds=round(seconds, 2),
            task=task,
            notified=before.notified if before else None,
        )
        if notification is not None and ending in _TOLD and not _is_known(before, kept):
            notification = replace(notification, source=self.source.name, run=self.at, reasons=kept.reasons)
            kept = replace(kept, notified=self._tell(notification))
        with contextlib.suppress(OSError, AcneError):  # the run has ended as it has, whatever can be written of it
            kept.write(self.folder)

    def _tell(self, notification: Notification) -> str | None:
        try:
            webhook = Webhook.of(self.settings)
            if webhook is None:
                return None
            webhook.send(notification)
        except AcneError as error:
            self.report(f"Nobody was told how the run ended: {error}")
            return None
        return str(notification.event)


def _is_known(before: OutcomeRecord | None, now: OutcomeRecord) -> bool:
    """Say whether a run that fails again, and of the same, was told of."""
    return before is not None and before.notified == now.outcome and before.reasons == now.reasons
