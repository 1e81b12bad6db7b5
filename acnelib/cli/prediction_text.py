"""Text output of ``acne predict``: a row per photo in aligned columns, then a line that sums up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acnelib.labels import display_name
from acnelib.text.formatting import format_score
from acnelib.text.layout import cell_width, pad, shorten
from acnelib.text.visible import visible
from acnelib.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.inference import Prediction

MARKS = {Verdict.CONFIDENT: "✓", Verdict.UNCERTAIN: "?", Verdict.OUT_OF_SCOPE: "–"}
"""The mark of each verdict."""

FAILED = "✗"
"""The mark of a photo that was not classified."""

_WORDS = {verdict: verdict.value.replace("-", " ") for verdict in Verdict}
_NOT_CLASSIFIED = "not classified"
_VERDICT_WIDTH = max(map(len, _WORDS.values()))
_SCORE_WIDTH = len(">99.9%")
_GAP = "  "
_LEAST_PATH = 16


class PredictionRows:
    """Writes rows, and counts them by verdict.

    Args:
        files: The photos, for the width of their column.
        labels: Labels of the model, for the width of theirs.
        top_k: Number of labels to show.
        width: Cells of a line; None: unlimited, so that paths are whole and each photo has one line.
    """

    def __init__(self, files: Sequence[Path], labels: Sequence[str], *, top_k: int, width: int | None) -> None:
        self._top_k, self._width = top_k, width
        self._label = max((cell_width(visible(display_name(label))) for label in labels), default=0)
        self._path = max((cell_width(visible(str(file))) for file in files), default=0)
        before = len(f"{FAILED} {_GAP}{_GAP}") + _VERDICT_WIDTH
        if width is not None:
            others = (min(top_k, len(labels)) - 1) * (len(_GAP) + self._label + 1 + _SCORE_WIDTH)
            left = width - before - self._label - 1 - _SCORE_WIDTH - others
            self._path = min(self._path, max(_LEAST_PATH, left))
        self._indent = before + self._path
        self._counts: Counter[str] = Counter()

    def row(self, prediction: Prediction) -> list[str]:
        """Return the lines of a photo; more than one only where its answers do not fit into a line."""
        path = pad(shorten(visible(str(prediction.path)), self._path), self._path)
        if prediction.verdict is None:
            self._counts[_NOT_CLASSIFIED] += 1
            return [f"{FAILED} {path}{_GAP}{_NOT_CLASSIFIED}"]
        verdict = Verdict(prediction.verdict)
        self._counts[_WORDS[verdict]] += 1
        quality = [f"({', '.join(prediction.quality)})"] if prediction.quality else []
        (label, score), *rest = prediction.top(self._top_k)
        best = f"{pad(visible(display_name(label)), self._label)} {format_score(score):>{_SCORE_WIDTH}}"
        others = [f"{visible(display_name(label))} {format_score(score)}" for label, score in rest]
        first, *further = self._packed([best, *others, *quality])
        start = f"{MARKS[verdict]} {path}{_GAP}{_WORDS[verdict]:<{_VERDICT_WIDTH}}{_GAP}"
        return [start + first, *(" " * self._indent + line for line in further)]

    def summary(self) -> str:
        """Return how many photos there were of each verdict, such as ``3 photos: 2 confident, 1 uncertain``."""
        total = self._counts.total()
        kinds = (*_WORDS.values(), _NOT_CLASSIFIED)
        counts = ", ".join(f"{self._counts[kind]} {kind}" for kind in kinds if self._counts[kind])
        return f"{total} photo{'' if total == 1 else 's'}: {counts}."

    def _packed(self, cells: Sequence[str]) -> list[str]:
        """Return lines of as many cells as fit."""
        lines = [cells[0]]
        for cell in cells[1:]:
            longer = f"{lines[-1]}{_GAP}{cell}"
            if self._width is None or self._indent + cell_width(longer) <= self._width:
                lines[-1] = longer
            else:
                lines.append(cell)
        return lines
