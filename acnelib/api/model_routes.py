"""The routes of the model in service and of the API's health."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

import acnelib
from acnelib import bundle as bundles
from acnelib.api.problems import Problem
from acnelib.api.schemas import (
    ErrorAnswer,
    HealthAnswer,
    HealthModel,
    HealthRegistry,
    ModelAnswer,
    PromiseSchema,
    ThresholdSchema,
)
from acnelib.evaluation_record import publishable_values
from acnelib.inference.promise import promise_line

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.api.model_service import ModelService

_CARD: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/markdown": {"schema": {"type": "string"}}}},
    404: {"model": ErrorAnswer, "description": "The model has no card."},
}


def model_routes(model_service: ModelService) -> APIRouter:
    """Return the routes of the model and of health.

    Args:
        model_service: The model in service.
    """
    router = APIRouter()

    @router.get("/v1/health", summary="Check the health of the API", tags=["Health"])
    def health() -> HealthAnswer:
        """Report whether a model is in service and the registry answers; requires no token."""
        loaded, registry = model_service.loaded(), model_service.registry_status
        identity = loaded.classifier.identity if loaded else None
        status = "unavailable" if loaded is None else "degraded" if registry.trouble else "ok"
        return HealthAnswer(
            status=status,
            api=acnelib.__version__,
            model=HealthModel(name=identity.name, version=identity.version) if identity else None,
            registry=HealthRegistry(
                answers=registry.trouble is None or registry.refused if model_service.uses_registry else None,
                refused=registry.refused,
                asked_at=registry.asked_at,
            ),
        )

    @router.get("/v1/model", summary="Show the model in service", tags=["Model"])
    def model() -> ModelAnswer:
        """Return the model's name, version, labels, thresholds, provenance, metrics and card."""
        classifier, registry = model_service.in_service().classifier, model_service.registry_status
        description, folder = classifier.bundle.description, classifier.bundle.path
        return ModelAnswer(
            name=classifier.identity.name,
            version=classifier.identity.version,
            stage=model_service.name if model_service.is_followed else None,
            sha256=classifier.identity.sha256,
            drawn=classifier.identity.drawn,
            note=classifier.identity.note,
            labels=list(description.labels),
            input={"height": description.height, "width": description.width},
            thresholds={
                "confidence_threshold": description.confidence_threshold,
                "confident_accuracy": description.promise.level,
                "false_rejection": description.false_rejection,
                "temperature": description.temperature,
            },
            threshold=ThresholdSchema(**asdict(classifier.threshold)),
            promise=PromiseSchema(
                **asdict(description.promise), statement=promise_line(description, classifier.threshold)
            ),
            provenance=asdict(description.provenance),
            metrics=publishable_values(folder / bundles.EVALUATION),
            card=_text(folder / bundles.CARD),
            asked_at=registry.asked_at,
            trouble=registry.trouble,
            drift=registry.drift,
        )

    @router.get(
        "/v1/model/card",
        summary="Read the model card",
        tags=["Model"],
        response_class=PlainTextResponse,
        responses=_CARD,
    )
    def card() -> PlainTextResponse:
        """Return the model card as Markdown."""
        text = _text(model_service.in_service().classifier.bundle.path / bundles.CARD)
        if text is None:
            raise Problem(404, "no-card", "the model in service has no card: train again")
        return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")

    return router


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
