"""The history: photos and answers that are stored between sessions, if the user turns it on; without Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.errors import StorageFailed
from acnelib.storage.files import write_text
from acnelib.text.plain_reasons import plain_reason
from gui.state.preferences import delete_with_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.inference import Prediction
    from gui.state.preferences import PreferenceStore
    from gui.state.results import Row

logger = logging.getLogger(__name__)

FILE = "history.json"
MOST = 5_000
"""Photos that are kept; of more, those that came last."""

_FORM = 2


@dataclass(frozen=True, kw_only=True)
class RememberedRow:
    """A photo of an earlier session.

    Attributes:
        path: Where it lay.
        prediction: The answer, or with its ``error`` why there was none; None when it still waited.
        stage: Stage of the version that answered; None for a folder, or when it still waited.
        answered_at: When it was answered (ISO 8601, UTC).
    """

    path: Path
    prediction: Prediction | None
    stage: str | None
    answered_at: str | None


class History:
    """The file in the home. Whether there is one, the preferences say at every step: another window may change them."""

    def __init__(self, home: Path, preferences: PreferenceStore) -> None:
        self.path = home / FILE
        self._preferences = preferences
        self.recent: tuple[Path, ...] = ()  # what was opened last in the sessions before, once they are loaded

    @property
    def is_enabled(self) -> bool:
        """Whether the user wants the list to be kept."""
        return self._preferences.load().history

    def set_enabled(self, *, on: bool) -> None:
        """Turn the history on, or turn it off and delete it at once.

        Raises:
            StorageFailed: That could not be written, or the list could not be deleted.
        """
        try:
            self._preferences.change(history=on)
        finally:
            if not on:
                self._delete_now()

    def save(self, rows: Iterable[Row], *, recent: Iterable[Path] = ()) -> bool:
        """Keep these rows in place of those kept before; return whether they were: not when it is turned off.

        Args:
            rows: The rows.
            recent: The photos and folders that were opened last, the last first.

        Raises:
            StorageFailed: The list could not be written.
        """
        if not self.is_enabled:
            return False
        kept = [_written(row) for row in list(rows)[-MOST:]]
        written = {"form": _FORM, "rows": kept, "recent": [str(path) for path in recent]}
        try:
            write_text(self.path, json.dumps(written) + "\n", mode=0o600)
        except OSError as error:
            if self.is_enabled:
                raise StorageFailed(
                    f"{self.path} cannot be written ({error.strerror}): check its permissions and the free disk space"
                ) from error
        if not self.is_enabled:  # another window has just turned it off
            self._delete_now()
            return False
        return True

    def load(self) -> tuple[RememberedRow, ...]:
        """Return what was kept, in its order; nothing, and no file any more, when it is turned off."""
        if not self.is_enabled:
            self._delete_now()
            return ()
        try:
            written = json.loads(self.path.read_text("utf-8"))
            kept = [_read(each) for each in written["rows"][-MOST:]] if written["form"] == _FORM else []
            self.recent = tuple(Path(each) for each in written.get("recent", []) if Path(each).is_absolute())
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            logger.warning("%s cannot be read (%s): the list begins empty", FILE, plain_reason(error, quoting=False))
            return ()
        # What is not absolute would mean another file whenever the app is started in another folder.
        return tuple(one for one in kept if one.path.is_absolute())

    def delete(self) -> None:
        """Delete the list, and what a killed process left of it.

        Raises:
            OSError: It cannot be deleted.
        """
        delete_with_parts(self.path)

    def _delete_now(self) -> None:
        try:
            self.delete()
        except OSError as error:
            raise StorageFailed(f"{self.path} cannot be deleted ({error.strerror}): delete it yourself") from error


def _written(row: Row) -> dict[str, Any]:
    answer = None
    if row.prediction is not None:  # not by asdict, which copies deeply and keeps a closing window waiting
        threshold = row.prediction.threshold
        parts = {"model": vars(row.prediction.model), "threshold": None if threshold is None else vars(threshold)}
        answer = {**vars(row.prediction), **parts}
    return {"path": str(row.path), "prediction": answer, "stage": row.stage, "answered_at": row.answered_at}


def _read(written: dict[str, Any]) -> RememberedRow:
    from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, Quality, ThresholdOrigin, Verdict

    answer, prediction = written["prediction"], None
    if answer is not None:
        verdict = None if answer["verdict"] is None else Verdict(answer["verdict"])
        quality, model = tuple(map(Quality, answer["quality"])), ModelIdentity(**answer["model"])
        threshold = None
        if answer.get("threshold") is not None:
            origin = ThresholdOrigin(answer["threshold"]["origin"])
            threshold = ConfidenceThreshold(float(answer["threshold"]["value"]), origin)
        parts = {"verdict": verdict, "threshold": threshold, "quality": quality, "model": model}
        prediction = Prediction(**{**answer, **parts})
    return RememberedRow(
        path=Path(written["path"]),
        prediction=prediction,
        stage=written["stage"],
        answered_at=written["answered_at"],
    )
