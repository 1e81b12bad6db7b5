"""The scheduler: one run at a time, robust against clock changes and failing runs."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from acnelib.runs.outcome import RunOutcome
from acnelib.storage.files import storage_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from acnelib.runs.process import ProcessResult
    from acnelib.schedule.cron_trigger import CronTrigger
    from acnelib.schedule.state import ScheduleState

PIECE_SECONDS = 1.0
"""Longest sleep; a stop, or a suspended machine, is noticed within this time."""

TOLERANCE = timedelta(seconds=60)
"""Delay after which a due time counts as missed, since the machine was suspended."""


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(tz=UTC)


@dataclass(frozen=True, kw_only=True)
class ScheduleOptions:
    """The options of a schedule.

    Attributes:
        trigger: When runs are due.
        jitter: Seconds; each run starts after a random delay of up to this length.
        catch_up: Whether one run replaces all missed ones; otherwise they are skipped.
    """

    trigger: CronTrigger
    jitter: float = 0.0
    catch_up: bool = True


class Scheduler:
    """Runs what is due, one at a time, until it is stopped; a failed run does not stop it.

    A due time is missed if the machine was off or suspended, or another run was active.

    Args:
        options: The options of the schedule.
        state: Where the last due time is kept.
        run: Performs one run.
        show: Called with the outcome of each run, in one line.
        say: Called with every other message, in one line.
        clock: Returns the time in UTC.
        sleep: Waits a number of seconds.
        generator: The source of the jitter.
    """

    def __init__(
        self,
        options: ScheduleOptions,
        *,
        state: ScheduleState,
        run: Callable[[], ProcessResult],
        show: Callable[[str], None],
        say: Callable[[str], None],
        clock: Callable[[], datetime] = now,
        sleep: Callable[[float], None] = time.sleep,
        generator: random.Random | None = None,
    ) -> None:
        self._options = options
        self._state = state
        self._run = run
        self._show = show
        self._say = say
        self._clock = clock
        self._sleep = sleep
        self._generator = generator or random.Random()  # noqa: S311 - spreads load, keeps no secret
        self._stopped = False
        self._outcomes: Counter[RunOutcome] = Counter()

    def stop(self) -> None:
        """Stop soon, without starting another run; safe in a signal handler."""
        self._stopped = True

    def follow(self) -> None:
        """Run what is due until stopped; then report the outcomes.

        Raises:
            StorageFailed: The state of the schedule cannot be read.
        """
        trigger = self._options.trigger
        last_due = self._state.last_due(trigger)
        if last_due is None:
            last_due = self._clock()
            self._keep(last_due)
        cause = "while no schedule was running"
        while not self._stopped:
            if self._is_ahead(last_due):
                last_due = self._report_ahead(last_due)
            due = trigger.next_after(last_due)
            if late := due <= self._clock():
                due = self._report_missed(due, cause)
            else:
                late, due = self._wait(due, after=last_due)
            if self._stopped:
                break
            if self._is_ahead(last_due):  # the clock was set back
                continue
            if not late or self._options.catch_up:
                result = self._run()
                self._report(result)
                if self._stopped and result.outcome is RunOutcome.INTERRUPTED:
                    break  # not stored, so that it counts as missed at the next start
            last_due = due
            self._keep(last_due)
            cause = "while another run was active"
        self._report_end()

    def _is_ahead(self, last_due: datetime) -> bool:
        """Return whether the last due time is still to come: the clock was wrong when it was kept, or is wrong now."""
        return last_due - self._clock() > TOLERANCE

    def _report_ahead(self, last_due: datetime) -> datetime:
        """Report a last due time in the future, without which nothing would run until then; return the time now."""
        present = self._clock()
        self._say(
            f"The last due time, {self._local(last_due)}, is in the future: the clock of this machine was wrong, or is "
            f"wrong now ({self._local(present)}). The schedule starts again from now; nothing counts as missed"
        )
        self._keep(present)
        return present

    def _wait(self, due: datetime, *, after: datetime) -> tuple[bool, datetime]:
        """Wait for a due time and the jitter; return whether it was missed, and the last due time by then."""
        begin = due + timedelta(seconds=self._generator.uniform(0, self._options.jitter))
        self._say(f"Next run at {self._local(begin)} (Ctrl-C stops the schedule)")
        while not self._stopped and (left := (begin - self._clock()).total_seconds()) > 0:
            self._sleep(min(left, PIECE_SECONDS))
            if self._is_ahead(after):
                return False, due
        if self._stopped or self._clock() - begin <= TOLERANCE:
            return False, due
        return True, self._report_missed(due, "while the machine was suspended")

    def _report_missed(self, first: datetime, cause: str) -> datetime:
        """Report what was missed since a due time; return the last missed due time."""
        last = max(first, self._options.trigger.last_until(self._clock()))
        what = f"What was due at {self._local(first)}"
        if last > first:
            what = f"What was due from {self._local(first)} to {self._local(last)}"
        done = "one run replaces it now" if self._options.catch_up else "skipped"
        self._say(f"{what} was missed {cause}: {done}")
        return last

    def _keep(self, last_due: datetime) -> None:
        """Write the last due time; a full disk must not stop the schedule."""
        try:
            self._state.keep(self._options.trigger, last_due)
        except OSError as error:
            self._say(f"{storage_failure(error)}. The schedule continues; after a restart it may repeat its last run")

    def _report(self, result: ProcessResult) -> None:
        self._outcomes[result.outcome] += 1
        self._show(f"{self._local(self._clock())}  {result}")

    def _report_end(self) -> None:
        done = ", ".join(f"{number} {outcome}" for outcome, number in self._outcomes.items()) or "no run yet"
        how = "runs missed in between are replaced by one at its start"
        if not self._options.catch_up:
            how = "runs missed in between are skipped"
        self._say(f"Stopped. Done: {done}. The same command resumes the schedule; {how}, and no run is repeated.")

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self._options.trigger.zone).strftime("%Y-%m-%d %H:%M:%S")
