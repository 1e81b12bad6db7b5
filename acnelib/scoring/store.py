"""Pictures in an S3 bucket: their names and their bytes."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from acnelib.errors import ImageUnreadable, StorageFailed, UsageError
from acnelib.imaging import check_size
from acnelib.object_store import ENDPOINT
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.store_failures import failure_of_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.object_store import ObjectStore

_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<key>.*))?", re.DOTALL)
_GONE = {"NoSuchKey", "404", "NotFound"}


def is_key(name: str) -> bool:
    """Return whether a name refers to a bucket."""
    return name.startswith("s3://")


class BucketReader:
    """Reads from a store; its client is created on first use."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._made: Any = None

    def read(self, name: str) -> bytes:
        """Return the bytes of ``s3://BUCKET/KEY``.

        Raises:
            ImageUnreadable: There is no such key, or it is too large for a picture.
            StorageFailed: The store does not answer correctly.
        """
        bucket, key = _parts(name)
        with self._clear_failures(name):
            answer = self._client().get_object(Bucket=bucket, Key=key)
            with contextlib.closing(answer["Body"]) as body:
                check_size(int(answer["ContentLength"]), name)
                return bytes(body.read())

    def below(self, name: str) -> Iterator[str]:
        """Yield the names of the keys that begin with a prefix, without those of folders.

        Raises:
            StorageFailed: The store does not answer correctly.
        """
        bucket, key = _parts(name)
        with self._clear_failures(name):
            pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
            for page in pages:
                for entry in page.get("Contents", []):
                    if not entry["Key"].endswith("/"):
                        yield f"s3://{bucket}/{entry['Key']}"

    @staticmethod
    def is_store_failure(error: Exception) -> bool:
        """Return whether an error concerns the store and not a picture."""
        return isinstance(error, StorageFailed)

    def close(self) -> None:
        """Close the client, if there is one."""
        if self._made is not None:
            self._made.close()

    def _client(self) -> Any:
        if self._made is None:
            self._made = self._store.client()
        return self._made

    @contextlib.contextmanager
    def _clear_failures(self, name: str) -> Iterator[None]:
        """Convert errors of boto3 into one line with the place and the remedy."""
        from botocore import exceptions

        where = self._store.where
        try:
            yield
        except exceptions.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "unknown"))
            if code in _GONE:
                raise ImageUnreadable(f"{name} does not exist: check the key") from error
            failure = failure_of_client(error)
            raise StorageFailed(
                f"{name} cannot be read, {where} refuses ({failure.reason}): {failure.remedy}"
            ) from error
        except (exceptions.BotoCoreError, ValueError) as error:
            raise StorageFailed(
                f"{name} cannot be read, {where} does not answer as it should ({plain_reason(error)}): "
                f"run `acne up`, or check {ENDPOINT} and the AWS_* variables"
            ) from error


def _parts(name: str) -> tuple[str, str]:
    match = _ADDRESS.fullmatch(name)
    if match is None:
        raise UsageError(f"{name!r} is not an address in a store: write s3://BUCKET/PREFIX")
    return match["bucket"], match["key"] or ""
