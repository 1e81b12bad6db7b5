"""The five fields of a cron expression, as crontab(5) defines them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(\d{1,2}|[a-z]{3})"
_PART = re.compile(rf"(?:\*|{_NUMBER}(?:-{_NUMBER})?)(?:/(\d{{1,2}}))?")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_WEEKDAYS = "sun mon tue wed thu fri sat"
_ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True, kw_only=True)
class _Field:
    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    first: int = 0

    def parse(self, text: str) -> frozenset[int]:
        """Return the values of a field.

        Raises:
            ValueError: It is not valid, with the reason.
        """
        return frozenset(value for part in text.split(",") for value in self._range(part))

    def _range(self, part: str) -> range:
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"{self.name} {part!r}")
        first, last, step = found.groups()
        if first is not None and last is None and step is not None:  # cron programs disagree on what it means
            raise ValueError(f"{self.name} {part!r} has a step but no range: write {first}-{self.most}/{step}")
        least = self.least if first is None else self._number(first)
        most = self.most if first is None else least if last is None else self._number(last)
        if least > most or (step is not None and int(step) == 0):
            raise ValueError(f"{self.name} {part!r}")
        return range(least, most + 1, int(step or 1))

    def _number(self, text: str) -> int:
        if text in self.names:
            return self.names.index(text) + self.first
        if not text.isdecimal() or not self.least <= int(text) <= self.most:
            raise ValueError(f"{self.name} {text!r} is not from {self.least} to {self.most}")
        return int(text)


_FIELDS = (
    _Field(name="minute", least=0, most=59),
    _Field(name="hour", least=0, most=23),
    _Field(name="day", least=1, most=31),
    _Field(name="month", least=1, most=12, names=tuple(_MONTHS.split()), first=1),
    _Field(name="weekday", least=0, most=7, names=tuple(_WEEKDAYS.split())),
)
_SUNDAY = 7


@dataclass(frozen=True, kw_only=True)
class CronFields:
    """The values of the fields.

    Attributes:
        minutes: 0 to 59.
        hours: 0 to 23.
        days: Days of the month, 1 to 31.
        months: 1 to 12.
        weekdays: 0 to 6; Sunday is 0.
        needs_both_days: Whether both day and weekday must match, since one of the fields begins with ``*``; otherwise
            either is sufficient.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    needs_both_days: bool

    @classmethod
    def parse(cls, text: str) -> CronFields:
        """Parse five fields in small letters, or an alias such as ``@weekly``.

        Raises:
            ValueError: They are not valid, with the reason.
        """
        texts = _ALIASES.get(text, text).split()
        if len(texts) != len(_FIELDS):
            raise ValueError(f"{len(texts)} fields")
        minutes, hours, days, months, weekdays = (field.parse(each) for field, each in zip(_FIELDS, texts, strict=True))
        return cls(
            minutes=minutes,
            hours=hours,
            days=days,
            months=months,
            weekdays=frozenset(day % _SUNDAY for day in weekdays),
            needs_both_days=texts[2].startswith("*") or texts[4].startswith("*"),
        )

    @property
    def every_day(self) -> bool:
        """Whether the day of the month and the weekday exclude no day."""
        every = (len(self.days) == 31, len(self.weekdays) == 7)
        return all(every) if self.needs_both_days else any(every)
