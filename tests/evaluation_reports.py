"""Content of evaluation reports, as small as a test wants it."""

from __future__ import annotations

from acnelib.evaluation.label_errors import SuspectedLabelError
from acnelib.evaluation.report.evaluation_report import EvaluationContent

RIGHT, WRONG = (0.9, 0.08, 0.02), (0.08, 0.9, 0.02)


def content_of(test, **more):
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
    return EvaluationContent(**nothing | {"test": test} | more)


def suspicion(number, **more):
    usual = {"label": "cysts", "suggested": "papules", "score": 0.05, "suggested_score": 0.9}
    return SuspectedLabelError(sha256=f"{number:064x}", **usual | more)
