"""Reading the registry by REST: look a version up, download its bundle, keep it in the cache.

MLflow itself is not needed, and its import would cost a second. The alias says which version is in production;
the deprecated stage is asked only where a server has no such alias.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, ModelUnavailable, TrackingFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIMEOUT = (2.0, 10.0)
"""Seconds to connect, and of silence, after which a server counts as down."""

BUNDLE_IN_VERSION = "artifacts/bundle"
"""Where the bundle lies in a registered version: among the artifacts of its pyfunc model."""

BUNDLE_TAG = "acnelib.bundle_sha256"
_PROXIED = "mlflow-artifacts:/"
_STAGES = {"production": "Production", "staging": "Staging"}


@dataclass(frozen=True, kw_only=True)
class RegisteredVersion:
    """A registered version as the server describes it.

    Attributes:
        version: Its number.
        stage: Its stage, a mirror of the alias.
        run_id: The run that made it; None when it names none.
        bundle_sha256: Digest of its bundle's SHA256SUMS; None when it is not one of ours.
    """

    version: str
    stage: str
    run_id: str | None
    bundle_sha256: str | None


class RegistryReader:
    """Asks one tracking server about one registered model."""

    def __init__(self, server: str, *, model_name: str, environ: Mapping[str, str] | None = None) -> None:
        if not server.startswith(("http://", "https://")):
            raise ModelUnavailable(
                f"the tracking server {server} has no HTTP address: set MLFLOW_TRACKING_URI to one, "
                "or name a bundle's folder with --model"
            )
        self.server = server.rstrip("/")
        self.model_name = model_name
        environ = os.environ if environ is None else environ
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "acnelib"
        if token := environ.get("MLFLOW_TRACKING_TOKEN"):
            self._session.headers["Authorization"] = f"Bearer {token}"
        elif username := environ.get("MLFLOW_TRACKING_USERNAME"):
            self._session.auth = (username, environ.get("MLFLOW_TRACKING_PASSWORD", ""))

    def find(self, name: str) -> RegisteredVersion:
        """Return the version that a name means: ``production``, ``staging`` or a number.

        Raises:
            ModelUnavailable: The server knows no such version.
            TrackingFailed: The server cannot be asked, or answers nonsense.
        """
        return self._by_alias(name) if name in _STAGES else self._by_number(name)

    def download(self, version: RegisteredVersion, into: Path) -> None:
        """Download a version's bundle into an empty folder, each file checked against SHA256SUMS.

        Raises:
            BundleInvalid: The version holds no bundle, or another one than its tag says.
            TrackingFailed: The server or its artifact store does not answer.
        """
        where = f"version {version.version} of {self.model_name} at {self.server}"
        uri = str(
            self._get(
                "model-versions/get-download-uri", name=self.model_name, version=version.version, gives="artifact_uri"
            )
        )
        if not uri.startswith(_PROXIED):
            raise TrackingFailed(f"{where} lies at {uri}, which this server does not hand out: let it proxy artifacts")
        root = f"{uri.removeprefix(_PROXIED).lstrip('/')}/{BUNDLE_IN_VERSION}"
        sums = self._artifact(f"{root}/{bundles.SUMS}", where)
        expected = bundles.parse_sums(sums, where=f"{where}: {bundles.SUMS}")
        for name in expected:
            (into / name).write_bytes(self._artifact(f"{root}/{name}", where))
        (into / bundles.SUMS).write_bytes(sums)
        opened = bundles.open_bundle(into)
        if version.bundle_sha256 and opened.sha256 != version.bundle_sha256:
            raise BundleInvalid(f"{where} holds another bundle than its tag {BUNDLE_TAG} says: register it again")

    def _by_alias(self, alias: str) -> RegisteredVersion:
        try:
            return _version(
                self._get("registered-models/alias", name=self.model_name, alias=alias, gives="model_version")
            )
        except ModelUnavailable:
            return self._by_stage(alias)

    def _by_stage(self, alias: str) -> RegisteredVersion:
        call = "registered-models/get-latest-versions"
        latest = self._get(call, name=self.model_name, stages=_STAGES[alias], gives="model_versions", absent=[])
        versions = sorted(map(_version, latest), key=lambda version: int(version.version))
        if not versions:
            raise ModelUnavailable(
                f"{self.model_name} has no {alias} version at {self.server}: run `acne pipeline`, or name a version"
            )
        return versions[-1]

    def _by_number(self, number: str) -> RegisteredVersion:
        return _version(self._get("model-versions/get", name=self.model_name, version=number, gives="model_version"))

    def _get(self, call: str, *, gives: str, absent: Any = None, **parameters: str) -> Any:
        """Return one member of the answer to a call; ``absent`` where MLflow leaves an empty one out."""
        response = self._request(f"{self.server}/api/2.0/mlflow/{call}", parameters)
        if response.status_code in {401, 403}:  # in words, not in JSON
            raise TrackingFailed(
                f"{self.server} refuses to answer (HTTP {response.status_code}): "
                "set MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN"
            )
        foreign = f"{self.server} is no MLflow server ({call} gave HTTP {response.status_code}): check the address"
        try:
            answer = dict(response.json())
        except (ValueError, TypeError) as error:
            raise TrackingFailed(foreign) from error
        if response.status_code in {400, 404} and answer.get("error_code") in {
            "RESOURCE_DOES_NOT_EXIST",
            "INVALID_PARAMETER_VALUE",
        }:
            raise ModelUnavailable(f"{answer.get('message', 'not found')} (asked {self.server}): check the name")
        if not response.ok and "error_code" in answer:
            raise TrackingFailed(f"{self.server} answered HTTP {response.status_code} to {call}: look at its log")
        value = answer.get(gives, absent)
        if not response.ok or value is None:
            raise TrackingFailed(foreign)
        return value

    def _artifact(self, path: str, where: str) -> bytes:
        response = self._request(f"{self.server}/api/2.0/mlflow-artifacts/artifacts/{path}", {})
        if not response.ok:
            raise TrackingFailed(
                f"{where}: {path.rsplit('/', 1)[-1]} cannot be downloaded (HTTP {response.status_code}): "
                "its artifact store is down, or the version is no bundle of acnelib"
            )
        return response.content

    def _request(self, url: str, parameters: Mapping[str, str]) -> requests.Response:
        try:
            return self._session.get(url, params=parameters, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise TrackingFailed(
                f"the tracking server {self.server} does not answer ({type(error).__name__}): "
                "start it (`acne up` for the embedded one) or check MLFLOW_TRACKING_URI"
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def _version(values: Mapping[str, Any]) -> RegisteredVersion:
    tags = {tag["key"]: tag["value"] for tag in values.get("tags", [])}
    return RegisteredVersion(
        version=str(values["version"]),
        stage=str(values.get("current_stage", "None")),
        run_id=values.get("run_id") or None,
        bundle_sha256=tags.get(BUNDLE_TAG),
    )
