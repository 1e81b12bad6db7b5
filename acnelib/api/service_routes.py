"""The routes that look after the embedded stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from acnelib.api.problems import Problem
from acnelib.api.schemas import ErrorAnswer, ServicesAnswer, ServiceSchema

if TYPE_CHECKING:
    from acnelib.api.runs.processes import RunManager
    from acnelib.config.settings import Settings

_CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": ErrorAnswer, "description": "A run is using it."}}


def service_routes(settings: Settings, *, runs: RunManager) -> APIRouter:
    """Return the routes of the embedded stack.

    Args:
        settings: Where the stack is.
        runs: A run under way keeps the stack from being stopped.
    """
    router = APIRouter(tags=["Services"], prefix="/v1/services")

    def told() -> ServicesAnswer:
        from acnelib.services import Stack

        services = Stack(settings).status()
        return ServicesAnswer(
            services={name: ServiceSchema(url=one.url, healthy=one.healthy) for name, one in services.items()}
        )

    @router.get("", summary="Look at the embedded stack")
    def status() -> ServicesAnswer:
        """Return how the embedded S3 store, MLflow server and luigid are."""
        return told()

    @router.post("/start", summary="Start the embedded stack")
    def start() -> ServicesAnswer:
        """Start the embedded stack, or heal it; answers once it is well, and leaves alone what is."""
        from acnelib.services import Stack

        Stack(settings).up()
        return told()

    @router.post("/stop", summary="Stop the embedded stack", responses=_CONFLICT)
    def stop() -> ServicesAnswer:
        """Stop the embedded stack; its data stay, and so does the model in service."""
        from acnelib.services import Stack

        if (run := runs.running()) is not None:
            raise Problem(
                409,
                "run-in-progress",
                f"run {run.id} of {run.source} needs the stack: let it end, or cancel it",
                details={"run": run.id},
            )
        Stack(settings).down()
        return told()

    return router
