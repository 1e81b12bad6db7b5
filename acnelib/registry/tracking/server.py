"""One tracking server: the runs of candidates, and the versions of the registered model."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from acnelib.config.confirmed_servers import check_confirmed
from acnelib.config.credentials import Credentials
from acnelib.config.loopback import keep_from_proxies
from acnelib.config.stack_login import own_login
from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.registry.experiments import DELETED, deleted_experiment
from acnelib.registry.login import stored_for
from acnelib.registry.reading import RegistryReader
from acnelib.registry.rest import MlflowRest
from acnelib.registry.tracking.run_context import logged_by_program
from acnelib.registry.tracking.runs import CandidateRun, find_or_create_run
from acnelib.registry.tracking.saved_view import VIEW
from acnelib.registry.tracking.versions import Versions
from acnelib.storage.files import digest_of, storage_failure
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.redaction import without_logins
from acnelib.text.server_words import safe_words
from acnelib.text.store_failures import failure_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow import MlflowClient

STORED_LOGIN = "acnelib"
"""The name by which MLflow asks for the login: the plugin in :mod:`acnelib.registry.tracking.stored_login`."""

_MODEL_TRAINING = "workflowType=machine_learning"  # else the UI opens in its GenAI mode, without a model registry

_LARGEST_ANSWER, _LONGEST_ANSWER = 2_000_000_000, 900.0  # bytes and seconds of an answer to MLflow's client

CLIENT_ENVIRONMENT = {
    # By default the client is sent to S3, which it need not be able to reach; the server hands out everything.
    "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "false",
    "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "false",
    # By default a dead server is hidden for four minutes; this is half a minute, which outlasts most faults.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "5",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "GIT_PYTHON_REFRESH": "quiet",
}


@dataclass(frozen=True)
class Tracking:
    """A tracking server and the experiment and model, of one name, that are kept there.

    Attributes:
        server: Its address.
        identity: What its records are kept by: the embedded stack's id, else the address.
        model_name: Name of the registered model and of the experiment.
    """

    server: str
    identity: str
    model_name: str

    @property
    def shown(self) -> str:
        """Its address in messages and links: without a login."""
        return without_logins(self.server)

    @property
    def place(self) -> str:
        """Digest of the server and the model, which the names of the records of what was logged here end with."""
        return digest_of(self.identity, self.model_name)

    @cached_property
    def client(self) -> MlflowClient:
        """The client; made on first use, for importing MLflow takes a second.

        Raises:
            TrackingFailed: The server does not answer, refuses, or is no MLflow server.
            SettingsInvalid: A login is set that names no server, and only the ``luigi.cfg`` of a folder names this one.
        """
        with contextlib.closing(MlflowRest(self.server)) as rest:
            try:  # it says what is wrong at once, and more clearly than MLflow does
                rest.get("experiments/search", max_results="1", gives="experiments", absent=[])
            except TrackingFailed as error:
                raise TrackingFailed(error.reason, remedy=f"{error.remedy}, then run again") from error
        if Path("~", ".mlflow", "credentials").expanduser().is_file():  # MLflow sends it to any server
            check_confirmed(self.server, os.environ)
        for name, value in CLIENT_ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        keep_from_proxies()
        if own_login(self.server):
            os.environ["MLFLOW_TRACKING_AUTH"] = STORED_LOGIN  # whatever login is set for another server
        elif Credentials.of_environment(os.environ) is None and stored_for(self.server, os.environ) is not None:
            os.environ.setdefault("MLFLOW_TRACKING_AUTH", STORED_LOGIN)
        import mlflow
        from mlflow.utils import request_utils

        from acnelib.bounded_http import BoundedAdapter

        # MLflow has no limit of its own for an answer that drips, or that unpacks to gigabytes.
        bounded = partial(BoundedAdapter, largest=_LARGEST_ANSWER, seconds=_LONGEST_ANSWER)
        request_utils.TCPKeepAliveHTTPAdapter = bounded  # type: ignore[misc,assignment] # sessions are made with it
        return mlflow.MlflowClient(self.server)

    @cached_property
    def experiment_id(self) -> str:
        """The experiment, made when there is none."""
        with self.failing_clearly():
            experiment = self.client.get_experiment_by_name(self.model_name)
            if experiment is None:
                return self._create_experiment()
            if experiment.lifecycle_stage == DELETED:
                raise deleted_experiment(self.model_name, str(experiment.experiment_id), server=self.shown)
            return str(experiment.experiment_id)

    def _create_experiment(self) -> str:
        """Create the experiment; a request that was sent again may find that it was made the first time."""
        from mlflow.exceptions import MlflowException

        try:
            return str(self.client.create_experiment(self.model_name))
        except MlflowException:
            made = self.client.get_experiment_by_name(self.model_name)
            if made is None or made.lifecycle_stage == DELETED:
                raise
            return str(made.experiment_id)

    def reader(self) -> RegistryReader:
        """Return a reader of the registered model."""
        return RegistryReader(self.server, model_name=self.model_name)

    @property
    def versions(self) -> Versions:
        """The registered model's versions."""
        return Versions(self.client, self.model_name)

    @contextlib.contextmanager
    def candidate_run(self, candidate: str, *, name: str, tags: dict[str, str], stage: str) -> Iterator[CandidateRun]:
        """Open or resume the one run of a candidate; it ends FINISHED, or FAILED when the block raises.

        Args:
            candidate: Digest of the candidate, by which its run is found again.
            name: Name of a new run.
            tags: Further tags.
            stage: The stage that works on it now.

        Raises:
            TrackingFailed: The server does not answer as it should.
        """
        import mlflow

        with self.failing_clearly(), self._meant_by_mlflow(), logged_by_program():
            run_id = find_or_create_run(self.client, self.experiment_id, candidate=candidate, name=name)
            with mlflow.start_run(run_id=run_id):
                self.client.set_tag(run_id, "acnelib.stage", stage)
                for key, value in tags.items():
                    self.client.set_tag(run_id, key, value)
                yield CandidateRun(client=self.client, run_id=run_id)

    @contextlib.contextmanager
    def _meant_by_mlflow(self) -> Iterator[None]:
        """Let MLflow's own functions mean this server, and no child process or later block by inheritance."""
        import mlflow

        before = os.environ.get("MLFLOW_TRACKING_URI")
        mlflow.set_tracking_uri(self.server)
        try:
            yield
        finally:
            mlflow.set_tracking_uri(None)  # type: ignore[arg-type] # it accepts None, despite its annotation
            if before is not None:
                os.environ["MLFLOW_TRACKING_URI"] = before

    def has_run(self, run_id: str) -> bool:
        """Say whether a run is there and not deleted.

        Raises:
            TrackingFailed: The server does not answer as it should.
        """
        with contextlib.closing(MlflowRest(self.server)) as rest:
            try:
                run = rest.get("runs/get", run_id=run_id, gives="run")
            except ModelUnavailable:
                return False
        return str(run["info"].get("lifecycle_stage")) == "active"

    def run_url(self, run_id: str) -> str:
        """Return where the MLflow UI shows a run."""
        return f"{self.shown}/#/experiments/{self.experiment_id}/runs/{run_id}?{_MODEL_TRAINING}"

    def runs_url(self) -> str:
        """Return where the MLflow UI lists the runs, with the columns of the saved view."""
        return f"{self.shown}/#/experiments/{self.experiment_id}/runs?viewStateShareKey={VIEW}&{_MODEL_TRAINING}"

    def comparison_url(self, run_ids: Sequence[str]) -> str | None:
        """Return where the MLflow UI compares runs; None for fewer than two."""
        if len(run_ids) < 2:
            return None
        runs = quote("[" + ",".join(f'"{run_id}"' for run_id in run_ids) + "]")
        experiments = quote(f'["{self.experiment_id}"]')
        return f"{self.shown}/#/compare-runs?runs={runs}&experiments={experiments}&{_MODEL_TRAINING}"

    def model_url(self) -> str:
        """Return where the MLflow UI shows the registered model."""
        return f"{self.shown}/#/models/{quote(self.model_name)}?{_MODEL_TRAINING}"

    def version_url(self, version: str) -> str:
        """Return where the MLflow UI shows a version of the registered model."""
        return f"{self.shown}/#/models/{quote(self.model_name)}/versions/{version}?{_MODEL_TRAINING}"

    @contextlib.contextmanager
    def failing_clearly(self) -> Iterator[None]:
        """Turn MLflow's errors into one clear line."""
        import requests
        from mlflow.exceptions import MlflowException

        try:
            yield
        except (MlflowException, requests.RequestException) as error:
            if os.strerror(errno.ENOSPC) in str(error):
                raise storage_failure(OSError(errno.ENOSPC, "no space", tempfile.gettempdir())) from error
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> TrackingFailed:
        """Return the failure that an error of MLflow's client is."""
        words = safe_words(f"{error}\n{error.__cause__ or ''}")
        stored = failure_in_words(f"{error}\n{error.__cause__ or ''}")
        if "/mlflow-artifacts/" in str(error).partition("\n")[0][:300] or stored:
            remedy = (
                f"where that server runs, {stored.remedy}"
                if stored
                else ("`acne up` heals the embedded one, `acne doctor` has details")
            )
            return TrackingFailed(
                f"the tracking server {self.shown} is up, but not its artifact store "
                f"({stored.reason if stored else words})",
                remedy=f"{remedy}; then run again",
            )
        return TrackingFailed(
            f"the tracking server {self.shown} failed ({plain_reason(error)})",
            remedy="see `acne status` and its log, then run again",
        )
