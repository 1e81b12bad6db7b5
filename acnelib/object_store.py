"""The S3 store of ``s3://`` addresses on this machine, and its client."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.config.settings import Settings

ENDPOINT = "MLFLOW_S3_ENDPOINT_URL"
"""The environment variable that names a store other than Amazon's, as in MLflow."""

_NAMING = (
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)  # others, such as a bundle of certificates or a region, say nothing of which store is meant

_CONNECT_SECONDS, _SILENT_SECONDS = 5, 60
_LONGEST_ANSWER = 900.0  # seconds


@dataclass(frozen=True, kw_only=True)
class ObjectStore:
    """The address and the keys of a store, which are sent to every worker.

    Attributes:
        endpoint: Address of the store; None: Amazon's, or what ``AWS_ENDPOINT_URL`` says.
        keys: Access key and secret of the embedded store; None: the ``AWS_*`` variables have them.
    """

    endpoint: str | None = None
    keys: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"ObjectStore(endpoint={self.endpoint!r})"

    @classmethod
    def of(cls, settings: Settings, *, environ: Mapping[str, str] | None = None) -> ObjectStore:
        """Return the store of ``s3://`` addresses: the embedded one, if its tracking server is in use.

        :data:`ENDPOINT`, and the ``AWS_*`` that name a store, an account or its keys, take precedence.

        Args:
            settings: Location of the embedded stack.
            environ: Environment variables; default those of this process.
        """
        environ = os.environ if environ is None else environ
        endpoint = environ.get(ENDPOINT) or None
        embedded = settings.embedded_url("mlflow")
        is_named = endpoint or any(environ.get(name) for name in _NAMING)
        if is_named or embedded is None or settings.server() != embedded:
            return cls(endpoint=endpoint)
        from acnelib.services import Stack

        keys = Stack(settings).credentials()
        return cls(endpoint=settings.embedded_url("s3"), keys=(keys.access_key, keys.secret_key))

    @property
    def is_embedded(self) -> bool:
        """Whether it belongs to the embedded stack."""
        return self.keys is not None

    @property
    def where(self) -> str:
        """Name of the store in messages."""
        return f"the S3 store at {self.endpoint}" if self.endpoint else "the S3 store"

    def client(self) -> Any:
        """Return a client of boto3.

        Raises:
            ValueError: The endpoint is no address.
        """
        import boto3
        from botocore.config import Config

        logging.getLogger("botocore").setLevel(logging.INFO)  # its debug log has the keys' names and signatures
        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_SILENT_SECONDS,
            retries={"total_max_attempts": 5, "mode": "standard"},
            request_checksum_calculation="when_required",  # stores other than Amazon's know no other
            response_checksum_validation="when_required",
            proxies={} if self.is_embedded else None,
        )
        options: dict[str, Any] = {}
        if self.keys:
            access, secret = self.keys
            options = {"aws_access_key_id": access, "aws_secret_access_key": secret, "region_name": "us-east-1"}
        if os.environ.get("MLFLOW_S3_IGNORE_TLS", "").lower() in {"true", "1"}:
            options["verify"] = False
        from acnelib.bounded_http import bound_client

        client = boto3.session.Session().client("s3", endpoint_url=self.endpoint, config=config, **options)
        bound_client(client, seconds=_LONGEST_ANSWER)
        return client
