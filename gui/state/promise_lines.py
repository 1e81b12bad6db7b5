"""The sentences about the photos on which the confident answers of a model were measured; without Qt.

They say what ``acne predict`` says, by :mod:`acnelib.inference.promise`, in the user's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.wording import whole_percentage
from gui.translation import translate

if TYPE_CHECKING:
    from acnelib.bundle import Description, Promise, UnseenSources
    from acnelib.verdicts import ConfidenceThreshold


def promise_line(description: Description, threshold: ConfidenceThreshold) -> str | None:
    """Return on which sources “confident” was measured; None where no promise of the model holds."""
    from acnelib.inference.promise import is_promised

    if not is_promised(description, threshold):
        return None
    check = translate("promise", "check it on your photos: acne validate DIR")
    return f"{_measured(description.promise)}. {_elsewhere(description.promise.unseen)}; {check}"


def measured_line(description: Description) -> str:
    """Return on which photos the verdicts of a model were measured; those of drawn pictures promise nothing."""
    if description.drawn:
        return translate("promise", "This model was trained on drawn pictures only, so it calls no answer confident.")
    return f"{_measured(description.promise)}. {_elsewhere(description.promise.unseen)}."


def _measured(promise: Promise) -> str:
    sources = ", ".join(promise.sources) or translate("promise", "no named source")
    if promise.reached:
        text = translate(
            "promise",
            "“Confident” was measured on photos of {sources} (held-out patients): right in at least {level}",
        )
    else:
        text = translate(
            "promise",
            "No answer is confident: that {level} of them would be right was not shown on photos of {sources} "
            "(held-out patients)",
        )
    return text.format(sources=sources, level=whole_percentage(promise.level))


def _elsewhere(unseen: UnseenSources | None) -> str:
    if unseen is None:
        return translate("promise", "Photos of other sources: not measured")
    if unseen.accuracy is None:
        return translate("promise", "Photos of other sources (each held apart): none confident")
    return translate(
        "promise",
        "Photos of other sources (each held apart): right in {accuracy}, where {coverage} of the answers are confident",
    ).format(accuracy=whole_percentage(unseen.accuracy), coverage=whole_percentage(unseen.coverage))
