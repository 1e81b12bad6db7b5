"""The texts of the window with two photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.results import RowState, verdict_at
from gui.state.wording import class_name, error_text, percentage, verdict_name
from gui.translation import translate

if TYPE_CHECKING:
    from gui.state.results import Row

TITLE = translate("comparison", "Two photos side by side")
HIDDEN = translate("comparison", "The answer is hidden until you have reviewed this photo.")
PENDING = translate("comparison", "This photo has no answer yet.")


def answer(row: Row, *, threshold: float | None) -> str:
    """Return the answer to a photo in one line, or why there is none.

    Args:
        row: The photo.
        threshold: The user's threshold (0–1); None: that of the answer.
    """
    found = row.prediction
    if row.state is RowState.HIDDEN:
        return HIDDEN
    if found is None:
        return PENDING
    if found.label is None or found.confidence is None:
        return error_text(found.error or "", row.path)
    verdict = verdict_at(found, threshold)
    words = "" if verdict is None else f", {verdict_name(verdict)}"
    return f"{class_name(found.label)} {percentage(found.confidence)}{words}"
