"""The photos of a window with their answers, which the table shows and exports write; without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.verdicts import Verdict, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from acnelib.inference import Prediction
    from acnelib.verdicts import ConfidenceThreshold


class RowState(StrEnum):
    """The state of a photo."""

    PENDING = "pending"
    ANSWERED = "answered"
    FAILED = "failed"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A photo that was handed over.

    Attributes:
        number: Identifies this opening, also among those of the same file; never used twice.
        path: Where it lies.
        prediction: The model's answer, or with its ``error`` why there is none; None while it is pending.
        stage: Stage of the version that answered, such as ``Production``; None for a folder, or while it is pending.
        answered_at: When it was answered (ISO 8601, UTC); None while it is pending.
        is_hidden: Whether it has an answer that is kept from the reviewer, and is not in this row.
    """

    number: int
    path: Path
    prediction: Prediction | None = None
    stage: str | None = None
    answered_at: str | None = None
    is_hidden: bool = False

    @property
    def state(self) -> RowState:
        """Whether it is pending, answered or failed, or its answer is hidden."""
        if self.is_hidden:
            return RowState.HIDDEN
        if self.prediction is None:
            return RowState.PENDING
        return RowState.ANSWERED if self.prediction.error is None else RowState.FAILED

    @property
    def error(self) -> str | None:
        """Why there is no answer; None when there is one, or while it is pending."""
        return None if self.prediction is None else self.prediction.error

    def unanswered(self) -> Row:
        """Return the row as it was before its answer."""
        return replace(self, prediction=None, stage=None, answered_at=None)

    def hidden(self) -> Row:
        """Return the row without its answer, and with the note that there is one."""
        return replace(self.unanswered(), is_hidden=True)

    def answered(self, prediction: Prediction, *, stage: str | None, at: str) -> Row:
        """Return the row with its answer."""
        return replace(self, prediction=prediction, stage=stage, answered_at=at)


def verdict_at(prediction: Prediction, threshold: float | None) -> Verdict | None:
    """Return the verdict on an answer at a threshold of the user's.

    Args:
        prediction: The answer.
        threshold: Score (0–1) from which an answer counts as confident; None: the model's own.

    Returns:
        The verdict; None with an error. What is out of scope stays so at every threshold; a photo that curation would
        leave out of training, and one that a model of drawn pictures answered, is confident at none.
    """
    if threshold is None or prediction.confidence is None:
        return prediction.verdict
    return verdict_of(
        prediction.confidence,
        threshold=threshold,
        in_scope=prediction.verdict is not Verdict.OUT_OF_SCOPE,
        fit=prediction.fit,
        drawn=prediction.model.drawn,
    )


def judged_again(row: Row, *, model_sha256: str, threshold: ConfidenceThreshold) -> Row | None:
    """Return a row with the verdict at another threshold in force; None where nothing changes.

    Args:
        row: The row.
        model_sha256: The model whose threshold has changed; answers of others stay as they are.
        threshold: Its threshold.
    """
    answer = row.prediction
    if answer is None or answer.error is not None or answer.model.sha256 != model_sha256:
        return None
    if answer.threshold == threshold:
        return None
    verdict = verdict_at(answer, threshold.value)
    return replace(row, prediction=replace(answer, verdict=verdict, threshold=threshold))


class Results:
    """Rows in the order in which their photos came; each file has one. Belongs to the UI thread."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._places: dict[int, int] = {}
        self._numbers: dict[Path, int] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Row:
        return self._rows[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def add(self, paths: Iterable[Path]) -> tuple[Row, ...]:
        """Add photos and return their rows; a file that is listed already is pending again, in its old place."""
        added: dict[Path, Row] = {}
        for path in paths:
            if path not in added:
                added[path] = self._opened(path)
        return tuple(added.values())

    def place(self, number: int) -> int | None:
        """Return the place of a row; None when it was removed."""
        return self._places.get(number)

    def row(self, number: int) -> Row | None:
        """Return a row; None when it was removed."""
        place = self.place(number)
        return None if place is None else self._rows[place]

    def put(self, row: Row) -> int | None:
        """Replace a row with a newer one and return its place; None when the row was removed."""
        place = self.place(row.number)
        if place is not None:
            self._rows[place] = row
        return place

    def reset_answers(self) -> tuple[Row, ...]:
        """Make all photos pending again, and return their rows."""
        return self.add([row.path for row in self._rows])

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove rows; the files stay where they are."""
        gone = set(numbers)
        self._rows = [row for row in self._rows if row.number not in gone]
        self._places = {row.number: place for place, row in enumerate(self._rows)}
        self._numbers = {row.path: row.number for row in self._rows}

    def clear(self) -> None:
        """Remove all rows."""
        self.remove(list(self._places))

    def pending(self) -> tuple[Row, ...]:
        """Return the rows that have no answer yet."""
        return tuple(row for row in self._rows if row.state is RowState.PENDING)

    def _opened(self, path: Path) -> Row:
        self._last += 1
        row = Row(number=self._last, path=path)
        before = self._numbers.get(path)
        place = len(self._rows) if before is None else self._places.pop(before)
        if before is None:
            self._rows.append(row)
        else:
            self._rows[place] = row
        self._places[row.number] = place
        self._numbers[path] = row.number
        return row
