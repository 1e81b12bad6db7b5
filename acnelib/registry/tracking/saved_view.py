"""The view of the list of runs that is saved in the MLflow UI: its columns, their order and width.

MLflow (3.17) keeps a named view as a tag of the experiment, and opens it for an address with the parameter
``viewStateShareKey``. Plain parameters of the address can filter and sort the list, but not choose columns.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow import MlflowClient

VIEW = "acnelib"
"""Key of the view in addresses."""

VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
SIZE_METRIC = "model_megabytes"

_TITLE = "Candidates"

COLUMNS: Mapping[str, int] = {
    "metrics.`series_macro_f1`": 130,
    "metrics.`series_selective_accuracy`": 185,
    "metrics.`series_ece`": 95,
    f"metrics.`{SIZE_METRIC}`": 135,
    "tags.`acnelib.decision`": 135,
}
"""Columns that are chosen, in their order, each with its width in pixels."""

_ALWAYS_SHOWN: Mapping[str, int] = {"attributes.`Run Name`": 170, "runDateAndNestInfo": 130}


def save_view(client: MlflowClient, experiment_id: str, *, at: int) -> None:
    """Save the view in an experiment that has none; a view that people changed stays.

    Args:
        client: The tracking server's client.
        experiment_id: The experiment.
        at: The present time, in milliseconds since 1970.
    """
    if VIEW_TAG not in client.get_experiment(experiment_id).tags:
        client.set_experiment_tag(experiment_id, VIEW_TAG, _saved_view(at))


def _saved_view(at: int) -> str:
    widths = {**_ALWAYS_SHOWN, **COLUMNS}
    state = {
        "orderByKey": "attributes.start_time",
        "orderByAsc": False,
        "selectedColumns": list(COLUMNS),
        "columnOrder": list(widths),
        "columnWidths": widths,
    }
    return json.dumps({"name": _TITLE, "createdAt": at, "updatedAt": at, "state": json.dumps(state)})
