"""The sentence about the photos on which the confident answers of a model were measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from acnelib.text.formatting import format_rounded
from acnelib.verdicts import ThresholdOrigin

if TYPE_CHECKING:
    from acnelib.bundle import Description, Promise, UnseenSources
    from acnelib.verdicts import ConfidenceThreshold

VALIDATE = "check it on your photos: acne validate DIR"


def promise_line(description: Description, threshold: ConfidenceThreshold) -> str | None:
    """Return on which sources “confident” was measured; None where no promise of the model holds."""
    if not is_promised(description, threshold):
        return None
    promise = description.promise
    return f"{_measured(promise)}. {_elsewhere(promise.unseen)}; {VALIDATE}"


def is_promised(description: Description, threshold: ConfidenceThreshold) -> bool:
    """Return whether confident answers are right as often as the model promises.

    Not for a model of drawn pictures, whose note says that nothing is confident, nor where the site's own threshold
    applies, which was fitted on photos of the site.

    Args:
        description: Description of the model.
        threshold: The threshold of verdicts.
    """
    return not (description.drawn or threshold.origin is ThresholdOrigin.SITE)


def _measured(promise: Promise) -> str:
    """Return what was measured on photos of the model's own sources, without full stop."""
    sources = ", ".join(promise.sources) or "no named source"
    level = _percentage(promise.level)
    if promise.reached:
        return f"“Confident” was measured on photos of {sources} (held-out patients): right in at least {level}"
    return (
        f"No answer is confident: that {level} of them would be right was not shown on photos of {sources} "
        "(held-out patients)"
    )


def _elsewhere(unseen: UnseenSources | None) -> str:
    """Return what was measured on photos of sources that were held apart, without full stop."""
    if unseen is None:
        return "Photos of other sources: not measured"
    if unseen.accuracy is None:
        return "Photos of other sources (each held apart): none confident"
    return (
        f"Photos of other sources (each held apart): right in {_percentage(unseen.accuracy)}, where "
        f"{_percentage(unseen.coverage)} of the answers are confident"
    )


def threshold_line(threshold: ConfidenceThreshold) -> str:
    """Return the threshold of verdicts and its origin in one line."""
    site = threshold.origin is ThresholdOrigin.SITE
    whose = "fitted on photos of this site; acne validate --reset forgets it" if site else "the model's own"
    if threshold.value >= 1:
        return f"Threshold: none holds, so no answer is confident ({whose})."
    return f"Threshold: confident from {format_threshold(threshold.value)} ({whose})."


def format_threshold(value: float) -> str:
    """Return a threshold with two or three decimals, rounded down: the threshold 1 alone is written as 1."""
    return f"{math.floor(value * 1000 + 1e-9) / 1000:.3f}".removesuffix("0")


def _percentage(share: float) -> str:
    return format_rounded(share, space=" ")
