"""The evaluation report: one HTML file that shows how good a candidate is, how far that can be believed, and where not.

It holds thumbnails of the photos, loads nothing, runs no script, and only its owner may read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.report.content import EvaluationContent, figures_of_numbers
from acnelib.evaluation.report.inline_svg import inline_svg
from acnelib.evaluation.report.plots import confusion_counts
from acnelib.evaluation.report.tables import evaluation_figures, evaluation_tables
from acnelib.imaging.thumbnails import thumbnails_of
from acnelib.labels import display_name
from acnelib.metrics import BOOTSTRAP_ROUNDS
from acnelib.report_page import rendered
from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.evaluation.label_errors import Suspicion
    from acnelib.evaluation.scored_photos import ScoredPhotos

__all__ = [
    "EvaluationContent",
    "evaluation_figures",
    "evaluation_tables",
    "figures_of_numbers",
    "write_evaluation_report",
]

MOST_PHOTOS = 24
"""Wrongest photos shown, and least certain ones."""

MOST_SUSPICIONS = 60
"""Suspected label errors shown; what is beyond is counted."""

_TEMPLATE = "evaluation_report.html"
_DRAWN = {
    "per_class_f1": "F1 of each class with its interval",
    "reliability": "Share of right answers by confidence",
    "coverage_risk": "Share of right answers among the surest photos",
    "roc": "ROC curve of each class",
    "precision_recall": "Precision by recall of each class",
}


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """A test photo with its answer.

    Attributes:
        sha256: Which photo.
        truth: Its true label.
        given: The label with the highest score.
        truth_score: Score of the true label, 0–1.
        given_score: Score of the other one.
        confident: Whether the answer is confident.
    """

    sha256: str
    truth: str
    given: str
    truth_score: float
    given_score: float
    confident: bool


def write_evaluation_report(path: Path, content: EvaluationContent, *, picture: Callable[[str], Path]) -> None:
    """Write the report as one file that needs nothing else; equal content gives equal bytes.

    Args:
        path: The file.
        content: What to report on.
        picture: Gives a photo's file by its SHA-256; where it is missing, or does not decode, the report says so.

    Raises:
        DataUnusable: There is no test photo.
    """
    found = content.measurements
    wrongest, least_certain = _wrongest(content.test), _least_certain(content.test)
    suspicions = content.suspicions[:MOST_SUSPICIONS]
    shown = [photo.sha256 for photo in (*wrongest[:MOST_PHOTOS], *least_certain)]
    shown += [suspicion.sha256 for suspicion in suspicions]
    figures = evaluation_figures(content)
    counts = confusion_counts(content.test.truth, content.test.given, labels=content.test.labels)
    html = rendered(
        _TEMPLATE,
        package="acnelib.evaluation.report",
        filters={"display": display_name, "exclusion": _exclusion},
        content=content,
        found=found,
        rounds=BOOTSTRAP_ROUNDS,
        majority_accuracy=content.test.truth.count(content.majority_label) / found.estimates.n,
        confusion=_shaded(counts),
        # SVG of our own making: matplotlib escapes what it draws.
        plots={
            name: inline_svg(figures[name], name=name.replace("_", "-"), title=title)
            for name, title in _DRAWN.items()
            if name in figures
        },
        wrongest=wrongest[:MOST_PHOTOS],
        wrong=len(wrongest),
        least_certain=least_certain,
        suspicions=suspicions,
        thumbnails=thumbnails_of(dict.fromkeys(shown), picture=picture),
    )
    write_text(path, html, mode=0o600)


def _answers_shown(answers: ScoredPhotos) -> list[ShownAnswer]:
    columns = {label: column for column, label in enumerate(answers.labels)}
    return [
        ShownAnswer(
            sha256=photo.sha256,
            truth=photo.truth,
            given=given,
            truth_score=photo.scores[columns[photo.truth]],
            given_score=max(photo.scores),
            confident=confident,
        )
        for photo, given, confident in zip(answers.photos, answers.given, answers.confident.tolist(), strict=True)
    ]


def _wrongest(answers: ScoredPhotos) -> list[ShownAnswer]:
    """Return the photos with a wrong answer, those first whose true class got the lowest score."""
    wrong = [shown for shown in _answers_shown(answers) if shown.given != shown.truth]
    return sorted(wrong, key=lambda shown: (shown.truth_score, -shown.given_score, shown.sha256))


def _least_certain(answers: ScoredPhotos) -> list[ShownAnswer]:
    ordered = sorted(_answers_shown(answers), key=lambda shown: (shown.given_score, shown.sha256))
    return ordered[:MOST_PHOTOS]


def _shaded(counts: npt.NDArray[np.int64]) -> list[list[tuple[int, int]]]:
    """Return each count with its share of the row in percent."""
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return [
        list(zip(row, shades, strict=True))
        for row, shades in zip(counts.tolist(), shares.round().astype(int).tolist(), strict=True)
    ]


def _exclusion(suspicion: Suspicion) -> str:
    """Return the line of overrule.json's part "exclude" that leaves a photo out."""
    reason = f"shows {suspicion.suggested} rather than {suspicion.label}"
    return f"{json.dumps(suspicion.sha256)}: {json.dumps(reason, ensure_ascii=False)}"
