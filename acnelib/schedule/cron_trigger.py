"""The trigger of runs: a cron expression in local time."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from croniter import CroniterBadDateError, croniter  # type: ignore[import-untyped]  # ships no types
from dateutil.tz import gettz  # type: ignore[import-untyped]  # its types are another package

from acnelib.errors import UsageError
from acnelib.schedule.cron_fields import CronFields

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

EXAMPLE = 'write minute, hour, day, month and weekday, such as "0 3 * * 1" for Mondays at 3:00'


@dataclass(frozen=True)
class CronTrigger:
    """A cron expression as in crontab(5), five fields or an alias such as ``@weekly``, and its time zone.

    Arguments and results are in UTC. A local time that is skipped in spring is due right after the change; one that
    occurs twice in autumn is due twice, an hour apart.

    Attributes:
        text: The expression.
        zone: The time zone of the expression.
    """

    text: str
    zone: tzinfo = field(repr=False)

    @classmethod
    def parse(cls, text: str, *, zone: tzinfo | None = None) -> CronTrigger:
        """Parse a cron expression.

        Args:
            text: The expression.
            zone: The zone of its times; default: this machine's.

        Raises:
            UsageError: It is not valid in crontab(5), or is never due.
        """
        text = " ".join(text.split()).lower()
        try:
            trigger = cls(text, zone or gettz() or UTC)
            trigger.next_after(datetime.now(tz=UTC))
        except CroniterBadDateError as error:
            raise UsageError(f"{text!r} is not a cron expression (it is never due): {EXAMPLE}") from error
        except ValueError as error:
            raise UsageError(f"{text!r} is not a cron expression ({error}): {EXAMPLE}") from error
        return trigger

    @functools.cached_property
    def fields(self) -> CronFields:
        """The values of the fields."""
        return CronFields.parse(self.text)

    def next_after(self, moment: datetime) -> datetime:
        """Return the first due time after a moment."""
        found: datetime = self._times(moment.astimezone(self.zone)).get_next(datetime)
        return found.astimezone(UTC)

    def last_until(self, moment: datetime) -> datetime:
        """Return the last due time that is not after a moment."""
        # In UTC, since local arithmetic cannot tell the two equal hours in autumn apart.
        just_after = (moment.astimezone(UTC) + timedelta(microseconds=1)).astimezone(self.zone)
        found: datetime = self._times(just_after).get_prev(datetime)
        return found.astimezone(UTC)

    def _times(self, start: datetime) -> croniter:
        """Return the due times around a local time; the rule for day and weekday is ours, croniter has another."""
        fields = self.fields
        days, weekdays = ((), ()) if fields.every_day else (fields.days, fields.weekdays)
        ranges = ((fields.minutes, 60), (fields.hours, 24), (days, 31), (fields.months, 12), (weekdays, 7))
        text = " ".join(_listed(values, every) for values, every in ranges)
        return croniter(text, start, day_or=not fields.needs_both_days)


def _listed(values: Collection[int], every: int) -> str:
    return "*" if len(values) in {0, every} else ",".join(map(str, sorted(values)))
