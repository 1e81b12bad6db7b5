"""Runs as the working folder remembers them: how far each came by its targets, and how it ended by ``ending.json``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from acnelib.runs.stage import Stage
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from pathlib import Path

OUTCOME_FILE = "ending.json"

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}")


class RunOutcome(StrEnum):
    """How a run ended."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, kw_only=True)
class OutcomeRecord:
    """What a run leaves about its end, beside its targets.

    Attributes:
        ending: How it ended; stopped: where ``--until`` said so.
        reasons: Why, in sentences without paths.
        seconds: How long it took, this time.
        task: The task that failed.
        told: The event that the webhook was told of; None: nothing, or it could not be reached.
    """

    ending: RunOutcome
    reasons: tuple[str, ...] = ()
    seconds: float
    task: str | None = None
    told: str | None = None

    def write(self, run: Path) -> None:
        """Write it into the folder of the run."""
        write_json(run / OUTCOME_FILE, asdict(self))

    @classmethod
    def read(cls, run: Path) -> OutcomeRecord | None:
        """Return what a run left; None where it left nothing, or nothing that can be understood."""
        try:
            values = json.loads((run / OUTCOME_FILE).read_text())
            return cls(
                ending=RunOutcome(values["ending"]),
                reasons=tuple(map(str, values["reasons"])),
                seconds=float(values["seconds"]),
                task=values.get("task"),
                told=values.get("told"),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """One run, finished or not.

    Attributes:
        source: Name of its source.
        at: Its time, to go on with it.
        ending: How it ended; unfinished: it is under way, or its process was killed.
        reached: The last stage that all its candidates have passed; None: none.
        decision: ``promoted``, ``rejected`` or ``unchanged``, where the gate was asked.
        version: The registered version, where it came that far.
        seconds: How long it took; None where that is not known.
        task: The task that failed.
        reasons: Why it ended so, in sentences.
    """

    source: str
    at: str
    ending: RunOutcome
    reached: Stage | None
    decision: str | None
    version: str | None
    seconds: float | None
    task: str | None
    reasons: tuple[str, ...]


def past_runs(workdir: Path, *, limit: int | None = None) -> tuple[PastRun, ...]:
    """Return the runs of a working folder, the latest first; no server is asked.

    Args:
        workdir: The working folder.
        limit: How many at most; None: all.
    """
    folders = (folder for folder in workdir.glob("*/*") if _TIME.fullmatch(folder.name) and folder.is_dir())
    latest_first = sorted(folders, key=lambda folder: (folder.name, folder.parent.name), reverse=True)
    return tuple(_past_run(folder) for folder in latest_first[:limit])


def _past_run(folder: Path) -> PastRun:
    kept, promoted = OutcomeRecord.read(folder), _target(folder, "promote")
    registered = promoted.get("registered") or _target(folder, "register")
    decision = promoted.get("decision")
    if kept is not None:
        ending, reasons = kept.ending, kept.reasons
    else:  # by the command `luigi`, by an older version of acnelib, killed, or under way
        ending = RunOutcome(decision) if decision in set(RunOutcome) else RunOutcome.UNFINISHED
        reasons = tuple(promoted.get("reasons", ()))
    return PastRun(
        source=folder.parent.name,
        at=folder.name,
        ending=ending,
        reached=_reached(folder),
        decision=decision,
        version=registered.get("version"),
        seconds=kept.seconds if kept else None,
        task=kept.task if kept else None,
        reasons=reasons,
    )


def _reached(folder: Path) -> Stage | None:
    """Return the last stage of which there is a target; a stage of candidates counts when the last one has passed."""
    found = [path.stem.partition("-") for path in folder.glob("*.json")]
    candidates = {stage: {name for head, _, name in found if head == stage} for stage in Stage}
    most = max((len(names) for names in candidates.values()), default=0)
    per_candidate = {Stage.FEATURES, Stage.TRAIN, Stage.EVALUATE}
    passed = [
        stage for stage, names in candidates.items() if names and (stage not in per_candidate or len(names) == most)
    ]
    return passed[-1] if passed else None


def _target(folder: Path, stage: str) -> dict[str, Any]:
    try:
        values = json.loads((folder / f"{stage}.json").read_text())
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
