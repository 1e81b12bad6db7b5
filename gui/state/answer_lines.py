"""Answers as lines of text for the clipboard; without Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.results import verdict_at
from gui.state.wording import RESEARCH_TOOL, class_name, model_name, percentage, verdict_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.state.results import Row


def answer_lines(rows: Iterable[Row], *, threshold: float | None) -> list[str]:
    """Return a line for each answered photo: its name, class, score, verdict and model.

    Args:
        rows: The photos; those without an answer are left out.
        threshold: The user's threshold (0–1); None: that of each answer.
    """
    lines = []
    for row in rows:
        answer = row.prediction
        if answer is None or answer.label is None or answer.confidence is None:
            continue
        verdict = verdict_at(answer, threshold)
        words = "" if verdict is None else f" ({verdict_name(verdict)})"
        found = f"{class_name(answer.label)} {percentage(answer.confidence)}{words}"
        lines.append(f"{visible(row.path.name)}: {found}. {model_name(answer.model)}. {RESEARCH_TOOL}.")
    return lines
