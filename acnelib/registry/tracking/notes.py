"""Descriptions in the MLflow UI as Markdown: a default where there is none, and decisions above any."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.registry.decisions import Decision
from acnelib.registry.tracking.saved_view import save_view
from acnelib.text.markdown import plain_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow import MlflowClient

    from acnelib.registry.decisions import DecisionRecord

NOTE = "mlflow.note.content"
"""The tag of runs and experiments that the UI shows as their description."""

MOST_CHARACTERS = 4900
"""The limit of MLflow's databases, with a small reserve."""

_RULE = "\n\n---\n\n"
_BEGINNINGS = tuple(f"{str(decision).capitalize()} by " for decision in Decision)
_CUT = "\n\n*Cut here; the whole is in the version's artifacts.*"


def fitting(text: str) -> str:
    """Return a note cut between two lines where it is longer than MLflow keeps."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[: MOST_CHARACTERS - len(_CUT)].rpartition("\n")[0] + _CUT


def decided(records: Sequence[DecisionRecord], before: str) -> str:
    """Return the description of a version: what was decided, the latest first, above what stood there before.

    Args:
        records: Decisions on the version, oldest first.
        before: Its description; an earlier account of decisions in it is replaced.
    """
    head, rule, tail = before.partition(_RULE)
    about = (tail if rule else "") if head.startswith(_BEGINNINGS) else before
    account = "\n\n".join(_account(record) for record in reversed(records))
    return fitting(account + _RULE + about if about else account)


def _account(record: DecisionRecord) -> str:
    when = record.decided_at[:16].replace("T", " ")
    before = f"; production was version {record.previous}" if record.previous else ""
    # Not bold: the list of versions shows the beginning as it is written.
    who = plain_markdown(f"{record.by} ({record.user})")
    lines = [f"{str(record.decision).capitalize()} by {who} at {when} UTC{before}", ""]
    lines.extend(f"- {plain_markdown(reason)}" for reason in record.reasons)
    if record.numbers:
        numbers = ", ".join(f"{name} {number:.4g}" for name, number in record.numbers.items())
        lines.append(f"- numbers: {numbers}")
    return "\n".join(lines)


def introduce(client: MlflowClient, *, experiment_id: str, experiment: str, model: str, model_note: str) -> None:
    """Describe the experiment and the registered model, each where it has no description, and save the view of runs."""
    if not client.get_experiment(experiment_id).tags.get(NOTE):
        client.set_experiment_tag(experiment_id, NOTE, fitting(experiment))
    save_view(client, experiment_id, at=round(time.time() * 1000))
    if not client.get_registered_model(model).description:
        client.update_registered_model(model, fitting(model_note))
