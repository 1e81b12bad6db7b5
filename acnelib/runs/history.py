"""The history of runs: the progress of each by its targets, and its end by its outcome record."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acnelib.runs.outcome import OutcomeRecord, RunOutcome
from acnelib.runs.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}")


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """One run, finished or not.

    Attributes:
        source: Name of its source.
        at: Its time, by which it can be resumed.
        outcome: How it ended; unfinished: it is running, or its process was killed.
        reached: The last stage that all its candidates have passed; None: none.
        decision: ``promoted``, ``rejected`` or ``unchanged``, if the gate decided.
        version: The registered version, if the run registered one.
        seconds: Its duration; None if unknown.
        task: The task that failed.
        reasons: The reasons of the outcome, in sentences.
    """

    source: str
    at: str
    outcome: RunOutcome
    reached: Stage | None
    decision: str | None
    version: str | None
    seconds: float | None
    task: str | None
    reasons: tuple[str, ...]


def past_runs(workdir: Path, *, limit: int | None = None) -> tuple[PastRun, ...]:
    """Return the runs of a working folder, latest first, without any server.

    Args:
        workdir: The working folder.
        limit: Maximum number; None: all.
    """
    return tuple(_past_run(folder) for folder in run_folders(workdir)[:limit])


def run_folders(workdir: Path) -> list[Path]:
    """Return the folders of the runs of a working folder, latest first."""
    folders = (folder for folder in workdir.glob("*/*") if _TIME.fullmatch(folder.name) and folder.is_dir())
    return sorted(folders, key=lambda folder: (folder.name, folder.parent.name), reverse=True)


def _past_run(folder: Path) -> PastRun:
    record, promoted = OutcomeRecord.read(folder), _target(folder, "promote")
    registered = promoted or _target(folder, "register")
    decision = promoted.get("decision")
    if record is not None:
        outcome, reasons = record.outcome, record.reasons
    else:  # a run of the command `luigi`, a killed one, or one that is running
        outcome = RunOutcome(decision) if decision in set(RunOutcome) else RunOutcome.UNFINISHED
        reasons = tuple(promoted.get("reasons", ()))
    return PastRun(
        source=folder.parent.name,
        at=folder.name,
        outcome=outcome,
        reached=_reached(folder),
        decision=decision,
        version=registered.get("version"),
        seconds=record.seconds if record else None,
        task=record.task if record else None,
        reasons=reasons,
    )


def _reached(folder: Path) -> Stage | None:
    """Return the last stage of which there is a target; a stage of candidates counts when the last one has passed."""
    found = [path.stem.partition("-") for path in folder.glob("*.json")]
    candidates = {stage: {name for head, _, name in found if head == stage} for stage in Stage}
    most = max((len(names) for names in candidates.values()), default=0)
    per_candidate = {Stage.ADAPT, Stage.FEATURES, Stage.TRAIN, Stage.EVALUATE}
    passed = [
        stage for stage, names in candidates.items() if names and (stage not in per_candidate or len(names) == most)
    ]
    return passed[-1] if passed else None


def _target(folder: Path, stage: str) -> dict[str, Any]:
    try:
        values = json.loads((folder / f"{stage}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
