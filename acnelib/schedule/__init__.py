"""Scheduled training: cron triggers, the scheduler, and units for systemd or cron.

This package contains the trigger, the scheduler that follows it, and the texts of units. The trigger knows no clock,
and the scheduler no pipeline; a run is a subprocess of the command line, so that TensorFlow, MLflow and Luigi are not
needed here.
"""

from acnelib.schedule.cron_trigger import CronTrigger
from acnelib.schedule.runner import PipelineRunner
from acnelib.schedule.scheduler import ScheduleOptions, Scheduler
from acnelib.schedule.state import ScheduleState, exclusive_schedule
from acnelib.schedule.units import Job, crontab_line, forwarded_environment, systemd_units

__all__ = [
    "CronTrigger",
    "Job",
    "PipelineRunner",
    "ScheduleOptions",
    "ScheduleState",
    "Scheduler",
    "crontab_line",
    "exclusive_schedule",
    "forwarded_environment",
    "systemd_units",
]
