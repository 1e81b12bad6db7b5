"""The details of a model, as its bundle records them; without Qt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import CARD, EVALUATION
from acnelib.storage.licences import warnings_of
from gui.state.threshold import ThresholdCurve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from acnelib.bundle import Bundle, Provenance
    from acnelib.inference import ModelIdentity


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The results of a model on its test photos.

    Attributes:
        photos: How many there were.
        macro_f1: Mean F1 over the classes, 0–1.
        interval: Its 95 % interval.
        accuracy: Share of right answers, 0–1.
    """

    photos: int
    macro_f1: float
    interval: tuple[float, float]
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """The details of a model.

    Attributes:
        identity: Which model.
        labels: The class labels that it distinguishes.
        provenance: Where it came from.
        licence_warnings: What to know before it is published or sold, in sentences.
        metrics: How good it was on test photos; None where the bundle does not say, or not in words known here.
        card: The model card, Markdown; empty where there is none.
        curve: How right it was on them at other thresholds; None where the bundle does not say, or not in words known
            here.
    """

    identity: ModelIdentity
    labels: tuple[str, ...]
    provenance: Provenance
    licence_warnings: tuple[str, ...]
    metrics: Measured | None
    card: str
    curve: ThresholdCurve | None = None


def facts_of(bundle: Bundle, *, identity: ModelIdentity) -> ModelFacts:
    """Read the details of a bundle's model."""
    card = bundle.path / CARD
    test = _test_metrics(bundle.path / EVALUATION)
    return ModelFacts(
        identity=identity,
        labels=bundle.description.labels,
        provenance=bundle.description.provenance,
        licence_warnings=warnings_of(bundle.description.provenance.licences),
        metrics=_metrics(test),
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        curve=_curve(test),
    )


# A bundle need not record a test, and a later version may record it differently.
_NOT_RECORDED = (OSError, ValueError, TypeError, KeyError)


def _test_metrics(path: Path) -> Mapping[str, Any]:
    try:
        test = json.loads(path.read_text(encoding="utf-8"))["test"]
    except _NOT_RECORDED:
        return {}
    return test if isinstance(test, dict) else {}


def _metrics(test: Mapping[str, Any]) -> Measured | None:
    try:
        low, high = test["macro_f1_interval"]
        return Measured(
            photos=int(test["n"]),
            macro_f1=float(test["macro_f1"]),
            interval=(float(low), float(high)),
            accuracy=float(test["accuracy"]),
        )
    except _NOT_RECORDED:
        return None


def _curve(test: Mapping[str, Any]) -> ThresholdCurve | None:
    try:
        return ThresholdCurve.of_evaluation(test)
    except _NOT_RECORDED:
        return None
