"""The route that classifies photos."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request

from acnelib.api.photos.fetching import NotFetched
from acnelib.api.photos.predicting import failed
from acnelib.api.photos.uploads import ByteBudget, UrlsBody, announced, read_photos
from acnelib.api.schemas import ErrorAnswer, PredictionRow

if TYPE_CHECKING:
    from acnelib.api.limits import Limits
    from acnelib.api.model_service import ModelService, ServedModel
    from acnelib.api.photos.fetching import PhotoFetcher
    from acnelib.api.photos.uploads import Photo
    from acnelib.inference import Prediction

_FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "Photos: JPEG, PNG, HEIC, AVIF, WebP and every other format that Pillow decodes.",
        },
        "urls": {"type": "array", "items": {"type": "string"}, "description": "URLs of more photos.", "example": []},
    },
}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _FORM, "encoding": {"files": {"contentType": "image/*"}}},
        "application/json": {
            "schema": UrlsBody.model_json_schema(),
            "example": {"urls": ["https://example.org/cheek.jpg"]},
        },
    },
}
_FAILURES: dict[int | str, dict[str, Any]] = {
    408: {"model": ErrorAnswer, "description": "The request took too long to arrive."},
    413: {"model": ErrorAnswer, "description": "The request, or one of its photos, is too large."},
    415: {"model": ErrorAnswer, "description": "The media type is not supported."},
}


def prediction_routes(model_service: ModelService, *, limits: Limits, fetcher: PhotoFetcher) -> APIRouter:
    """Return the route that classifies photos.

    Args:
        model_service: The model in service.
        limits: The limits of one request.
        fetcher: Fetches photos by URL.
    """
    router = APIRouter(tags=["Predictions"])
    room = ByteBudget(limits.held_bytes)
    fetches = asyncio.Semaphore(limits.fetches)

    async def row(photo: Photo, loaded: ServedModel) -> Prediction:
        if photo.content is not None:
            return await model_service.predict(loaded, photo.content, name=photo.name, pixels=limits.pixels)
        async with fetches:
            try:
                content = await fetcher.fetch(photo.name)
            except NotFetched as error:
                return failed(f"{photo.name} {error}", name=photo.name, classifier=loaded.classifier)
            return await model_service.predict(loaded, content, name=photo.name, pixels=limits.pixels)

    @router.post(
        "/v1/predictions",
        summary="Classify photos",
        response_model=list[PredictionRow],
        responses=_FAILURES,
        openapi_extra={"requestBody": _BODY},
    )
    async def predict(request: Request) -> JSONResponse:
        """Classify one or more photos; a research tool, not a diagnosis.

        Send files as multipart/form-data (`files`), URLs as JSON (`urls`), or both in one form. The answer has one
        row per photo, in order, files first. A photo that cannot be read has a row with `error`. All rows come from the
        same version of the model, which each row names.
        """
        async with room.of(announced(request, limits)):
            loaded = model_service.in_service()
            photos = await read_photos(request, limits)
            rows = await asyncio.gather(*(row(photo, loaded) for photo in photos))
        return JSONResponse([prediction.as_dict() for prediction in rows])

    return router
