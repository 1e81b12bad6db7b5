"""The texts of a model's details."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.storage.licences import UNKNOWN, Concern
from acnelib.verdicts import ThresholdOrigin
from gui.state.wording import class_name, decimal, model_name, number, share, written_time
from gui.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.evaluation_record import Metrics
    from gui.state.model_facts import ModelFacts


def model_title(facts: ModelFacts) -> str:
    """Return the heading of a model's details."""
    return model_name(facts.identity)


def model_facts(facts: ModelFacts) -> tuple[tuple[str, str], ...]:
    """Return a model's details, each with its name."""
    origin, drawn = facts.provenance, facts.identity.drawn
    at = written_time(datetime.fromisoformat(origin.created_at))
    used = translate("model", "{photos}, from {source}").format(photos=_subsets(origin.photos), source=origin.source)
    licences = "; ".join(f"{_licence(licence)} ({number(count)})" for licence, count in origin.licences.items())
    measured = _measured(facts.metrics, tested=facts.tested)
    return (
        (translate("model", "Classes"), ", ".join(class_name(label) for label in facts.labels)),
        (
            translate("model", "Created"),
            translate("model", "{time} UTC by acnelib {version}").format(time=at, version=origin.code),
        ),
        (
            translate("model", "Network"),
            translate("model", "{name}, weights {weights}").format(name=origin.backbone, weights=origin.weights),
        ),
        (translate("model", "Drawn pictures") if drawn else translate("model", "Photos"), used),
        (translate("model", "Licences"), licences or translate("model", "None stated")),
        (translate("model", "Test") if facts.tested else translate("model", "Measured"), measured),
        *(((translate("model", "Confident"), _confident(facts)),) if not drawn else ()),
        (translate("model", "Bundle"), facts.identity.sha256),
    )


def licence_warning(facts: ModelFacts) -> str:
    """Return what to know before a model is published or sold; empty when there is nothing."""
    if not facts.licence_concerns:
        return ""
    words = {
        Concern.COMMERCE: translate("model", "the licence of {number} photos forbids commercial use"),
        Concern.DERIVATIVES: translate("model", "the licence of {number} photos forbids derived works"),
        Concern.UNKNOWN: translate("model", "the licence of {number} photos is unknown"),
    }
    warnings = "; ".join(
        words[concern].format(number=number(count)) + (f" ({names})" if names else "")
        for concern, count, names in facts.licence_concerns
    )
    return translate("model", "Before you publish or sell this model: {warnings}.").format(warnings=warnings)


def _subsets(photos: Mapping[str, int]) -> str:
    words = {
        "train": translate("model", "{number} train"),
        "test": translate("model", "{number} test"),
    }
    used = {subset: number(count) for subset, count in photos.items() if count}
    # The names of subsets are the bundle's, so none of them is a pattern.
    return ", ".join(
        words[subset].format(number=count) if subset in words else f"{count} {subset}" for subset, count in used.items()
    )


def _licence(name: str) -> str:
    return translate("model", "not stated") if name == UNKNOWN else name


def _measured(metrics: Metrics | None, *, tested: bool) -> str:
    if metrics is None:
        return translate("model", "No evaluation in this bundle")
    low, high = (decimal(end, digits=2) for end in metrics.macro_f1_interval)
    if metrics.macro_f1_interval[0] < metrics.macro_f1_interval[1]:
        interval = translate("model", "95\u00a0% interval {low}–{high}").format(low=low, high=high)
    else:
        interval = translate("model", "no interval: all photos alike")
    text = (
        translate("model", "macro-F1 {macro_f1} ({interval}), accuracy {accuracy}, on {number} test photos")
        if tested
        else translate(
            "model",
            "macro-F1 {macro_f1} ({interval}), accuracy {accuracy}, on {number} photos that it never saw",
        )
    )
    macro_f1, accuracy = (decimal(value, digits=2) for value in (metrics.macro_f1, metrics.accuracy))
    return text.format(macro_f1=macro_f1, interval=interval, accuracy=accuracy, number=metrics.n)


def _confident(facts: ModelFacts) -> str:
    """Return from which score an answer is confident, by whose threshold, and where that was measured."""
    if facts.threshold is None:
        return translate("model", "Unknown")
    if facts.threshold.origin is ThresholdOrigin.SITE:
        none = translate("model", "No answer (this site’s threshold)")
        some = translate("model", "From {score} (this site’s threshold)")
    else:
        none = translate("model", "No answer (the model’s threshold)")
        some = translate("model", "From {score} (the model’s threshold)")
    value = facts.threshold.value
    start = none if value >= 1 else some.format(score=share(value))
    return f"{start}. {facts.measured}" if facts.measured else start
