"""The run of a candidate: found again by the candidate's digest, so that a repeated stage writes into the same one."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from acnelib.errors import TrackingFailed
from acnelib.registry.abandoned import ABANDONED_TAG, OWNER_TAG, Owner, close_abandoned
from acnelib.registry.reading import ASSIGNMENTS_ARTIFACT
from acnelib.registry.rest import MlflowRest
from acnelib.registry.tracking.run_context import LOGGED_BY
from acnelib.storage.assignments import assignments_as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from mlflow import MlflowClient

    from acnelib.storage.assignments import Assignment

CANDIDATE_TAG = "acnelib.candidate"
_TRIES = 4  # uploads of an artifact
_BATCH = 1000  # metrics that MLflow takes at once


def find_or_create_run(client: MlflowClient, experiment_id: str, *, candidate: str, name: str) -> str:
    """Return the id of the run that belongs to a candidate, from now on in the hands of this process.

    Runs of the experiment that killed processes left open are closed on the way.
    """
    owner = Owner.here().written()
    found = client.search_runs([experiment_id], filter_string=f"tags.`{CANDIDATE_TAG}` = '{candidate}'", max_results=1)
    if not found:
        tags = {**LOGGED_BY, CANDIDATE_TAG: candidate, OWNER_TAG: owner}
        run_id = str(client.create_run(experiment_id, run_name=name, tags=tags).info.run_id)
    else:
        run_id = str(found[0].info.run_id)
        client.set_tag(run_id, OWNER_TAG, owner)  # before it is open again, so that no process takes it for abandoned
        if ABANDONED_TAG in found[0].data.tags:
            client.delete_tag(run_id, ABANDONED_TAG)
    close_abandoned(client.tracking_uri, experiments=[experiment_id])
    return run_id


@dataclass(frozen=True)
class CandidateRun:
    """An open run; what is logged twice is simply there once more, with the same value."""

    client: MlflowClient
    run_id: str

    def log_parameters(self, parameters: Mapping[str, str | float]) -> None:
        """Log what the candidate was made with; a parameter that a resumed run has keeps its value."""
        from mlflow.entities import Param

        known = self.client.get_run(self.run_id).data.params
        new = [Param(key, str(value)) for key, value in parameters.items() if key not in known]
        self.client.log_batch(self.run_id, params=new)

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Log how good it is."""
        now = round(time.time() * 1000)
        self.log_samples({key: [(now, value)] for key, value in metrics.items()})

    def log_samples(self, samples: Mapping[str, Sequence[tuple[int, float]]]) -> None:
        """Log what was measured while time went by: by name, pairs of a time (milliseconds since 1970) and a value."""
        from mlflow.entities import Metric

        metrics = [
            Metric(key, value, at, step) for key, pairs in samples.items() for step, (at, value) in enumerate(pairs)
        ]
        for start in range(0, len(metrics), _BATCH):
            self.client.log_batch(self.run_id, metrics=metrics[start : start + _BATCH])

    def log_tags(self, tags: Mapping[str, str]) -> None:
        """Log what is searched for later."""
        from mlflow.entities import RunTag

        self.client.log_batch(self.run_id, tags=[RunTag(key, value) for key, value in tags.items()])

    def log_photos(self, hashes: Sequence[str], labels: Sequence[str], *, name: str, context: str) -> None:
        """Log a data set: hashes and labels, never pixels or paths."""
        import mlflow
        import pandas as pd
        from mlflow.data.pandas_dataset import from_pandas

        table = pd.DataFrame({"sha256": hashes, "label": labels})
        mlflow.log_input(from_pandas(table, name=name, targets="label"), context=context)

    def log_assignments(self, assignments: Mapping[str, Assignment]) -> None:
        """Log what each photo, by hash, serves for: later splits start from it."""
        self.log_json(assignments_as_json(assignments), ASSIGNMENTS_ARTIFACT)

    def log_json(self, value: Any, path: str) -> None:
        """Log a JSON artifact."""
        self.log_text(json.dumps(value, indent=1), path)

    def log_text(self, text: str, path: str) -> None:
        """Log a text as an artifact, read it back, and log it again if it is not the same.

        Raises:
            TrackingFailed: The store keeps giving back other content than it was given.
        """
        root = self._artifacts
        for _ in range(_TRIES):
            self.client.log_text(self.run_id, text, path)
            if not root.startswith(("mlflow-artifacts:", "s3:")):
                return  # it cannot be read from here
            with contextlib.closing(MlflowRest(self.client.tracking_uri)) as rest:
                if rest.artifact(root, path, where=f"the run {self.run_id}") == text.encode():
                    return
        raise TrackingFailed(
            f"the artifact store of run {self.run_id} does not keep {path} as uploaded, {_TRIES} times: "
            "see to it, then run again"
        )

    @cached_property
    def _artifacts(self) -> str:
        """Where the run's artifacts are kept."""
        return str(self.client.get_run(self.run_id).info.artifact_uri)

    def log_figure(self, figure: Figure, path: str) -> None:
        """Log a plot."""
        self.client.log_figure(self.run_id, figure, path)
