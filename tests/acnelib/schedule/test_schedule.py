"""Runs on a cadence: what is due is run once, whatever the clock, the runs and the machine do."""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acnelib.errors import StorageFailed, UsageError
from acnelib.runs.outcome import RunOutcome
from acnelib.runs.process import ProcessResult
from acnelib.schedule import (
    CronTrigger,
    PipelineRunner,
    ScheduleOptions,
    Scheduler,
    ScheduleState,
    exclusive_schedule,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAYS = CronTrigger.parse("0 3 * * 1", zone=BERLIN)
UNCHANGED = ProcessResult(outcome=RunOutcome.UNCHANGED, reason="no photo changed", answer={"seconds": 2.0})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@dataclass
class World:
    """A clock that only sleeping and running moves, and runs that record when they began."""

    memory: ScheduleState
    time: datetime
    seconds_per_run: float = 2.0
    runs: int = 3
    outcomes: list[ProcessResult] = field(default_factory=list)
    began: list[datetime] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asleep: timedelta = timedelta()

    def follow(self, cadence, *, run=None, seed=0, **plan):
        """Follow a cadence until so many runs were done."""
        self.schedule = Scheduler(
            ScheduleOptions(trigger=cadence, **plan),
            state=self.memory,
            run=run or self.run,
            show=self.shown.append,
            say=self.said.append,
            clock=lambda: self.time,
            sleep=self.sleep,
            generator=random.Random(seed),
        )
        self.schedule.follow()

    def sleep(self, seconds):
        self.time = self.time + timedelta(seconds=seconds) + self.asleep
        self.asleep = timedelta()

    def run(self):
        self.began.append(self.time)
        self.time += timedelta(seconds=self.seconds_per_run)
        if len(self.began) == self.runs:
            self.schedule.stop()
        return self.outcomes.pop(0) if self.outcomes else UNCHANGED

    @property
    def began_at(self):
        return [moment.astimezone(BERLIN).strftime("%m-%d %H:%M:%S") for moment in self.began]


@pytest.fixture
def world(tmp_path):
    # in UTC, since Python adds to a local time without regard to its clock's changes
    return World(ScheduleState.of(tmp_path), at("2026-11-25T12:00").astimezone(ZoneInfo("UTC")))


def test_three_runs_begin_when_they_are_due(world):
    world.follow(CronTrigger.parse("0 3 * * *", zone=BERLIN))
    assert world.began_at == ["11-26 03:00:00", "11-27 03:00:00", "11-28 03:00:00"]
    assert world.shown[0] == "2026-11-26 03:00:02  unchanged in 2.0 s: no photo changed"


def test_a_run_that_fails_ends_nothing(world):
    world.outcomes = [ProcessResult(outcome=RunOutcome.FAILED, reason="the site refuses")]
    world.follow(CronTrigger.parse("@hourly", zone=BERLIN))
    assert world.shown[0].endswith("failed: the site refuses")
    assert world.said[-1].startswith("Stopped. Done: 1 failed, 2 unchanged. ")


def test_a_program_that_cannot_be_run_is_a_failed_run():
    outcome = PipelineRunner([], forward=print, command=["/no/such/program"])()
    assert outcome.outcome is RunOutcome.FAILED
    assert "/no/such/program cannot be run here" in outcome.reason


def test_what_was_missed_is_caught_up_once_at_the_start(world):
    world.memory.keep(MONDAYS, at("2026-11-02T03:00"))  # a Monday; the 9th, 16th and 23rd follow
    world.runs = 2
    world.follow(MONDAYS)
    assert world.began_at == ["11-25 12:00:00", "11-30 03:00:00"]
    assert world.said[0] == (
        "What was due from 2026-11-09 03:00:00 to 2026-11-23 03:00:00 was missed while no schedule was running: "
        "one run replaces it now"
    )


def test_what_was_missed_can_be_skipped(world):
    world.memory.keep(MONDAYS, at("2026-11-02T03:00"))
    world.runs = 1
    world.follow(MONDAYS, catch_up=False)
    assert world.began_at == ["11-30 03:00:00"]
    assert world.said[0].endswith("skipped")


def test_nothing_was_missed_at_the_first_start_or_under_another_cadence(world):
    world.memory.keep(CronTrigger.parse("@hourly"), at("2026-11-02T03:00"))
    world.runs = 1
    world.follow(MONDAYS)
    assert world.began_at == ["11-30 03:00:00"]


def test_a_machine_that_sleeps_through_a_due_time_makes_up_for_it_once_awake(world):
    world.asleep, world.runs = timedelta(days=14), 1
    world.follow(MONDAYS)
    assert world.began_at == ["12-09 12:00:01"]
    assert "was missed while the machine was suspended: one run" in world.said[1]


def test_what_falls_due_during_a_run_is_run_once_after_it(world):
    world.seconds_per_run = 190
    world.follow(CronTrigger.parse("* * * * *", zone=BERLIN), catch_up=True)
    assert world.began_at == ["11-25 12:01:00", "11-25 12:04:10", "11-25 12:07:20"]
    assert "from 2026-11-25 12:02:00 to 2026-11-25 12:04:00 was missed while another run was active" in world.said[1]


def test_what_falls_due_during_a_run_is_skipped_if_the_missed_are(world):
    world.seconds_per_run = 190
    world.follow(CronTrigger.parse("* * * * *", zone=BERLIN), catch_up=False)
    assert world.began_at == ["11-25 12:01:00", "11-25 12:05:00", "11-25 12:09:00"]


def test_jitter_delays_by_chance_and_never_beyond_its_bound(world):
    world.runs = 40
    world.follow(CronTrigger.parse("@hourly", zone=BERLIN), jitter=300, seed=7)
    delays = [moment.minute * 60 + moment.second + moment.microsecond / 1e6 for moment in world.began]
    assert 0 <= min(delays) < 60
    assert 240 < max(delays) <= 300


def test_the_same_seed_gives_the_same_delays(tmp_path):
    worlds = [World(ScheduleState.of(tmp_path / name), at("2026-11-25T12:00")) for name in "ab"]
    for world in worlds:
        world.follow(CronTrigger.parse("@hourly", zone=BERLIN), jitter=300, seed=0)
    assert worlds[0].began == worlds[1].began


def test_a_time_that_the_clock_jumps_over_is_due_right_after_the_jump(world):
    world.time, world.runs = at("2027-03-27T12:00").astimezone(ZoneInfo("UTC")), 2
    world.follow(CronTrigger.parse("30 2 * * *", zone=BERLIN))
    assert world.began_at == ["03-28 03:00:00", "03-29 02:30:00"]


def test_three_in_the_morning_stays_so_across_the_change_to_winter(world):
    world.time = at("2027-10-29T12:00").astimezone(ZoneInfo("UTC"))
    world.follow(CronTrigger.parse("0 3 * * *", zone=BERLIN))
    assert world.began_at == ["10-30 03:00:00", "10-31 03:00:00", "11-01 03:00:00"]
    assert world.began[1] - world.began[0] == timedelta(hours=25)


def test_an_interrupted_run_counts_as_missed_at_the_next_start(world):
    world.runs, world.outcomes = (
        1,
        [ProcessResult(outcome=RunOutcome.INTERRUPTED, reason="what it finished is kept")],
    )
    world.follow(MONDAYS)
    world.runs = 2
    world.follow(MONDAYS)
    assert world.began_at == ["11-30 03:00:00", "11-30 03:00:02"]


def test_a_stop_while_waiting_begins_nothing(world):
    def stop(seconds):
        world.schedule.stop()

    world.sleep = stop
    world.follow(MONDAYS)
    assert world.began == []
    assert world.said[-1].startswith("Stopped. Done: no run yet. The same command resumes the schedule; ")


def test_a_memory_that_cannot_be_understood_is_named(world):
    world.memory.path.write_text("{}")
    with pytest.raises(StorageFailed, match=r"schedule\.json is damaged .*: delete it"):
        world.follow(MONDAYS)


def test_a_second_schedule_of_a_folder_is_refused(tmp_path):
    folder = tmp_path / "sample"
    refused = pytest.raises(UsageError, match="another schedule for sample is running in")
    with exclusive_schedule(folder), refused, exclusive_schedule(folder):
        pytest.fail("there were two")
    with exclusive_schedule(folder):  # free again
        pass


@pytest.mark.parametrize(
    "text", ["", "every monday", "61 * * * *", "* * * *", "* * * * * *", "0 0 31 2 *", "0 0 L * *", "@reboot", "5;6"]
)
def test_what_is_no_cron_expression_is_told_in_one_line_with_an_example(text):
    with pytest.raises(UsageError, match=r'not a cron expression.*such as "0 3 \* \* 1" for Mondays') as reported:
        CronTrigger.parse(text)
    assert "\n" not in str(reported.value)


def test_a_real_run_on_photos_that_did_not_change_ends_unchanged(walked, world, monkeypatch):
    for name, value in walked.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(walked.root)
    networks = ["--backbone", "mobilenet_v1_0.25_96", "--backbone", "mobilenet_v1_0.25_128"]
    passed_on = []
    runner = PipelineRunner(["--source", "sample", *networks], forward=passed_on.append)

    def run():
        world.run()
        return runner()

    world.runs = 1
    world.follow(MONDAYS, run=run)
    assert "  unchanged, version 1 in " in world.shown[0]
    assert any(line.startswith("✓ Promote") for line in passed_on)
    assert json.loads(world.memory.path.read_text()) == {"cron": "0 3 * * 1", "last_due": "2026-11-30T03:00:00+01:00"}


@pytest.mark.parametrize(
    ("expression", "now", "last"),
    [
        ("*/10 * * * *", "2026-10-25T01:35+00:00", "2026-10-25T01:30+00:00"),
        ("*/10 * * * *", "2026-10-25T00:35+00:00", "2026-10-25T00:30+00:00"),
        ("@hourly", "2026-10-25T01:35+00:00", "2026-10-25T01:00+00:00"),
        ("@hourly", "2026-10-25T01:00+00:00", "2026-10-25T01:00+00:00"),
    ],
)
def test_in_the_hour_that_comes_twice_the_last_due_time_is_that_of_the_same_hour(expression, now, last):
    cadence = CronTrigger.parse(expression, zone=BERLIN)
    assert cadence.last_until(datetime.fromisoformat(now)) == datetime.fromisoformat(last)


JOINED = [
    # expression, first due times after Monday 2026-06-01 00:00, as cron has them: 2026-06-01 is a Monday
    ("0 3 */2 * 1", ["06-01", "06-15", "06-29"]),  # odd days that are Mondays
    ("0 3 * * 1", ["06-01", "06-08", "06-15"]),
    ("0 3 10 * *", ["06-10", "07-10", "08-10"]),
    ("0 3 10 * 1", ["06-01", "06-08", "06-10"]),  # the tenth, and Mondays
    ("0 3 1-31 * 1", ["06-01", "06-02", "06-03"]),  # each day, and Mondays
    ("0 3 10 * 0-6", ["06-01", "06-02", "06-03"]),
    ("0 3 10 * */2", ["09-10", "10-10", "11-10"]),  # the tenth, if it is Sunday, Tuesday, Thursday or Saturday
    ("0 3 10 * *,1", ["06-10", "07-10", "08-10"]),
    ("0 3 1,*/2 * 1", ["06-01", "06-03", "06-05"]),  # begins with 1: odd days, and Mondays
    ("0 3 * * 7", ["06-07", "06-14", "06-21"]),
    ("0 3 * * 6-7", ["06-06", "06-07", "06-13"]),
    ("0 3 29 2 */7", ["02-29"]),  # 2032 is the next year whose 29 February is a Sunday
]


@pytest.mark.parametrize(("expression", "days"), JOINED)
def test_day_and_weekday_join_as_in_crontab(expression, days):
    trigger, moment = CronTrigger.parse(expression, zone=BERLIN), at("2026-06-01T00:00")
    found = []
    for _ in days:
        moment = trigger.next_after(moment)
        found.append(moment.astimezone(BERLIN).strftime("%m-%d"))
    assert found == days
    assert trigger.last_until(moment) == moment


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("5/15 * * * *", "write 5-59/15"),  # cron programs disagree
        ("*/0 * * * *", "minute"),
        ("30-10 * * * *", "minute '30-10'"),
        ("0 3 * * fri-sun", "weekday 'fri-sun'"),
        ("0 3 jan * *", "day 'jan'"),
        ("0 3 0 * *", "day '0' is not from 1 to 31"),
        ("0 24 * * *", "hour '24' is not from 0 to 23"),
        ("0 3 * * 8", "weekday '8' is not from 0 to 7"),
        ("0 3 1, * *", "day ''"),
        ("0 3 30 2 *", "never due"),
    ],
)
def test_what_cron_itself_would_refuse_is_refused_with_the_field(expression, words):
    with pytest.raises(UsageError) as reported:
        CronTrigger.parse(expression)
    assert words in str(reported.value)


