"""The trigger of runs: a cron expression in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from croniter import croniter  # type: ignore[import-untyped]  # ships no types
from dateutil.tz import gettz  # type: ignore[import-untyped]  # its types are another package

from acnelib.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

ALIASES = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
WORDS = re.compile(r"[a-z]+")
NAMES = frozenset(
    "jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat".split()  # noqa: SIM905 - reads better
)
FIELDS = 5
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
            UsageError: It is not a cron expression, has extensions that cron does not support, or is never due.
        """
        text = " ".join(text.split()).lower()
        if text not in ALIASES:
            words = set(WORDS.findall(text))
            if len(text.split()) != FIELDS or re.search(r"[^0-9a-z*,/ -]", text) or not words <= NAMES:
                raise UsageError(f"{text!r} is not a cron expression: {EXAMPLE}")
        trigger = cls(text, zone or gettz() or UTC)
        try:
            trigger.next_after(datetime.now(tz=UTC))
        except ValueError as error:  # croniter's own errors are
            raise UsageError(f"{text!r} is not a cron expression ({error}): {EXAMPLE}") from error
        return trigger

    def next_after(self, moment: datetime) -> datetime:
        """Return the first due time after a moment."""
        found: datetime = croniter(self.text, moment.astimezone(self.zone)).get_next(datetime)
        return found.astimezone(UTC)

    def last_until(self, moment: datetime) -> datetime:
        """Return the last due time that is not after a moment."""
        # In UTC, since local arithmetic cannot tell the two equal hours in autumn apart.
        just_after = (moment.astimezone(UTC) + timedelta(microseconds=1)).astimezone(self.zone)
        found: datetime = croniter(self.text, just_after).get_prev(datetime)
        return found.astimezone(UTC)

    def fields(self) -> tuple[tuple[int, ...], ...]:
        """Return the values of minute, hour, day, month and weekday (Sunday is 0); empty: every one."""
        values, _ = croniter.expand(self.text)
        return tuple(() if "*" in of else tuple(int(value) for value in of) for of in values)
