"""Trainings on a cadence: when they are due, one run in a process of its own, and what systemd or cron would need.

What may live here: cadences, the loop that follows one, the texts of units. The cadence knows no clock and the loop
no pipeline; a run is a subprocess of the command line, so nothing here needs TensorFlow, MLflow or Luigi.
"""

from acnelib.schedule.cadence import Cadence
from acnelib.schedule.memory import ScheduleMemory, only_schedule
from acnelib.schedule.runner import PipelineRunner
from acnelib.schedule.schedule import Plan, Schedule
from acnelib.schedule.units import Job, crontab_line, systemd_units, taken_along

__all__ = [
    "Cadence",
    "Job",
    "PipelineRunner",
    "Plan",
    "Schedule",
    "ScheduleMemory",
    "crontab_line",
    "only_schedule",
    "systemd_units",
    "taken_along",
]
