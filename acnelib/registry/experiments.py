"""The experiment of a model: whether runs can be written to it, and to its artifacts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.text.redaction import without_logins

if TYPE_CHECKING:
    from acnelib.registry.rest import MlflowRest

DELETED = "deleted"
"""MLflow's word for an experiment that can be restored."""

PROBE = "acnelib-doctor"
"""Folder, among the artifacts, of the small file that is written and deleted again."""

STORE_REMEDY = (
    "`acne up` heals the embedded one; elsewhere, ask the administrator of the server whether it serves artifacts "
    "(--serve-artifacts) and may write to its store; its log says more"
)

_PROXIED = "mlflow-artifacts"
_FIRST = "0"  # of every server: the experiment Default


def check_experiment(rest: MlflowRest, name: str) -> None:
    """Check that runs can be written to the experiment of a model, which is made later if there is none.

    Raises:
        TrackingFailed: It was deleted, or the server does not answer as it should.
    """
    experiment = _by_name(rest, name)
    if experiment is not None and experiment.get("lifecycle_stage") == DELETED:
        raise deleted_experiment(name, str(experiment["experiment_id"]), server=without_logins(rest.server))


def check_artifacts(rest: MlflowRest, name: str) -> None:
    """Check that the artifacts of a model's runs can be written and read, if they go through the server.

    Raises:
        TrackingFailed: They cannot.
    """
    experiment = _by_name(rest, name)
    if experiment is None:
        try:
            experiment = rest.get("experiments/get", experiment_id=_FIRST, gives="experiment")
        except ModelUnavailable:
            return
    if urlsplit(str(experiment.get("artifact_location"))).scheme == _PROXIED:
        token = secrets.token_hex(8)
        try:
            rest.try_store(f"{PROBE}/{token}.txt", token.encode(), delete=False)
        except TrackingFailed as error:
            raise TrackingFailed(error.reason, remedy=error.remedy or STORE_REMEDY) from error


def deleted_experiment(name: str, experiment_id: str, *, server: str) -> TrackingFailed:
    """Return the failure that a deleted experiment is."""
    return TrackingFailed(
        f"the experiment {name!r} at {server} was deleted, so no run can be written",
        remedy=f"restore it (MLFLOW_TRACKING_URI={server} mlflow experiments restore --experiment-id {experiment_id}), "
        "or set ACNE_MODEL_NAME to another name",
    )


def _by_name(rest: MlflowRest, name: str) -> dict[str, Any] | None:
    try:
        return dict(rest.get("experiments/get-by-name", experiment_name=name, gives="experiment"))
    except ModelUnavailable:
        return None
