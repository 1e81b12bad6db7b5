"""Units for systemd and lines for cron that follow the same trigger; they never contain credentials."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acnelib.config.settings import NAMES
from acnelib.config.tls import VARIABLES as TLS_VARIABLES
from acnelib.errors import UsageError
from acnelib.schedule.state import LOCK
from acnelib.storage.trust import VARIABLE as TRUST_VARIABLE
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from acnelib.schedule.cron_fields import CronFields
    from acnelib.schedule.scheduler import ScheduleOptions

VARIABLES = (
    "ACNE_HOME",
    TRUST_VARIABLE,
    *(f"ACNE_{name.upper()}" for name in NAMES),
    "MLFLOW_TRACKING_URI",
    *TLS_VARIABLES,
)
"""Variables of the settings and of TLS; no others are forwarded."""

CREDENTIALS = re.compile(r"://[^/?#]*@|://.*[?#]")
"""A URL with a user name or a query, which may contain secrets."""

SECRET = frozenset({"ACNE_WEBHOOK"})
"""Variables whose whole URL is a secret, since it identifies the user to a messaging service."""

WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run that systemd or cron starts.

    Attributes:
        sources: Names of the sources of the classes.
        name: Name of these together, from which the units are named.
        command: The whole command, with the absolute path of its program.
        directory: The current folder of the command.
        folder: The sources' folder in the working folder.
        environment: Variables of the command.
    """

    sources: tuple[str, ...]
    name: str
    command: tuple[str, ...]
    directory: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def forwarded_environment(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the variables of the settings that are set, and the names of those withheld as possible secrets."""
    named = {name: environ[name] for name in VARIABLES if environ.get(name)}
    withheld = [name for name, value in named.items() if CREDENTIALS.search(value) or name in SECRET]
    return {name: value for name, value in named.items() if name not in withheld}, withheld


def systemd_units(options: ScheduleOptions, job: Job) -> dict[str, str]:
    """Return the texts of a user service and its timer by file name.

    Raises:
        UsageError: A path or an option has a line break.
    """
    _refuse_line_breaks(job)
    name = f"acne-{job.name.replace('+', '_')}"  # systemd allows no plus sign
    sources = ", ".join(job.sources)
    environment = [f"Environment={_quoted(f'{key}={value}')}" for key, value in job.environment.items()]
    service = [
        "[Unit]",
        f"Description=One run of acne pipeline on {sources}",
        "",
        "[Service]",
        "Type=oneshot",
        f"WorkingDirectory={str(job.directory).replace('%', '%%')}",
        *environment,
        f"ExecStart={' '.join(_quoted(word).replace('$', '$$') for word in job.command)}",
        "KillMode=process",  # servers that a run started are shared, and keep running
        "KillSignal=SIGINT",
        "SuccessExitStatus=130",
    ]
    timer = [
        "[Unit]",
        f"Description=acne pipeline on {sources} at {options.trigger.text}",
        "",
        "[Timer]",
        *(f"OnCalendar={times}" for times in _calendar(options.trigger.fields)),
        f"Persistent={'true' if options.catch_up else 'false'}",
        *([f"RandomizedDelaySec={options.jitter:g}"] if options.jitter else []),
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return {f"{name}.service": "\n".join(service) + "\n", f"{name}.timer": "\n".join(timer) + "\n"}


def crontab_line(options: ScheduleOptions, job: Job) -> str:
    """Return one line for ``crontab -e``; it does nothing while a schedule or its previous run is active.

    Raises:
        UsageError: A path or an option has a line break, or the jitter is not a whole number of seconds.
    """
    _refuse_line_breaks(job)
    variables = [f"{name}={shlex.quote(value)}" for name, value in job.environment.items()]
    folder = shlex.quote(str(job.folder))
    alone = shlex.join(["flock", "-n", "-E", "0", str(job.folder / LOCK), *job.command])
    steps = [
        *([f'sleep "$(shuf -n 1 -i 0-{int(options.jitter)})"'] if options.jitter else []),
        f"cd {shlex.quote(str(job.directory))}",
        f"(umask 077; mkdir -p {folder} && touch {folder}/{LOCK})",
        " ".join([*variables, alone]),
    ]
    return f"{options.trigger.text} {' && '.join(steps)}".replace("%", r"\%")  # a bare % is cron's line break


def _calendar(fields: CronFields) -> list[str]:
    """Return systemd's calendar expressions; it knows no "either day or weekday", so there may be two."""

    def times(days: Collection[int] = (), weekdays: Collection[int] = ()) -> str:
        names = "" if len(weekdays) == 7 else ",".join(WEEKDAYS[number] for number in sorted(weekdays))
        date = f"*-{_listed(fields.months, 12)}-{_listed(days, 31)}"
        return f"{names} {date} {_listed(fields.hours, 24)}:{_listed(fields.minutes, 60)}:00".strip()

    if fields.every_day:
        return [times()]
    if fields.needs_both_days:
        return [times(fields.days, fields.weekdays)]
    return [times(fields.days), times(weekdays=fields.weekdays)]


def _listed(values: Collection[int], every: int) -> str:
    return "*" if len(values) in {0, every} else ",".join(f"{value:02}" for value in sorted(values))


def _quoted(word: str) -> str:
    """Quote a word for systemd."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[\w@+=:,./%-]+", word, re.ASCII):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_line_breaks(job: Job) -> None:
    for text in (*job.command, str(job.directory), str(job.folder), *job.environment.values()):
        if visible(text) != text:  # what is printed would not be the text
            raise UsageError(f"{text!r} has a line break or another control character: rename it")
