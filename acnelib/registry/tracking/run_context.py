"""What MLflow writes down of who and what logs: this program, and neither a person nor a path nor a repository."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = "acnelib"

LOGGED_BY = {"mlflow.user": PROGRAM, "mlflow.source.name": "acne pipeline", "mlflow.source.type": "JOB"}
"""The user and the source of runs, models and data sets as the MLflow UI shows them."""


class ProgramContext:
    """The one provider of MLflow's tags: its own read the account, the command line and the repository around it."""

    def in_context(self) -> bool:
        """Return that it always applies."""
        return True

    def tags(self) -> dict[str, str]:
        """Return the tags."""
        return dict(LOGGED_BY)


@contextlib.contextmanager
def logged_by_program() -> Iterator[None]:
    """Let MLflow write the tags of this program where it would write its own, until the block ends."""
    from mlflow.tracking.context import registry

    providers = registry._run_context_provider_registry._registry  # noqa: SLF001 - it can be extended only
    before = list(providers)
    providers[:] = [ProgramContext()]
    try:
        yield
    finally:
        providers[:] = before