def test_a_due_time_in_the_future_is_reported_and_does_not_stop_the_schedule(world):
    world.memory.keep(MONDAYS, at("2031-01-06T03:00"))  # the clock was five years ahead
    world.runs = 1
    world.follow(MONDAYS)
    assert world.began_at == ["11-30 03:00:00"]
    assert "2031-01-06 03:00:00, is in the future" in world.said[0]
    assert "2026-11-25 12:00:00" in world.said[0]


def test_a_clock_that_is_set_back_during_the_wait_is_noticed(world):
    world.time, world.runs = at("2031-01-05T12:00").astimezone(ZoneInfo("UTC")), 1
    world.asleep = at("2026-11-25T12:00") - at("2031-01-05T12:00")
    world.follow(MONDAYS)
    assert world.began_at == ["11-30 03:00:00"]
    assert any("is in the future" in line for line in world.said)


def test_a_clock_that_is_set_back_by_seconds_changes_nothing(world):
    world.memory.keep(MONDAYS, at("2026-11-30T03:00"))
    world.time, world.runs = at("2026-11-30T02:59:50").astimezone(ZoneInfo("UTC")), 1
    world.follow(MONDAYS)
    assert world.began_at == ["12-07 03:00:00"]
    assert not any("is in the future" in line for line in world.said)
