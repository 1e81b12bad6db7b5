"""The loop that follows a cadence: one run at a time, whatever the clock and the runs do."""

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
"""Longest sleep: a stop is noticed that soon, and so is that the machine slept meanwhile."""

TOLERANCE = timedelta(seconds=60)
"""A run that begins later than this after its time was missed: the machine slept."""


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(tz=UTC)


@dataclass(frozen=True, kw_only=True)
class ScheduleOptions:
    """What a schedule is to do.

    Attributes:
        trigger: When runs are due.
        jitter: Seconds; each run begins up to so much later, by chance.
        catch_up: One run makes up for all that were missed; otherwise they are skipped.
    """

    trigger: CronTrigger
    jitter: float = 0.0
    catch_up: bool = True


class Scheduler:
    """Runs what is due, one at a time, until it is stopped; a run that fails ends nothing.

    A due time is missed when the machine was off or asleep, or another run was under way.

    Args:
        options: When runs are due.
        state: Where the last due time is kept.
        run: Does one run.
        show: Given each run's outcome in one line.
        say: Given everything else worth telling, in one line each.
        clock: Gives the time in UTC.
        sleep: Waits some seconds.
        generator: Where the jitter comes from.
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
        """End soon: nothing new is begun; safe in a signal handler."""
        self._stopped = True

    def follow(self) -> None:
        """Run what is due until stopped; then say what is done and how to go on.

        Raises:
            StorageFailed: What is remembered of the schedule cannot be read.
        """
        trigger = self._options.trigger
        last_due = self._state.last_due(trigger)
        if last_due is None:
            last_due = self._clock()
            self._keep(last_due)
        cause = "while no schedule was running"
        while not self._stopped:
            due = trigger.next_after(last_due)
            if late := due <= self._clock():
                due = self._told_of_missed(due, cause)
            else:
                late, due = self._wait(due)
            if self._stopped:
                break
            if not late or self._options.catch_up:
                result = self._run()
                self._tell(result)
                if self._stopped and result.outcome is RunOutcome.INTERRUPTED:
                    break  # not remembered, so that it counts as missed at the next start
            last_due = due
            self._keep(last_due)
            cause = "while a run was under way"
        self._say_goodbye()

    def _wait(self, due: datetime) -> tuple[bool, datetime]:
        """Wait for a due time and the jitter; return whether it was missed, and the last due time by then."""
        begin = due + timedelta(seconds=self._generator.uniform(0, self._options.jitter))
        self._say(f"Next run at {self._local(begin)} (Ctrl-C stops the schedule)")
        while not self._stopped and (left := (begin - self._clock()).total_seconds()) > 0:
            self._sleep(min(left, PIECE_SECONDS))
        if self._stopped or self._clock() - begin <= TOLERANCE:
            return False, due
        return True, self._told_of_missed(due, "while the machine slept")

    def _told_of_missed(self, first: datetime, cause: str) -> datetime:
        """Tell what was missed from a due time on; return the last that was."""
        last = max(first, self._options.trigger.last_until(self._clock()))
        what = f"What was due at {self._local(first)}"
        if last > first:
            what = f"What was due from {self._local(first)} to {self._local(last)}"
        done = "one run makes up for it now" if self._options.catch_up else "skipped"
        self._say(f"{what} was missed {cause}: {done}")
        return last

    def _keep(self, last_due: datetime) -> None:
        """Remember how far the schedule came; a full disk must not end it."""
        try:
            self._state.keep(self._options.trigger, last_due)
        except OSError as error:
            self._say(f"{storage_failure(error)}. The schedule goes on, and a start anew may repeat its last run")

    def _tell(self, result: ProcessResult) -> None:
        self._outcomes[result.outcome] += 1
        self._show(f"{self._local(self._clock())}  {result}")

    def _say_goodbye(self) -> None:
        done = ", ".join(f"{number} {outcome}" for outcome, number in self._outcomes.items()) or "no run yet"
        how = "a run missed meanwhile is made up for at its start"
        if not self._options.catch_up:
            how = "a run missed meanwhile is skipped"
        self._say(f"Stopped. Done: {done}. The same command goes on; {how}, and nothing is done twice.")

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self._options.trigger.zone).strftime("%Y-%m-%d %H:%M:%S")
