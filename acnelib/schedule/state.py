"""The state of a schedule in the working folder: its last due time, and a lock while it is running."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from acnelib.errors import StorageFailed, UsageError
from acnelib.storage.files import PRIVATE, private_folder, write_json
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.schedule.cron_trigger import CronTrigger

LOCK = "schedule.lock"


@dataclass(frozen=True)
class ScheduleState:
    """The file ``schedule.json`` of some sources: the last due time that was handled, and its trigger."""

    path: Path

    @classmethod
    def of(cls, folder: Path) -> ScheduleState:
        """Return the state in the folder of its sources."""
        return cls(folder / "schedule.json")

    def last_due(self, trigger: CronTrigger) -> datetime | None:
        """Return the last due time that was handled, in UTC; None at first, or if the trigger was another one.

        Raises:
            StorageFailed: The file is damaged.
            SettingsInvalid: Another user may have written it.
        """
        check_trusted(self.path)
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if kept["cron"] != trigger.text:
                return None
            return datetime.fromisoformat(kept["last_due"]).astimezone(UTC)
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError) as error:
            raise StorageFailed(f"{self.path} is damaged ({plain_reason(error)}): delete it") from error

    def keep(self, trigger: CronTrigger, last_due: datetime) -> None:
        """Write the last due time."""
        local = last_due.astimezone(trigger.zone).isoformat()
        write_json(self.path, {"cron": trigger.text, "last_due": local})


@contextlib.contextmanager
def exclusive_schedule(folder: Path) -> Iterator[None]:
    """Hold the lock of the schedule of a working folder and its sources; the kernel releases it when the process ends.

    Raises:
        UsageError: Another schedule holds it.
    """
    private_folder(folder)
    lock = FileLock(folder / LOCK, mode=PRIVATE)
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
