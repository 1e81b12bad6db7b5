"""Trainings on a cadence: when they are due, one run in a process of its own, and what systemd or cron would need.

What may live here: cadences, the loop that follows one, the texts of units. The cadence knows no clock and the loop
no pipeline; a run is a subprocess of the command line, so nothing here needs TensorFlow, MLflow or Luigi.
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
