"""The MLflow server: experiments and registered models in SQLite, artifacts passed on to the S3 store."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import requests

from acnelib.guard.mlflow_app import APP
from acnelib.services.ports import HOST
from acnelib.services.s3 import BUCKET, REGION
from acnelib.services.service import Service, ask

if TYPE_CHECKING:
    from acnelib.services.credentials import StackCredentials


class MlflowServer(Service):
    """The tracking server and registry over ``mlflow.db`` in the stack's folder."""

    name = "mlflow"
    title = "MLflow server"
    data = ("mlflow.db", "mlflow.db-wal", "mlflow.db-shm", "mlflow.db-journal")

    def __init__(self, credentials: StackCredentials, *, s3_url: str) -> None:
        self._credentials = credentials
        self._s3_url = s3_url

    def command(self, port: int) -> list[str]:
        """Return the command line."""
        server = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1"]
        # A relative address: in an absolute one MLflow misreads a folder that has %, # or ? in its name.
        stores = ["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", f"s3://{BUCKET}/mlflow"]
        return [*server, *stores, "--app-name", APP, "--uvicorn-opts", "--no-access-log"]

    def environment(self) -> dict[str, str]:
        """Return where the artifacts go, the keys for it, and the login that the server asks for."""
        return {
            **self._credentials.login.variables,
            "AWS_ACCESS_KEY_ID": self._credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": self._credentials.secret_key,
            "AWS_DEFAULT_REGION": REGION,
            # What the user set up for Amazon's own S3 would be applied to ours.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_RETRY_MODE": "standard",
            "AWS_MAX_ATTEMPTS": "6",
            "MLFLOW_S3_ENDPOINT_URL": self._s3_url,
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",  # its log would be full of them
            # On, it starts a dozen more processes and takes 2 GB.
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        }

    def answers(self, url: str, *, timeout: float) -> bool:
        """Say whether the server calls itself well and tells its version."""
        try:
            health = ask(f"{url}/health", timeout=timeout)
            version = ask(f"{url}/version", timeout=timeout)
        except requests.RequestException:
            return False
        return health.ok and health.text == "OK" and version.ok and version.text[:1].isdigit()
