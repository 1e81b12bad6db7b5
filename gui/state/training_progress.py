"""The progress of a training: its steps as they come, and how it has ended; without Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from acnelib.runs.events import RunEvent, RunEventKind

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.runs.outcome import RunOutcome

STAGES = ("Scrape", "Curate", "Split", "Adapt", "Features", "Train", "Evaluate", "Register", "Promote")
"""The first words of the names of tasks, in order; the last task has nothing to do but wait for these."""


@dataclass(frozen=True, kw_only=True)
class TrainingStep:
    """One task of a training.

    Attributes:
        task: Its name.
        text: What it is doing.
        done: How many items are done.
        total: Of how many; 0 where that is unknown.
        is_finished: Whether it is finished.
    """

    task: str
    text: str = ""
    done: int = 0
    total: int = 0
    is_finished: bool = False

    @property
    def stage(self) -> int | None:
        """The place of its stage; None for a task that is no stage."""
        word = self.task.partition(" ")[0]
        return STAGES.index(word) if word in STAGES else None


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    """The steps of a training so far, in the order of their starts."""

    steps: tuple[TrainingStep, ...] = ()

    def after(self, event: RunEvent) -> TrainingProgress:
        """Return the progress after an event."""
        if event.event is RunEventKind.MESSAGE or not event.task:
            return self
        step = next((one for one in self.steps if one.task == event.task), TrainingStep(task=event.task))
        if event.event is RunEventKind.PROGRESSED:
            step = replace(step, text=event.text, done=event.done, total=event.total)
        step = replace(step, is_finished=event.event is RunEventKind.FINISHED)
        if all(one.task != event.task for one in self.steps):
            return replace(self, steps=(*self.steps, step))
        return replace(self, steps=tuple(step if one.task == event.task else one for one in self.steps))

    @property
    def share(self) -> float:
        """The share of the stages that is done, 0–1; it never says how much time is left."""
        stages = [step for step in self.steps if step.stage is not None]
        if not stages:
            return 0.0
        last = stages[-1]
        part = 1.0 if last.is_finished else last.done / last.total if last.total else 0.0
        return min(1.0, ((last.stage or 0) + part) / len(STAGES))


@dataclass(frozen=True, kw_only=True)
class TrainingEnd:
    """The end of a training.

    Attributes:
        outcome: How it ended.
        reasons: Why, in sentences.
        version: The registered version; None without one.
        bundle: Folder of its model, promoted or not; None where there is none.
        log: What the command wrote.
    """

    outcome: RunOutcome
    reasons: tuple[str, ...] = ()
    version: str | None = None
    bundle: str | None = None
    log: Path | None = None


@dataclass(frozen=True, kw_only=True)
class ChangedAnswer:
    """A photo whose answer is another one with the new version.

    Attributes:
        number: Number of its row.
        name: Name of its file.
        before: Class label of the version before.
        after: Class label of the new one.
        review: The review of it, in words; empty where nothing.
    """

    number: int
    name: str
    before: str
    after: str
    review: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerChanges:
    """What a new version answers otherwise.

    Attributes:
        changed: The photos whose class is another one.
        compared: How many photos both versions answered.
        hidden: How many of these are left out since their answers are hidden from the reviewer.
        version: The new version.
    """

    changed: tuple[ChangedAnswer, ...] = field(default=())
    compared: int = 0
    hidden: int = 0
    version: str = ""
