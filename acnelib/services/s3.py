"""The S3 store: nanio, which stores objects as files and requires signed requests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials

from acnelib.errors import ServiceFailed
from acnelib.services.ports import HOST
from acnelib.services.service import Service, ask
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.store_failures import failure_of_answer

if TYPE_CHECKING:
    from acnelib.services.credentials import StackCredentials

BUCKET = "acne"
REGION = "us-east-1"
LOG = "look at log/s3.log in the stack's folder"


class S3(Service):
    """The store of model bundles and plots, under ``s3/`` in the stack's folder."""

    name = "s3"
    title = "S3"
    data = ("s3",)

    def __init__(self, credentials: StackCredentials) -> None:
        self._credentials = credentials

    def command(self, port: int) -> list[str]:
        """Return the command line; the keys are in the environment, where only their owner can read them."""
        server = [sys.executable, "-m", "nanio", "serve", "--host", HOST, "--port", str(port)]
        # Presigned addresses would otherwise be written to the log.
        return [*server, "--data-dir", "s3", "--region", REGION, "--no-access-log", "--log-level", "warning"]

    def environment(self) -> dict[str, str]:
        """Return the keys."""
        return {
            "NANIO_ACCESS_KEY": self._credentials.access_key,
            "NANIO_SECRET_KEY": self._credentials.secret_key,
        }

    def answers(self, url: str, *, timeout: float) -> bool:
        """Return whether the store lists its buckets for requests signed with its keys."""
        try:
            response = self._signed("GET", url + "/", timeout=timeout)
        except requests.RequestException:
            return False
        return response.ok and "ListAllMyBucketsResult" in response.text

    def make_bucket(self, url: str) -> None:
        """Create the bucket unless it exists.

        Raises:
            ServiceFailed: The store does not create it.
        """
        try:
            response = self._signed("PUT", f"{url}/{BUCKET}", timeout=10)
        except requests.RequestException as error:
            raise ServiceFailed(f"S3 at {url} does not answer ({plain_reason(error)}): run `acne up` again") from error
        if not response.ok and response.status_code != requests.codes.conflict:
            reason, remedy = _reason_and_remedy(response)
            raise ServiceFailed(f"S3 at {url} does not create the bucket {BUCKET!r} ({reason})", remedy=remedy)

    def try_object(self, url: str, *, key: str, content: bytes) -> None:
        """Write a small object, read it back and delete it again.

        Raises:
            ServiceFailed: One of the three fails, or what was read is not what was written.
        """
        for method, data in (("PUT", content), ("GET", None), ("DELETE", None)):
            try:
                response = self._signed(method, f"{url}/{BUCKET}/{key}", timeout=10, data=data)
            except requests.RequestException as error:
                raise ServiceFailed(f"S3 at {url} does not answer ({plain_reason(error)}): run `acne up`") from error
            if not response.ok or (method == "GET" and response.content != content):
                what, remedy = ("returns other content", LOG) if response.ok else _reason_and_remedy(response)
                raise ServiceFailed(f"S3 at {url} fails ({method}: {what})", remedy=remedy)

    def _signed(self, method: str, url: str, *, timeout: float, data: bytes | None = None) -> requests.Response:
        # botocore's signature without boto3, whose import and client take longer than everything else here.
        request = AWSRequest(method=method, url=url, data=data)
        keys = AwsCredentials(self._credentials.access_key, self._credentials.secret_key)
        S3SigV4Auth(keys, "s3", REGION).add_auth(request)
        return ask(url, method=method, headers=dict(request.headers.items()), data=data, timeout=timeout)


def _reason_and_remedy(response: requests.Response) -> tuple[str, str]:
    """Return what an answer says, with the meaning of its code, and what helps."""
    failure = failure_of_answer(response.content, status=response.status_code)
    return f"HTTP {response.status_code}, {failure.reason}", f"{failure.remedy}; {LOG}"
