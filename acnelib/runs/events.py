"""Events of a run: what ``acne pipeline --progress json`` writes to standard error, one JSON object in each line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class RunEventKind(StrEnum):
    """What an event is about."""

    STARTED = "started"
    PROGRESSED = "progressed"
    FINISHED = "finished"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """One event.

    Attributes:
        event: What it is about.
        task: The task, such as ``Train mobilenet_v1_0.25_128``; empty for a message.
        text: What is being done, such as ``photos embedded``, or the message.
        done: How many items are done.
        total: Of how many; 0 where that is unknown.
        seconds: How long a finished task took, else 0.
    """

    event: RunEventKind
    task: str = ""
    text: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0

    def as_line(self) -> str:
        """Return the line of JSON, without the line's end."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def parse(cls, line: str) -> RunEvent | None:
        """Return the event in a line; None for a line of another kind, such as the reason of a failure."""
        try:
            values = json.loads(line)
            return cls(
                event=RunEventKind(values["event"]),
                task=str(values["task"]),
                text=str(values["text"]),
                done=int(values["done"]),
                total=int(values["total"]),
                seconds=float(values["seconds"]),
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
