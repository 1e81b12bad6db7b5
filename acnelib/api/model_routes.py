"""The routes that tell of the model in service, and whether the API is well."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

import acnelib
from acnelib import bundle as bundles
from acnelib.api.problems import Problem
from acnelib.api.schemas import ErrorAnswer, HealthAnswer, HealthModel, HealthRegistry, ModelAnswer
from acnelib.evaluation_record import publishable_values

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.api.model_service import ModelService

_CARD: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/markdown": {"schema": {"type": "string"}}}},
    404: {"model": ErrorAnswer, "description": "The model has no card."},
}


def model_routes(keeper: ModelService) -> APIRouter:
    """Return the routes that tell of the model.

    Args:
        keeper: Has the model.
    """
    router = APIRouter()

    @router.get("/v1/health", summary="Ask whether the API is well", tags=["Health"])
    def health() -> HealthAnswer:
        """Say whether a model is in service and the registry answers; needs no token."""
        served, asked = keeper.served(), keeper.asked
        identity = served.classifier.identity if served else None
        status = "unavailable" if served is None else "degraded" if asked.trouble else "ok"
        return HealthAnswer(
            status=status,
            api=acnelib.__version__,
            model=HealthModel(name=identity.name, version=identity.version) if identity else None,
            registry=HealthRegistry(
                answers=asked.trouble is None if keeper.is_asked_for else None, asked_at=asked.asked_at
            ),
        )

    @router.get("/v1/model", summary="Look at the model in service", tags=["Model"])
    def model() -> ModelAnswer:
        """Return the model's name, version, labels, thresholds, provenance, metrics and card."""
        classifier, asked = keeper.in_service().classifier, keeper.asked
        description, folder = classifier.bundle.description, classifier.bundle.path
        return ModelAnswer(
            name=classifier.identity.name,
            version=classifier.identity.version,
            stage=keeper.name if keeper.is_followed else None,
            sha256=classifier.identity.sha256,
            drawn=classifier.identity.drawn,
            note=classifier.identity.note,
            labels=list(description.labels),
            input={"height": description.height, "width": description.width},
            thresholds={
                "confidence_threshold": description.confidence_threshold,
                "confident_accuracy": description.confident_accuracy,
                "false_rejection": description.false_rejection,
                "temperature": description.temperature,
            },
            provenance=asdict(description.provenance),
            metrics=publishable_values(folder / bundles.EVALUATION),
            card=_text(folder / bundles.CARD),
            asked_at=asked.asked_at,
            trouble=asked.trouble,
            drift=asked.drift,
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
        text = _text(keeper.in_service().classifier.bundle.path / bundles.CARD)
        if text is None:
            raise Problem(404, "no-card", "the model in service has no card: train again")
        return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")

    return router


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
