"""The routes of the embedded stack."""

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
        settings: Location of the stack.
        runs: The runs; while one is active, the stack cannot be stopped.
    """
    router = APIRouter(tags=["Services"], prefix="/v1/services")

    def current() -> ServicesAnswer:
        from acnelib.services import Stack

        services = Stack(settings).status()
        return ServicesAnswer(
            services={name: ServiceSchema(url=one.url, healthy=one.healthy) for name, one in services.items()}
        )

    @router.get("", summary="Show the embedded stack")
    def status() -> ServicesAnswer:
        """Return the status of the embedded S3 store, MLflow server and luigid."""
        return current()

    @router.post("/start", summary="Start the embedded stack")
    def start() -> ServicesAnswer:
        """Start or repair the embedded stack; returns when all services are healthy. Healthy services keep running."""
        from acnelib.services import Stack

        Stack(settings).up()
        return current()

    @router.post("/stop", summary="Stop the embedded stack", responses=_CONFLICT)
    def stop() -> ServicesAnswer:
        """Stop the embedded stack; its data and the model in service are kept."""
        from acnelib.services import Stack

        if (run := runs.running()) is not None:
            raise Problem(
                409,
                "run-in-progress",
                f"{run.description} needs the stack: wait for its end, or cancel it",
                details={"run": run.id},
            )
        Stack(settings).down()
        return current()

    return router
