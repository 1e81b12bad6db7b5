"""The outcome of a run: how it ended, and the record of that beside its targets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from pathlib import Path

OUTCOME_FILE = "outcome.json"


class RunOutcome(StrEnum):
    """How a run ended: by a decision of the gate, where ``--until`` stopped it, or before its end."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNFINISHED = "unfinished"

    @property
    def is_success(self) -> bool:
        """Whether the run did everything requested."""
        return self not in {RunOutcome.FAILED, RunOutcome.INTERRUPTED, RunOutcome.UNFINISHED}


@dataclass(frozen=True, kw_only=True)
class OutcomeRecord:
    """The record of the end of a run.

    Attributes:
        outcome: How it ended.
        reasons: The reasons, in sentences without paths.
        seconds: Duration of the last attempt.
        task: The task that failed.
        notified: The event that the webhook received; None: nothing was sent, or it could not be reached.
    """

    outcome: RunOutcome
    reasons: tuple[str, ...] = ()
    seconds: float
    task: str | None = None
    notified: str | None = None

    def write(self, run: Path) -> None:
        """Write the record into the folder of the run."""
        write_json(run / OUTCOME_FILE, asdict(self))

    @classmethod
    def read(cls, run: Path) -> OutcomeRecord | None:
        """Return the record of a run; None if it is missing or damaged."""
        try:
            values = json.loads((run / OUTCOME_FILE).read_text(encoding="utf-8"))
            return cls(
                outcome=RunOutcome(values["outcome"]),
                reasons=tuple(map(str, values["reasons"])),
                seconds=float(values["seconds"]),
                task=values["task"],
                notified=values["notified"],
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
