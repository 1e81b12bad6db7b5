"""The ASGI application of the API."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import acnelib
from acnelib.api.access import PUBLIC_ROUTES, AuthMiddleware
from acnelib.api.bodies import RequestLimits
from acnelib.api.model_routes import model_routes
from acnelib.api.photos.routes import prediction_routes
from acnelib.api.problems import add_error_handlers
from acnelib.api.protocol import ProtocolMiddleware
from acnelib.api.runs.routes import run_routes
from acnelib.api.schemas import ErrorAnswer
from acnelib.api.service_routes import service_routes
from acnelib.api.swagger_ui import swagger_ui_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import ASGIApp

    from acnelib.api.access import Token
    from acnelib.api.limits import Limits
    from acnelib.api.model_service import ModelService
    from acnelib.api.photos.fetching import PhotoFetcher
    from acnelib.api.runs.processes import RunManager
    from acnelib.config.settings import Settings

TITLE = "acnelib"
DESCRIPTION = (
    "Classifies photos of acne and rosacea types, describes the model in service, trains new models and manages the "
    "embedded services. A research tool, not a diagnosis. Send the token as `Authorization: Bearer TOKEN`."
)
_ERROR = {"$ref": "#/components/schemas/ErrorAnswer"}
_FAILURES: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorAnswer, "description": "The token is missing or wrong."},
    408: {"model": ErrorAnswer, "description": "The request took too long to arrive."},
    413: {"model": ErrorAnswer, "description": "The request is too large."},
    422: {"model": ErrorAnswer, "description": "The request is not valid, or exceeds a limit."},
    503: {"model": ErrorAnswer, "description": "Not available at the moment."},
}


def create_app(
    *,
    settings: Settings,
    token: Token,
    model_service: ModelService,
    runs: RunManager,
    fetcher: PhotoFetcher,
    limits: Limits,
    stopping: Callable[[], bool] = lambda: False,
) -> ASGIApp:
    """Return the API.

    Args:
        settings: Location of the embedded stack.
        token: The token that clients send.
        model_service: The model in service.
        runs: Runs of the pipeline.
        fetcher: Fetches photos by URL.
        limits: The limits of one request.
        stopping: Whether the server is about to stop.
    """
    app = _framework(model_service, runs)
    app.include_router(prediction_routes(model_service, limits=limits, fetcher=fetcher))
    app.include_router(model_routes(model_service))
    app.include_router(run_routes(runs, limits=limits, stopping=stopping))
    app.include_router(service_routes(settings, runs=runs))
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]

    app.include_router(swagger_ui_routes(title=TITLE, openapi_url="/openapi.json"))
    return AuthMiddleware(RequestLimits(ProtocolMiddleware(app), limits=limits), token=token)


def _framework(model_service: ModelService, runs: RunManager) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with model_service.running():
            try:
                yield
            finally:
                await asyncio.to_thread(runs.end_all)

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=acnelib.__version__,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages load scripts from another host
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        responses=_FAILURES,
    )
    add_error_handlers(app)
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document: with the token where it is required, and every error in the common format."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, methods in document["paths"].items():
            for operation in methods.values():
                answers = operation["responses"]
                for code in [code for code in answers if code >= "400"]:
                    # FastAPI gives an error the media type of a success.
                    answers[code]["content"] = {"application/json": {"schema": _ERROR}}
                for code in [code for code in answers if code < "400"]:
                    answers[code]["description"] = "Done."
                if path in PUBLIC_ROUTES:
                    for code in map(str, _FAILURES):
                        del answers[code]
                else:
                    operation["security"] = [{"token": []}]
        app.openapi_schema = document
    return app.openapi_schema
