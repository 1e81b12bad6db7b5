"""Text output of ``acne evaluate``: first how reliable the figures are, then the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.evaluation_record import Metrics
    from acnelib.validation.folder_evaluation import FolderEvaluation

_MOST_LABEL = 80 - len("  precision  recall     F1  photos")


def evaluation_lines(evaluation: FolderEvaluation, *, workdir: Path) -> Iterator[str]:
    """Yield the lines; if the model was trained on some of the photos, the figures on the others come first."""
    total = evaluation.metrics.n
    yield from _reliability(evaluation, workdir)
    yield ""
    if evaluation.learnt_from and evaluation.others is not None:
        yield f"On the {_photos(evaluation.others.n)} that it did not learn from"
        yield from _figures(evaluation.others)
        yield ""
        yield f"On all {_photos(total)}, too optimistic"
    yield from _figures(evaluation.metrics)


def _reliability(evaluation: FolderEvaluation, workdir: Path) -> Iterator[str]:
    total, number = evaluation.metrics.n, evaluation.learnt_from
    if number is None:
        yield "The model's bundle does not list its training photos: if these are among them, it does worse on others."
        return
    if number == 0:
        yield f"The model was trained on none of these {_photos(total)}."
    else:
        exact = number - evaluation.copies
        yield (
            f"The model was trained on {number} of these {_photos(total)} "
            f"(identical files: {exact}, copies by appearance: {evaluation.copies})."
        )
        if evaluation.others is None:
            yield "These figures do not show how good it is on other photos."
    if not evaluation.compared:
        yield f"Edited copies were not searched for: {workdir} does not hold the photos that it was trained on."


def _figures(metrics: Metrics) -> Iterator[str]:
    low, high = metrics.macro_f1_interval
    yield f"Photos             {metrics.n}"
    yield f"Macro-F1           {metrics.macro_f1:.3f}  (95 % interval {low:.3f}–{high:.3f})"
    yield f"Accuracy           {metrics.accuracy:.3f}"
    yield f"Balanced accuracy  {metrics.balanced_accuracy:.3f}"
    yield f"ECE                {metrics.ece:.3f}"
    yield f"NLL                {metrics.nll:.3f}"
    yield f"Brier              {metrics.brier:.3f}"
    selective = "–" if metrics.selective_accuracy is None else f"{metrics.selective_accuracy:.3f}"
    yield f"Confident          {metrics.coverage:.1%} of the photos, accuracy among them {selective}"
    yield ""
    width = max(len(label) for label in ("class", *(one for one in metrics.per_class if len(one) <= _MOST_LABEL)))
    yield f"{'class':<{width}}  precision  recall     F1  photos"
    for label, values in metrics.per_class.items():
        if len(label) > _MOST_LABEL:
            yield label  # in a line of its own, so that the others stay narrow
        cell = label if len(label) <= _MOST_LABEL else ""
        yield f"{cell:<{width}}  {values.precision:9.3f}  {values.recall:6.3f}  {values.f1:5.3f}  {values.support:6d}"


def _photos(number: int) -> str:
    return "1 photo" if number == 1 else f"{number} photos"
