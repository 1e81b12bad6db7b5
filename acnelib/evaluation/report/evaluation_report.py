"""The evaluation report: one HTML file with a candidate's result, its uncertainty and its errors.

It embeds thumbnails of the photos, names their files, loads nothing and runs no script. Only its owner can read it, and
it is uploaded nowhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.refusals import tone_sentence
from acnelib.evaluation.report.content import EvaluationContent, headline, summary_metrics
from acnelib.evaluation.report.inline_svg import inline_svg
from acnelib.evaluation.report.plots import confusion_counts
from acnelib.evaluation.report.tables import evaluation_figures, evaluation_tables
from acnelib.imaging.thumbnails import thumbnails_of
from acnelib.labels import display_name
from acnelib.metrics import BOOTSTRAP_ROUNDS
from acnelib.report_page import rendered
from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.evaluation.label_errors import SuspectedLabelError
    from acnelib.evaluation.scored_photos import ScoredPhotos

__all__ = [
    "EvaluationContent",
    "evaluation_figures",
    "evaluation_tables",
    "summary_metrics",
    "write_evaluation_report",
]

MOST_PHOTOS = 24
"""Most photos shown in "Worst errors", and in "Least certain"."""

MOST_LABEL_ERRORS = 60
"""Most suspected label errors shown; the others are counted."""

_TEMPLATE = "evaluation_report.html"
_DRAWN = {
    "per_class_f1": "F1 of each class with its interval",
    "reliability": "Accuracy by confidence",
    "coverage_risk": "Accuracy by coverage",
    "roc": "ROC curve of each class",
    "precision_recall": "Precision by recall of each class",
}


@dataclass(frozen=True, kw_only=True)
class ShownPrediction:
    """A photo with a prediction by a head that never saw it.

    Attributes:
        sha256: SHA-256 of the photo.
        true_label: Its true label.
        predicted_label: The label with the highest score.
        true_score: Score of the true label, 0–1.
        predicted_score: Score of the predicted label, 0–1.
        confident: Whether the answer is confident.
    """

    sha256: str
    true_label: str
    predicted_label: str
    true_score: float
    predicted_score: float
    confident: bool


def write_evaluation_report(
    path: Path,
    content: EvaluationContent,
    *,
    picture: Callable[[str], Path],
    names: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the report as one self-contained file; equal content gives equal bytes.

    Args:
        path: The file.
        content: Content of the report.
        picture: Returns the file of a photo by its SHA-256; the report marks files that are missing or unreadable.
        names: Names of each photo's files in its sources, by its SHA-256. They are no part of the content, from which
            what is uploaded is made.

    Raises:
        DataUnusable: There is no photo.
    """
    found = content.metrics
    once = content.answers.once()
    wrongest, least_certain = _wrongest(once), _least_certain(once)
    label_errors = content.label_errors[:MOST_LABEL_ERRORS]
    shown = [photo.sha256 for photo in (*wrongest[:MOST_PHOTOS], *least_certain)]
    shown += [label_error.sha256 for label_error in label_errors]
    figures = evaluation_figures(content)
    counts = confusion_counts(once.true_labels, once.predicted_labels, labels=once.labels)
    html = rendered(
        _TEMPLATE,
        package="acnelib.evaluation.report",
        filters={"display": display_name, "exclusion": _exclusion, "tones": tone_sentence},
        content=content,
        found=found,
        headline=headline(content),
        rounds=BOOTSTRAP_ROUNDS,
        majority_accuracy=once.true_labels.count(content.majority_label) / found.estimates.n,
        confusion=_shaded(counts),
        # Safe to insert as it is: matplotlib escapes all text in its SVG.
        plots={
            name: inline_svg(figures[name], name=name.replace("_", "-"), title=title)
            for name, title in _DRAWN.items()
            if name in figures
        },
        wrongest=wrongest[:MOST_PHOTOS],
        wrong=len(wrongest),
        least_certain=least_certain,
        label_errors=label_errors,
        names=names or {},
        thumbnails=thumbnails_of(dict.fromkeys(shown), picture=picture),
    )
    write_text(path, html, mode=0o600)


def _shown_predictions(answers: ScoredPhotos) -> list[ShownPrediction]:
    columns = {label: column for column, label in enumerate(answers.labels)}
    return [
        ShownPrediction(
            sha256=photo.sha256,
            true_label=photo.true_label,
            predicted_label=predicted,
            true_score=photo.scores[columns[photo.true_label]],
            predicted_score=max(photo.scores),
            confident=confident,
        )
        for photo, predicted, confident in zip(
            answers.photos, answers.predicted_labels, answers.confident.tolist(), strict=True
        )
    ]


def _wrongest(answers: ScoredPhotos) -> list[ShownPrediction]:
    """Return the wrongly classified photos, the lowest score of the true class first."""
    wrong = [shown for shown in _shown_predictions(answers) if shown.predicted_label != shown.true_label]
    return sorted(wrong, key=lambda shown: (shown.true_score, -shown.predicted_score, shown.sha256))


def _least_certain(answers: ScoredPhotos) -> list[ShownPrediction]:
    ordered = sorted(_shown_predictions(answers), key=lambda shown: (shown.predicted_score, shown.sha256))
    return ordered[:MOST_PHOTOS]


def _shaded(counts: npt.NDArray[np.int64]) -> list[list[tuple[int, int]]]:
    """Return each count with its share of the row in percent."""
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return [
        list(zip(row, shades, strict=True))
        for row, shades in zip(counts.tolist(), shares.round().astype(int).tolist(), strict=True)
    ]


def _exclusion(label_error: SuspectedLabelError) -> str:
    """Return the line of overrule.json's part "exclude" that excludes a photo."""
    reason = f"shows {label_error.suggested} rather than {label_error.label}"
    return f"{json.dumps(label_error.sha256)}: {json.dumps(reason, ensure_ascii=False)}"
