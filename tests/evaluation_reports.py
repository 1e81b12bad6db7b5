"""Content of evaluation reports, as small as a test wants it."""

from __future__ import annotations

from dataclasses import replace

from acnelib.bundle import LearntBackground
from acnelib.evaluation.label_errors import SuspectedLabelError
from acnelib.evaluation.report.evaluation_report import EvaluationContent

RIGHT, WRONG = (0.9, 0.08, 0.02), (0.08, 0.9, 0.02)

BACKGROUND = LearntBackground(
    photos=204,
    conditions=20,
    sources=("other-skin",),
    refused=0.65,
    confident=0.12,
    refused_interval=(0.58, 0.71),
    confident_interval=(0.08, 0.17),
    unlike=("atlas",),
    warnings=("Other skin conditions were never seen in photos like those of atlas.",),
)


def confident_from(answers, threshold):
    """Return answers of which those at or above a threshold are confident."""
    photos = (replace(photo, confident=max(photo.scores) >= threshold) for photo in answers.photos)
    return replace(answers, photos=tuple(photos), confidence_threshold=threshold)


def five_sets(answers, *, refused=()):
    """Return the same answers from five sets of folds; the photos at some places are out of scope."""
    photos = [
        replace(photo, repeat=repeat, in_scope=place not in refused, confident=photo.confident and place not in refused)
        for repeat in range(5)
        for place, photo in enumerate(answers.photos)
    ]
    return replace(answers, photos=tuple(photos))


def content_of(series, **more):
    nothing = {
        "name": "mobilenet_v1_0.25_128",
        "source": "clinic",
        "made_at": "2026-01-02T03:04:05+00:00",
        "slices": {},
        "majority_label": "cysts",
        "majority_macro_f1": 0.2,
        "seconds": 12.34,
        "parameters": {"backbone": "mobilenet_v1_0.25_128"},
    }
    return EvaluationContent(**nothing | {"series": series} | more)


def suspicion(number, **more):
    usual = {"label": "cysts", "suggested": "papules", "score": 0.05, "suggested_score": 0.9}
    return SuspectedLabelError(sha256=f"{number:064x}", **usual | more)
