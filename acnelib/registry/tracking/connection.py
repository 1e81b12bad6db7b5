"""The tracking server that stages write to, and the records of what was logged there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from acnelib.errors import TrackingFailed
from acnelib.registry.tracking import Tracking
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.config.settings import Settings

SIGNATURE = "ACNE_SIGNATURE"
"""The environment variable with the name that a person's decisions are signed with."""


def tracking_of(settings: Settings) -> Tracking:
    """Return the tracking server to write to.

    Raises:
        TrackingFailed: None was ever started or configured.
    """
    server = settings.server()
    if server is None:
        raise TrackingFailed("no tracking server to write to: run `acne up`, or set MLFLOW_TRACKING_URI")
    record = settings.stack_record()
    identity = str(record["id"]) if server == settings.embedded_url("mlflow") else server
    return Tracking(server=server.rstrip("/"), identity=identity, model_name=settings.model_name)


def written_record(settings: Settings, tracking: Tracking, stage: str, digest: str) -> Path:
    """Return the file that says what a stage logged to this server for inputs of this digest."""
    return Workspace(settings.workdir).record(stage, digest, tracking.place)


def signature() -> str:
    """Return the name that a person's decision is signed with: the one of the environment, never the account's."""
    return os.environ.get(SIGNATURE) or "not signed"
