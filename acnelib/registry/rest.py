"""Requests to an MLflow server by REST: one session, short time-outs, clear errors; artifacts through it or from S3."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from acnelib.config.loopback import is_plain_loopback_url
from acnelib.config.tls import TlsOptions, is_encrypted
from acnelib.errors import ModelUnavailable, ServiceFailed, TrackingFailed
from acnelib.registry.server_failures import STORE_IS_DOWN, ServerFailures
from acnelib.text.plain_reasons import causes, plain_reason
from acnelib.text.redaction import without_logins
from acnelib.text.server_words import safe_words
from acnelib.text.store_failures import failure_of_client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

    from acnelib.bounded_http import BoundedAdapter
    from acnelib.config.credentials import Credentials

TIMEOUT = (2.0, 10.0)
"""Seconds to connect, and of silence, after which a server counts as down."""

WAITS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds before each further attempt of a request that may be repeated."""

LARGEST_ARTIFACT = 200_000_000
"""Most bytes of an artifact, unless its reader accepts another number."""

_PROXIED = "mlflow-artifacts"
_ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/"
_BUSY = frozenset({500, 502, 503, 504})
_DOWNLOAD_SECONDS = 900.0


class MlflowRest:
    """One tracking server; ``MLFLOW_TRACKING_TOKEN`` or ``_USERNAME`` and ``_PASSWORD`` mean what they always mean.

    Where none of them is set, what the user stored for this very address is sent.
    """

    def __init__(
        self, server: str, *, environ: Mapping[str, str] | None = None, credentials: Credentials | None = None
    ) -> None:
        """Make ready to ask a server.

        Args:
            server: Its address.
            environ: Environment variables; default those of this process.
            credentials: What to log in with, instead of what is set or stored.
        """
        if not server.startswith(("http://", "https://")):
            raise ModelUnavailable(
                f"the tracking server {without_logins(server)} has no HTTP address: set MLFLOW_TRACKING_URI to one, "
                "or name a bundle's folder with --model"
            )
        self.server = server.rstrip("/")
        self._environ = os.environ if environ is None else environ
        self._credentials = credentials
        self._made: requests.Session | None = None
        self._downloads: BoundedAdapter | None = None
        self._verify: bool | str = True
        self._failures = ServerFailures(server=self.server, variable=self._variable())

    def get(self, call: str, *, gives: str, absent: Any = None, **parameters: str) -> Any:
        """Return one member of the answer to a call; ``absent`` where MLflow leaves an empty one out.

        Raises:
            ModelUnavailable: The requested object does not exist.
            TrackingFailed: The server does not answer, refuses, or is no MLflow server.
        """
        response = self._request(f"{self.server}/api/2.0/mlflow/{call}", parameters)
        try:
            answer = dict(response.json())
        except (ValueError, TypeError) as error:
            raise self._failures.of_answer(response, call) from error
        if response.status_code in {400, 404} and answer.get("error_code") in {
            "RESOURCE_DOES_NOT_EXIST",
            "INVALID_PARAMETER_VALUE",
        }:
            message = safe_words(str(answer.get("message", "not found")), secrets=self._failures.secrets)
            raise ModelUnavailable(f"{message} (asked {self._failures.shown}): check the name")
        value = answer.get(gives, absent)
        if not response.ok or value is None:
            raise self._failures.of_answer(response, call)
        return value

    def artifact(self, root: str, path: str, *, where: str, largest: int = LARGEST_ARTIFACT) -> bytes:
        """Return the content of an artifact.

        Args:
            root: Address of its root as MLflow gives it: ``mlflow-artifacts:/…`` or ``s3://…``.
            path: Path below the root.
            where: What messages call the version or run.
            largest: Most bytes that are accepted.

        Raises:
            TrackingFailed: Server or store do not hand it out, or it is too large or too slow.
        """
        scheme = urlsplit(root).scheme
        if scheme == _PROXIED:
            return self._proxied(f"{urlsplit(root).path.strip('/')}/{path}", where, largest)
        if scheme == "s3":
            return self._from_s3(root, path, where, largest)
        raise TrackingFailed(
            f"{where} lies at {root}, which only its own machine can read: let the server hand out artifacts "
            "(mlflow server --serve-artifacts), or keep them in S3"
        )

    def store(self, root: str, path: str, content: bytes, *, where: str) -> None:
        """Store an artifact, in place of an earlier one.

        Args:
            root: Address of its root as MLflow gives it.
            path: Path below the root.
            content: Its content.
            where: What messages call the version or run.

        Raises:
            TrackingFailed: Server or store do not take it.
        """
        if urlsplit(root).scheme == "s3":
            with self._s3(root, path, where) as (client, bucket, key):
                client.put_object(Bucket=bucket, Key=key, Body=content)
            return
        if urlsplit(root).scheme != _PROXIED:
            raise TrackingFailed(f"{where} lies at {root}, which only its own machine can write: register it there")
        place = f"{urlsplit(root).path.strip('/')}/{path}"
        url = f"{self.server}{_ARTIFACTS}{quote(place)}"
        response = self._request(url, {}, method="PUT", data=content, repeats=True)
        if not response.ok:
            raise self._failures.of_answer(response, f"PUT of {path.rsplit('/', 1)[-1]}")

    def try_store(self, name: str, content: bytes, *, delete: bool = True) -> None:
        """Write a small artifact through the server, read it back and delete it again.

        Args:
            name: Its path among the artifacts.
            content: Its content.
            delete: Whether a store that keeps it counts as failing.

        Raises:
            TrackingFailed: One of the three fails, or what was read is not what was written.
        """
        url = f"{self.server}{_ARTIFACTS}{quote(name)}"
        for method, data in (("PUT", content), ("GET", None), ("DELETE", None)):
            response = self._request(url, {}, method=method, data=data)
            if response.ok and (method != "GET" or response.content == content):
                continue
            if method == "DELETE" and not delete:
                return
            if response.status_code in {401, 403, 413} and self._failures.of_store(response) is None:
                raise self._failures.of_answer(response, f"{method} of an artifact")
            what = "gives back something else" if response.ok else f"HTTP {response.status_code}"
            stored = None if response.ok else self._failures.of_store(response)
            raise TrackingFailed(
                f"the artifact store of {self._failures.shown} fails ({method}: {what})"
                f"{'' if response.ok else self._failures.words(response)}",
                remedy=stored.remedy if stored else "",
            )

    def close(self) -> None:
        """Close the connection, if there ever was one."""
        if self._made is not None:
            self._made.close()

    @property
    def _session(self) -> requests.Session:
        """The session; its library is imported with the first question, so that a cached model is there sooner."""
        if self._made is None:
            from acnelib.bounded_http import BoundedAdapter, bounded_session
            from acnelib.registry.login import auth_of

            credentials = self._login()
            self._made = bounded_session()
            self._downloads = BoundedAdapter(largest=LARGEST_ARTIFACT, seconds=_DOWNLOAD_SECONDS)
            self._made.mount(f"{self.server}{_ARTIFACTS}", self._downloads)
            self._made.headers["User-Agent"] = "acnelib"
            self._made.auth = auth_of(credentials)
            options = TlsOptions.of(self._environ) if is_encrypted(self.server) else TlsOptions()
            self._made.cert = options.client
            if not options.verify:
                import urllib3

                urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user chose so by a variable
            self._failures = ServerFailures(
                server=self.server,
                variable=self._variable(),
                is_entered=self._credentials is not None,
                has_login=bool(credentials) or "@" in urlsplit(self.server).netloc,
                own_authority=isinstance(options.verify, str),
                secrets=(credentials.token, credentials.password) if credentials else (),
            )
            self._verify = options.verify
            self._made.trust_env = not is_plain_loopback_url(self.server)  # else a proxy would have it, login and all
        return self._made

    def _variable(self) -> str | None:
        """Return the environment variable that names this very server; None where the address came from elsewhere."""
        from acnelib.config.settings import naming_variable

        name = naming_variable(self._environ)
        return name if name is not None and self._environ[name].strip().rstrip("/") == self.server else None

    def _login(self) -> Credentials | None:
        from acnelib.config.stack_login import own_login
        from acnelib.registry.login import credentials_for

        try:
            own = own_login(self.server, self._environ)
        except ServiceFailed as error:
            raise TrackingFailed(error.reason, remedy=error.remedy) from error
        if own is not None or self._credentials is not None:
            return own or self._credentials  # empty ones were given: no login, even if one is stored
        return credentials_for(self.server, self._environ)

    def _proxied(self, path: str, where: str, largest: int) -> bytes:
        _ = self._session
        if self._downloads is not None:
            self._downloads.largest = largest
        response = self._request(f"{self.server}{_ARTIFACTS}{quote(path)}", {})
        if not response.ok:
            stored = self._failures.of_store(response)
            raise TrackingFailed(
                f"{where}: {path.rsplit('/', 1)[-1]} cannot be downloaded (HTTP {response.status_code})"
                f"{self._failures.words(response)}",
                remedy=stored.remedy if stored else f"{STORE_IS_DOWN}; `acne doctor` tells",
            )
        return response.content

    def _from_s3(self, root: str, path: str, where: str, largest: int) -> bytes:
        from acnelib.bounded_http import read_object

        with self._s3(root, path, where) as (client, bucket, key):
            return read_object(client, bucket=bucket, key=key, largest=largest)

    @contextlib.contextmanager
    def _s3(self, root: str, path: str, where: str) -> Iterator[tuple[Any, str, str]]:
        """Yield a client, a bucket and a key; errors within the block become clear ones."""
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
            from urllib3.exceptions import HTTPError

            from acnelib.bounded_http import bound_client
        except ImportError as error:
            raise TrackingFailed(f"{where} lies at {root}, which needs boto3: pip install boto3") from error
        bucket, key = urlsplit(root).netloc, f"{urlsplit(root).path.strip('/')}/{path}"
        config = Config(connect_timeout=TIMEOUT[0], read_timeout=TIMEOUT[1], retries={"total_max_attempts": 4})
        endpoint = self._environ.get("MLFLOW_S3_ENDPOINT_URL") or None
        try:
            verify = False if self._environ.get("MLFLOW_S3_IGNORE_TLS", "").lower() in {"true", "1"} else None
            store = boto3.client("s3", endpoint_url=endpoint, config=config, verify=verify)
            bound_client(store, seconds=_DOWNLOAD_SECONDS)
            yield store, bucket, key
        except ClientError as error:
            failure = failure_of_client(error)
            raise TrackingFailed(
                f"{where}: {path.rsplit('/', 1)[-1]} cannot be had from s3://{bucket} ({failure.reason})",
                remedy=f"{failure.remedy}, check MLFLOW_S3_ENDPOINT_URL, or the version is none of acnelib's",
            ) from error
        except (BotoCoreError, HTTPError, ValueError) as error:
            raise TrackingFailed(
                f"{where}: {path.rsplit('/', 1)[-1]} cannot be had from s3://{bucket} ({plain_reason(error)})",
                remedy="check AWS_* and MLFLOW_S3_ENDPOINT_URL, or the version is none of acnelib's",
            ) from error

    def _request(
        self,
        url: str,
        parameters: Mapping[str, str],
        *,
        method: str = "GET",
        data: bytes | None = None,
        repeats: bool = False,
    ) -> requests.Response:
        """Send a request; one that reads, or may be repeated, is sent again after failures that may pass."""
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        session = self._session
        waits = list(WAITS) if method == "GET" or repeats else []
        while True:
            try:
                response = session.request(
                    method, url, params=parameters, data=data, timeout=TIMEOUT, verify=self._verify
                )
            except (RequestException, HTTPError, OSError) as error:  # HTTPError: where the host's name cannot be one
                if not (waits and _may_pass(error)):
                    raise self._failures.of_error(error) from error
            else:
                if not (waits and response.status_code in _BUSY):
                    return response
            time.sleep(waits.pop(0))


def _may_pass(error: Exception) -> bool:
    """Return whether a connection broke; one that is refused, silent or not trusted stays so for longer."""
    names = {type(cause).__name__ for cause in causes(error)}
    broken = {"RemoteDisconnected", "ConnectionResetError", "BrokenPipeError", "IncompleteRead", "InvalidChunkLength"}
    return bool(names & broken)
