"""Printed units: what systemd and cron get of a schedule, and the line that a shell runs."""

import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acnelib.errors import UsageError
from acnelib.schedule import (
    CronTrigger,
    Job,
    ScheduleOptions,
    crontab_line,
    exclusive_schedule,
    forwarded_environment,
    systemd_units,
)

MONDAYS = CronTrigger.parse("0 3 * * 1", zone=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def job(tmp_path):
    folder = tmp_path / '50 % of "it" $HOME'
    folder.mkdir()
    program = folder / "acne"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return Job(
        sources=("sample",),
        name="sample",
        command=(str(program), "pipeline", "--source", "sample"),
        directory=folder,
        folder=folder / "work" / "sample",
        environment={"ACNE_WORKDIR": str(folder / "work")},
    )


def test_only_settings_without_credentials_are_taken_along():
    environment, withheld = forwarded_environment(
        {
            "ACNE_HOME": "/home/me/acne",
            "ACNE_CONTACT": "mailto:me@example.org",
            "ACNE_TRACKING_URI": "https://me:hidden@example.org",
            "MLFLOW_TRACKING_URI": "https://example.org/?token=hidden",
            "ACNE_TOKEN": "hidden",
            "AWS_SECRET_ACCESS_KEY": "hidden",
        }
    )
    assert environment == {"ACNE_HOME": "/home/me/acne", "ACNE_CONTACT": "mailto:me@example.org"}
    assert withheld == ["ACNE_TRACKING_URI", "MLFLOW_TRACKING_URI"]


def test_day_and_weekday_together_are_two_calendars_since_cron_means_either(job):
    units = systemd_units(
        ScheduleOptions(trigger=CronTrigger.parse("*/20 3 1 * mon,fri"), catch_up=False, jitter=90), job
    )
    timer = units["acne-sample.timer"].splitlines()
    assert "OnCalendar=*-*-01 03:00,20,40:00" in timer
    assert "OnCalendar=Mon,Fri *-*-* 03:00,20,40:00" in timer
    assert {"Persistent=false", "RandomizedDelaySec=90"} <= set(timer)


def test_systemd_leaves_the_servers_that_a_run_has_started(job):
    service = systemd_units(ScheduleOptions(trigger=MONDAYS), job)["acne-sample.service"]
    assert "KillMode=process" in service.splitlines()


def test_a_shell_runs_the_crontab_line_with_every_path_as_it_is(job):
    Path(job.command[0]).write_text('#!/bin/sh\necho "$PWD|$ACNE_WORKDIR|$*"\n')
    line = crontab_line(ScheduleOptions(trigger=MONDAYS), job)
    assert line.startswith("0 3 * * 1 cd ")
    command = line.removeprefix("0 3 * * 1 ").replace(r"\%", "%")  # as cron does
    ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{job.directory}|{job.directory}/work|pipeline --source sample\n"


def test_the_crontab_line_does_nothing_while_a_schedule_is_followed(job):
    Path(job.command[0]).write_text("#!/bin/sh\necho began\n")
    command = crontab_line(ScheduleOptions(trigger=MONDAYS), job).removeprefix("0 3 * * 1 ").replace(r"\%", "%")
    with exclusive_schedule(job.folder):
        ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout == ""


def test_a_line_break_in_a_path_is_refused(job):
    broken = Job(
        sources=("sample",), name="sample", command=("/bin/acne\n[Evil]",), directory=job.directory, folder=job.folder
    )
    with pytest.raises(UsageError, match="rename it"):
        systemd_units(ScheduleOptions(trigger=MONDAYS), broken)


@pytest.mark.parametrize(
    ("expression", "calendars"),
    [
        ("0 3 10-12 * 1", ["*-*-10,11,12 03:00:00", "Mon *-*-* 03:00:00"]),
        ("0 3 */10 * 1", ["Mon *-*-01,11,21,31 03:00:00"]),
        ("0 3 10 * */3", ["Sun,Wed,Sat *-*-10 03:00:00"]),
        ("0 3 1-31 * 1", ["*-*-* 03:00:00"]),
        ("0 3 10 * 0-7", ["*-*-* 03:00:00"]),
        ("0 3 10 * *", ["*-*-10 03:00:00"]),
        ("@weekly", ["Sun *-*-* 00:00:00"]),
    ],
)
def test_systemd_and_cron_get_the_same_days(job, expression, calendars):
    options = ScheduleOptions(trigger=CronTrigger.parse(expression))
    timer = systemd_units(options, job)["acne-sample.timer"].splitlines()
    assert [line.removeprefix("OnCalendar=") for line in timer if line.startswith("OnCalendar=")] == calendars
    assert crontab_line(options, job).startswith(f"{expression} ")
