"""Thin Luigi tasks: parameters, requires, output, one call of a stage; no decision in a task.

``luigi --module luigi_tasks Pipeline --source sample`` runs the pipeline from an atlas page to a promoted model.
"""

from luigi_tasks import configuration
from luigi_tasks.scheduler_client import keep_logins_apart
from luigi_tasks.score import Score
from luigi_tasks.tasks import Curate, Evaluate, Features, Pipeline, Promote, Register, Scrape, Split, Train

__all__ = [
    "Curate",
    "Evaluate",
    "Features",
    "Pipeline",
    "Promote",
    "Register",
    "Score",
    "Scrape",
    "Split",
    "Train",
    "configuration",
]

keep_logins_apart()
