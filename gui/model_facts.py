"""What a bundle tells of the model in it, read for whoever wants to know; without Qt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import CARD, EVALUATION
from acnelib.licences import warnings_of

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.bundle import Bundle, Provenance
    from acnelib.inference import ModelIdentity


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How good the model was on test photos.

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
    """What there is to say about a model.

    Attributes:
        identity: Which model.
        labels: The class labels that it tells apart.
        provenance: Where it came from.
        licence_warnings: What whoever publishes or sells it must know, in sentences.
        metrics: How good it was on test photos; None where the bundle does not say, or not in words known here.
        card: The model card, Markdown; empty where there is none.
    """

    identity: ModelIdentity
    labels: tuple[str, ...]
    provenance: Provenance
    licence_warnings: tuple[str, ...]
    metrics: Measured | None
    card: str


def facts_of(bundle: Bundle, *, identity: ModelIdentity) -> ModelFacts:
    """Read what a bundle tells of its model."""
    card = bundle.path / CARD
    return ModelFacts(
        identity=identity,
        labels=bundle.description.labels,
        provenance=bundle.description.provenance,
        licence_warnings=warnings_of(bundle.description.provenance.licences),
        metrics=_metrics(bundle.path / EVALUATION),
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
    )


def _metrics(path: Path) -> Measured | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["test"]
        low, high = told["macro_f1_interval"]
        return Measured(
            photos=int(told["n"]),
            macro_f1=float(told["macro_f1"]),
            interval=(float(low), float(high)),
            accuracy=float(told["accuracy"]),
        )
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
    ):  # no bundle needs to have it, and later ones may word it otherwise
        return None
