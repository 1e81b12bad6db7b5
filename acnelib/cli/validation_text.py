"""Text output of ``acne validate``: first whether the model can be trusted, then the figures, then the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.inference import ThresholdOrigin
from acnelib.inference.promise import format_threshold, threshold_line
from acnelib.text.formatting import format_rounded
from acnelib.threshold_fit import NOTHING_CONFIDENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.site_check import SiteValidation

CANNOT = "The model cannot be trusted on these photos"


def validation_lines(validation: SiteValidation, *, model_threshold: float) -> Iterator[str]:
    """Yield the lines of a validation.

    Args:
        validation: The result.
        model_threshold: The model's own threshold.
    """
    yield _conclusion(validation)
    yield ""
    yield from _figures(validation)
    yield ""
    yield threshold_line(validation.threshold)
    if validation.threshold.origin is ThresholdOrigin.MODEL:
        yield _advice(validation)
    else:
        yield f"The model's own threshold is {format_threshold(model_threshold)}."


def _conclusion(validation: SiteValidation) -> str:
    promised = _percentage(validation.promised)
    if validation.selective_accuracy is None:
        return f"{CANNOT}: none of its answers is confident."
    right = _percentage(validation.selective_accuracy)
    if validation.trusted:
        return f"The confident answers can be trusted on photos like these: {right} are right, promised are {promised}."
    if validation.failed:
        return f"{CANNOT}: only {right} of its confident answers are right, promised are {promised}."
    return (
        f"{CANNOT} yet: {right} of its confident answers are right, but that is not enough to show the promised "
        f"{promised}. More photos may show it."
    )


def _figures(validation: SiteValidation) -> Iterator[str]:
    groups = "" if validation.groups == validation.n else f" in {validation.groups} groups of copies and scenes"
    yield f"Photos             {validation.n}{groups}"
    if validation.unreadable:
        yield f"Unreadable         {validation.unreadable}"
    if validation.learnt_from is None:
        yield "Learnt from        unknown: the bundle does not list its training photos"
    else:
        copies = "" if validation.compared else "; edited copies were not searched for, see --workdir"
        left_out = f"{validation.learnt_from}, left out" if validation.learnt_from else "none"
        yield f"Learnt from        {left_out}{copies}"
    yield f"Accuracy           {validation.accuracy:.3f}  {_interval(validation.accuracy_interval)}"
    yield f"ECE                {validation.ece:.3f}"
    accuracy, interval = validation.selective_accuracy, validation.selective_accuracy_interval
    among = "–" if accuracy is None or interval is None else f"{accuracy:.3f}  {_interval(interval)}"
    yield f"Confident          {validation.coverage:.1%} of the photos, accuracy among them {among}"


def _advice(validation: SiteValidation) -> str:
    promised = _percentage(validation.promised)
    if validation.fitted >= NOTHING_CONFIDENT:
        return (
            f"No threshold reaches {promised} on these photos: with --apply, no answer is confident here until you "
            "reset it."
        )
    return (
        f"On these photos {promised} is reached from {format_threshold(validation.fitted)}; --apply makes that the "
        "threshold of this site."
    )


def _interval(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"(95 % interval {low:.3f}–{high:.3f})"


def _percentage(share: float) -> str:
    return format_rounded(share, space=" ")
