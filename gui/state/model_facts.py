"""The details of a model, as its bundle records them; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import CARD, EVALUATION
from acnelib.errors import BundleInvalid
from acnelib.evaluation_record import EvaluationRecord
from acnelib.storage.licences import Concern, concerns_of
from acnelib.verdicts import ConfidenceThreshold
from gui.state.promise_lines import promise_line
from gui.state.threshold import ThresholdCurve

if TYPE_CHECKING:
    from acnelib.bundle import Bundle, Provenance
    from acnelib.evaluation_record import Metrics
    from acnelib.inference import ModelIdentity


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """The details of a model.

    Attributes:
        identity: Which model.
        labels: The class labels that it distinguishes.
        provenance: Where it came from.
        licence_concerns: What to know before it is published or sold: the concern, of how many photos, their licences.
        metrics: How good it was on photos that it never saw; None where the bundle does not say, or not in words known
            here.
        tested: Whether these photos were kept out for a test; otherwise their series was held out.
        card: The model card, Markdown; empty where there is none.
        curve: How right it was on these photos at other thresholds; None where the bundle does not say, or not in
            words known here.
        threshold: The threshold of verdicts; None where it is not known.
        measured: On photos of which sources “confident” was measured; None where this site's threshold applies, and
            for a model of drawn pictures.
    """

    identity: ModelIdentity
    labels: tuple[str, ...]
    provenance: Provenance
    licence_concerns: tuple[tuple[Concern, int, str], ...]
    metrics: Metrics | None
    card: str
    tested: bool = False
    curve: ThresholdCurve | None = None
    threshold: ConfidenceThreshold | None = None
    measured: str | None = None


def facts_of(bundle: Bundle, *, identity: ModelIdentity, threshold: ConfidenceThreshold | None = None) -> ModelFacts:
    """Read the details of a bundle's model, whose verdicts are given with a threshold; default: its own."""
    threshold = threshold or ConfidenceThreshold(bundle.description.confidence_threshold)
    card = bundle.path / CARD
    evaluation = _evaluation(bundle)
    measured = evaluation.at_thresholds if evaluation else None
    shares = measured.thresholds if measured else None
    return ModelFacts(
        identity=identity,
        labels=bundle.description.labels,
        provenance=bundle.description.provenance,
        licence_concerns=concerns_of(bundle.description.provenance.licences),
        metrics=measured.metrics if measured else None,
        tested=evaluation is not None and evaluation.test is not None,
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        curve=None if measured is None or shares is None else ThresholdCurve(photos=measured.metrics.n, points=shares),
        threshold=threshold,
        measured=promise_line(bundle.description, threshold),
    )


def _evaluation(bundle: Bundle) -> EvaluationRecord | None:
    """Return the evaluation of a bundle's model; None where it has none, or in a form that is not known here."""
    try:
        return EvaluationRecord.read(bundle.path / EVALUATION)
    except BundleInvalid:
        return None
