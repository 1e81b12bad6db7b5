"""What a schedule leaves in the working folder: how far it came, and a lock while it is followed."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from acnelib.errors import StorageFailed, UsageError
from acnelib.storage.files import write_json
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.schedule.cron_trigger import CronTrigger

LOCK = "schedule.lock"


@dataclass(frozen=True)
class ScheduleState:
    """The file ``schedule.json`` of one source: the last due time that was seen to, and of which trigger."""

    path: Path

    @classmethod
    def of(cls, folder: Path) -> ScheduleState:
        """Return the memory that lies in a source's folder."""
        return cls(folder / "schedule.json")

    def last_due(self, trigger: CronTrigger) -> datetime | None:
        """Return the last due time that was seen to, in UTC; None at first, or when it was of another cadence.

        Raises:
            StorageFailed: The file is not as this program writes it.
        """
        try:
            kept = json.loads(self.path.read_text())
            if kept["cron"] != trigger.text:
                return None
            return datetime.fromisoformat(kept["last_due"]).astimezone(UTC)
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise StorageFailed(
                f"{self.path} is not as this program writes it ({plain_reason(error)}): delete it"
            ) from error

    def keep(self, trigger: CronTrigger, last_due: datetime) -> None:
        """Remember how far the schedule came."""
        local = last_due.astimezone(trigger.zone).isoformat()
        write_json(self.path, {"cron": trigger.text, "last_due": local})


@contextlib.contextmanager
def exclusive_schedule(folder: Path) -> Iterator[None]:
    """Be the only schedule of a working folder and source; the kernel lets go when the holder dies.

    Raises:
        UsageError: There is another one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise UsageError(
            f"another schedule for {folder.name} is running in {folder.parent}: stop it, or name another folder "
            "with --workdir"
        ) from error
    try:
        yield
    finally:
        lock.release()
